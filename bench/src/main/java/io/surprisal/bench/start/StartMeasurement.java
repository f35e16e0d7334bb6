package io.surprisal.bench.start;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.Kernel;
import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.console.ChildJvm;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cold start of every kernel, with and without {@link Kernel#warmUp()}.
 *
 * @param shape of the batch
 * @param forks JVMs for each figure
 * @param seconds that each JVM calls
 */
public record StartMeasurement(String shape, int forks, int seconds) {
  /** The batch that is measured unless another is asked for. */
  public static final String SHAPE = "32x1000";

  /**
   * Medians over JVMs.
   *
   * @param kernel its name
   * @param warmed whether it was warmed up first
   * @param numbers as {@link StartingJvm} prints them
   */
  record Figure(String kernel, boolean warmed, List<Double> numbers) {}

  /** Measures and returns the report. */
  public ObjectNode document(Machine machine) throws InputException {
    return document(machine, run());
  }

  List<Figure> run() throws InputException {
    List<Figure> figures = new ArrayList<>();
    List<String> kernels = Kernel.names();
    try (Progress progress = new Progress("start", 2L * kernels.size())) {
      for (String kernel : kernels) {
        for (boolean warmed : new boolean[] {false, true}) {
          progress.at(figures.size(), kernel);
          figures.add(new Figure(kernel, warmed, medians(kernel, warmed)));
        }
      }
    }
    return figures;
  }

  private List<Double> medians(String kernel, boolean warmed) throws InputException {
    List<List<Double>> runs = new ArrayList<>();
    for (int i = 0; i < forks; i++) {
      List<String> arguments =
          List.of(kernel, shape, Boolean.toString(warmed), Integer.toString(seconds));
      new ChildJvm(StartingJvm.class, "starts " + kernel)
          .run(
              arguments,
              StartingJvm.FIGURES,
              line -> runs.add(Stream.of(line.split(" ", -1)).map(Double::valueOf).toList()));
    }
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < runs.getFirst().size(); i++) {
      int number = i;
      medians.add(Stopwatch.median(runs.stream().map(run -> run.get(number)).toList()));
    }
    return medians;
  }

  ObjectNode document(Machine machine, List<Figure> figures) {
    ObjectNode document = ReportJson.document(machine);
    document.put("shape", shape).put("operation", "forwardAndGradient").put("forks", forks);
    ArrayNode results = document.putArray("results");
    for (Figure figure : figures) {
      results
          .addObject()
          .put("kernel", figure.kernel)
          .put("warmUp", figure.warmed)
          .put("firstResultMillis", ReportJson.number(figure.numbers.get(0)))
          .put("warmUpMillis", ReportJson.number(figure.numbers.get(1)))
          .put("firstCallMicros", ReportJson.number(figure.numbers.get(2)))
          .put("fullSpeedMillis", ReportJson.number(figure.numbers.get(3)))
          .put("steadyCallMicros", ReportJson.number(figure.numbers.get(4)));
    }
    return document;
  }
}
