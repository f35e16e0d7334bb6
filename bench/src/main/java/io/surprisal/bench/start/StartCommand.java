package io.surprisal.bench.start;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.page.ReportOutput;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      defaultValue = StartMeasurement.SHAPE,
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

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws InputException {
    check();
    output.prepare(ReportFile.START);
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    machine.print(out);
    StartMeasurement measurement = new StartMeasurement(shape, forks, seconds);
    List<StartMeasurement.Figure> figures = measurement.run();
    print(figures, out);
    output.write(ReportFile.START, measurement.document(machine, figures), out);
    output.writePage(out);
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

  private void print(List<StartMeasurement.Figure> figures, PrintWriter out) {
    out.println();
    printLine(out, "kernel", "warmUp", "first", "first", "full", "a call");
    printLine(out, "", "itself", "result at", "call", "speed at", "then");
    printLine(out, "", "ms", "ms", "us", "ms", "us");
    for (StartMeasurement.Figure figure : figures) {
      List<Double> numbers = figure.numbers();
      printLine(
          out,
          figure.kernel(),
          figure.warmed() ? text("%.0f", numbers.get(1)) : "-",
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
}
