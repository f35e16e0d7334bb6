package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Dots;
import io.surprisal.bench.draw.Dots.Dot;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Panel;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Errors of losses and gradients, root mean square and largest, by kernel and kind of logits. */
final class ErrorPicture {
  /** Promised by the documentation of {@link io.surprisal.CrossEntropy}, in ulp. */
  private static final double PROMISED = 4;

  /** The usual computation goes up to millions; below this all are as good as exact. */
  private static final double LEAST = 0.1;

  private final JsonNode document;
  private final Scale scale;

  private ErrorPicture(JsonNode document) {
    this.document = document;
    double largest = PROMISED;
    for (String quantity : List.of("loss", "gradient")) {
      for (JsonNode result : document.path("results")) {
        largest = Math.max(largest, error(result, quantity, "maxUlp"));
      }
    }
    scale = Scale.logarithmic(LEAST, Math.pow(10, Math.ceil(Math.log10(largest))));
  }

  private static double error(JsonNode result, String quantity, String name) {
    return result.path(quantity).path(name).asDouble(Double.MAX_VALUE);
  }

  static Picture of(JsonNode document) {
    ErrorPicture picture = new ErrorPicture(document);
    List<Picture.Key> key = new ArrayList<>();
    for (String name : picture.names()) {
      key.add(
          new Picture.Key(name, name.equals("usual") ? "the usual computation in float" : name));
    }
    key.add(new Picture.Key("roof round open", "root mean square"));
    key.add(new Picture.Key("roof round", "largest"));
    return new Picture(
        "errors",
        "Error against the definition in double",
        key,
        List.of(picture.panel("loss", "Loss"), picture.panel("gradient", "Gradient")),
        List.of(picture.sentence()));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    document.path("results").forEach(result -> names.add(result.path("computedBy").textValue()));
    return names.stream().distinct().toList();
  }

  private Panel panel(String quantity, String title) {
    Dots dots = new Dots(title, new Axis("units in the last place (ulp)", scale));
    Map<String, List<Dot>> groups = new LinkedHashMap<>();
    List<String> read = new ArrayList<>();
    for (JsonNode result : document.path("results")) {
      String batch = result.path("batch").textValue();
      String name = result.path("computedBy").textValue();
      double rms = error(result, quantity, "rmsUlp");
      double max = error(result, quantity, "maxUlp");
      groups.computeIfAbsent(batch, b -> new ArrayList<>()).add(new Dot(name, rms, max));
      read.add(batch + " by " + name + " " + Numbers.three(rms) + " and " + Numbers.three(max));
    }
    groups.forEach((batch, group) -> dots.add(new Dots.Group(batch, group)));
    return dots.panel(
        PROMISED,
        "promised: " + Numbers.plain(PROMISED),
        "Error of the "
            + quantity
            + " in ulp, root mean square and largest: "
            + String.join(", ", read)
            + ".");
  }

  private String sentence() {
    double ours = 0;
    double usual = 0;
    for (JsonNode result : document.path("results")) {
      double loss = error(result, "loss", "maxUlp");
      if (result.path("computedBy").textValue().equals("usual")) {
        usual = Math.max(usual, loss);
      } else {
        ours = Math.max(ours, loss);
      }
    }
    return "Rows of 1000 classes, "
        + document.path("rows").intValue()
        + " of each kind; a gradient's ulp is that of the largest term of the entry's formula. No"
        + " loss of the library is further from the exact one than "
        + Numbers.three(ours)
        + " ulp. The usual computation in float, log(sum(exp(x − max))) − (x_label − max), is up to"
        + " "
        + Numbers.three(usual)
        + " ulp away where the label is far ahead or the logits are far apart.";
  }

  /** The largest error of a loss by a kernel. */
  static double largestLossError(JsonNode document, String kernel) {
    double largest = 0;
    for (JsonNode result : document.path("results")) {
      if (result.path("computedBy").textValue().equals(kernel)) {
        largest = Math.max(largest, error(result, "loss", "maxUlp"));
      }
    }
    return largest;
  }
}
