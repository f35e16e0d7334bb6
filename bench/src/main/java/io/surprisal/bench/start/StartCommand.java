package io.surprisal.bench.start;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.Kernel;
import io.surprisal.bench.compare.Machine;
import io.surprisal.bench.compare.ReportJson;
import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.console.ChildJvm;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.console.Repository;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surprisal start}. */
@Command(
    name = "start",
    description = {
      "Measures the cold start: the time from a JVM's start to the first result and to full speed,"
          + " by each kernel, with and without Kernel.warmUp().",
      "",
      "Each figure is the median of several JVMs. Takes about a minute and a half."
    },
    footer = {"", "Exit code: 0 measured, 2 wrong usage.", "Example: surprisal start --forks 1"})
public final class StartCommand implements Callable<Integer> {
  private static final int[] WIDTHS = {12, 9, 12, 12, 12, 12};

  @Spec private CommandSpec spec;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "3",
      description = "JVMs for each figure (default: ${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      defaultValue = "32x1000",
      description =
          "Rows x classes of the batch, whose gradient is computed again and again"
              + " (default: ${DEFAULT-VALUE}).")
  private String shape;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long each JVM calls (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the figures go (default: bench/target/report/start.json).")
  private Path json;

  /**
   * Medians over JVMs.
   *
   * @param kernel its name
   * @param warmed whether it was warmed up first
   * @param numbers as {@link StartingJvm} prints them
   */
  private record Figure(String kernel, boolean warmed, List<Double> numbers) {}

  @Override
  public Integer call() throws InputException {
    check();
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    machine.print(out);
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
    print(figures, out);
    Path file = json != null ? json : Repository.target().resolve("report/start.json");
    ReportJson.write(document(machine, figures), file);
    out.println("Written: " + file);
    return 0;
  }

  private void check() throws InputException {
    try {
      Shape.parse(shape);
    } catch (IllegalArgumentException e) {
      throw new InputException("--shape: " + e.getMessage(), e);
    }
    if (forks < 1 || forks > 100) {
      throw new InputException("--forks = " + forks + " is outside [1, 100]");
    }
    if (seconds < 1 || seconds > 600) {
      throw new InputException("--seconds = " + seconds + " is outside [1, 600]");
    }
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

  private void print(List<Figure> figures, PrintWriter out) {
    out.println();
    printLine(out, "kernel", "warmUp", "first", "first", "full", "a call");
    printLine(out, "", "itself", "result at", "call", "speed at", "then");
    printLine(out, "", "ms", "ms", "us", "ms", "us");
    for (Figure figure : figures) {
      List<Double> numbers = figure.numbers;
      printLine(
          out,
          figure.kernel,
          figure.warmed ? text("%.0f", numbers.get(1)) : "-",
          text("%.0f", numbers.get(0)),
          text("%.1f", numbers.get(2)),
          text("%.0f", numbers.get(3)),
          text("%.1f", numbers.get(4)));
    }
    out.println();
    out.println(
        text(
            "forwardAndGradient of %s on one thread; 'at' counts from the start of the JVM, median"
                + " of %d.",
            shape, forks));
    out.println("Full speed: 15 calls whose median is within 1.25 of the best.");
  }

  private static void printLine(PrintWriter out, String... words) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < words.length; i++) {
      line.append(text((i == 0 ? "%-" : "%") + WIDTHS[i] + "s", words[i]));
    }
    out.println(line);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private ObjectNode document(Machine machine, List<Figure> figures) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ReportJson.fill(document.putObject("machine"), machine);
    document.put("shape", shape).put("operation", "forwardAndGradient");
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
