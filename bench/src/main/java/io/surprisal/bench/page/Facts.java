package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.bench.draw.Markup;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.workload.Cell;
import java.util.Comparator;
import java.util.List;

/** The few numbers that are read first. */
final class Facts {
  private final Markup list = Markup.of("ul", "facts");

  private Facts() {}

  static Markup of(Findings findings) {
    Facts facts = new Facts();
    findings.speeds(ReportFile.COMPARE).filter(Speeds::hasBoth).ifPresent(facts::addSpeeds);
    findings.get(ReportFile.ERRORS).ifPresent(facts::addErrors);
    findings.get(ReportFile.START).ifPresent(facts::addStart);
    return facts.list;
  }

  private void add(String number, String words) {
    list.add(Markup.of("li").add(Markup.of("b").text(number)).text(words));
  }

  private void addSpeeds(Speeds speeds) {
    int threads = speeds.threads().getFirst();
    List<Double> ratios =
        speeds.cells().stream()
            .filter(cell -> cell.threads() == threads)
            .map(cell -> speeds.ratio(cell, Speeds.VECTOR, Speeds.SCALAR))
            .toList();
    add(
        Words.range(ratios) + "×",
        "as fast as scalar Java, over shapes and operations, on " + Words.threads(threads));
    Cell fastest =
        speeds.cells().stream()
            .max(Comparator.comparingDouble(cell -> speeds.giga(cell, Speeds.VECTOR)))
            .orElseThrow();
    add(
        Numbers.three(speeds.giga(fastest, Speeds.VECTOR)) + "·10⁹",
        "logits a second at most: "
            + fastest.operation()
            + " of "
            + Words.shape(fastest.shape())
            + " on "
            + Words.threads(fastest.threads()));
  }

  private void addErrors(JsonNode document) {
    double largest = ErrorPicture.largestLossError(document, Speeds.VECTOR);
    if (largest > 0) {
      add(Numbers.three(largest) + " ulp", "largest error of a loss by the vector kernel");
    }
  }

  private void addStart(JsonNode document) {
    for (JsonNode result : document.path("results")) {
      if (result.path("kernel").textValue().equals(Speeds.VECTOR)
          && !result.path("warmUp").booleanValue()) {
        double millis = result.path("fullSpeedMillis").doubleValue();
        add(Numbers.fixed(millis / 1000, 1) + " s", "from the JVM's start to full speed");
      }
    }
  }
}
