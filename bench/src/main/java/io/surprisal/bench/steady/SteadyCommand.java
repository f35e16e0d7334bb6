package io.surprisal.bench.steady;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.compare.PlanOptions;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.page.ReportOutput;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.report.ReportJson;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surprisal steady}. */
@Command(
    name = "steady",
    description = {
      "Measures whether speed depends on what the JVM has run before.",
      "",
      "Runs the JMH benchmark SteadyBenchmark: in JVMs of their own, every kernel first runs other"
          + " shapes, options and operations, then one shape and operation is called from a hot"
          + " loop. Prints the best iteration of the slowest JVM over that of the median one, which"
          + " is to be 1.3 at most. Takes about five minutes."
    },
    footer = {
      "",
      "Exit code: 0 all within 1.3, 1 one is not, 2 wrong usage.",
      "Example: surprisal steady --forks 10 --shapes 32x1000 --operations forward"
    })
public final class SteadyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "5",
      description = "JVMs for each figure (default: ${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--quick",
      description = "A tenth of the time for each JVM, less exact: code may not be compiled yet.")
  private boolean quick;

  @Option(
      names = "--shapes",
      split = ",",
      paramLabel = "SHAPE",
      defaultValue = "65536x2,32768x10,4096x100,512x1000,32x1000,16x32000",
      description = "Rows x classes (default: ${DEFAULT-VALUE}).")
  private List<String> shapes;

  @Option(
      names = "--operations",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "forward,forwardAndGradient,gradientInPlace",
      description = "What is called (default: ${DEFAULT-VALUE}).")
  private List<String> operations;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws InputException {
    if (forks < 1 || forks > 100) {
      throw new InputException("--forks = " + forks + " is outside [1, 100]");
    }
    List<Shape> parsedShapes = PlanOptions.shapes(shapes, 16);
    List<Operation> parsedOperations = PlanOptions.operations(operations);
    output.prepare(ReportFile.STEADY);
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    machine.print(out);
    List<SteadyFigure> figures = new ArrayList<>();
    int cells = parsedShapes.size() * parsedOperations.size();
    try (Progress progress = new Progress("steady", cells)) {
      for (Shape shape : parsedShapes) {
        for (Operation operation : parsedOperations) {
          progress.at(figures.size(), shape + " " + operation);
          figures.add(measure(shape, operation));
        }
      }
    }
    print(figures, out);
    output.write(ReportFile.STEADY, document(machine, figures), out);
    output.writePage(out);
    return figures.stream().allMatch(SteadyFigure::isSteady) ? 0 : 1;
  }

  private SteadyFigure measure(Shape shape, Operation operation) throws InputException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + SteadyBenchmark.class.getName().replace(".", "\\.") + "\\.")
            .param("shape", shape.toString())
            .param("operation", operation.toString())
            .forks(forks)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (quick) {
      TimeValue time = TimeValue.milliseconds(20);
      options.param("otherMillis", "70").warmupTime(time).measurementTime(time);
    }
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      List<Double> nanos = new ArrayList<>();
      for (RunResult result : results) {
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
          nanos.add(best(fork.getIterationResults()));
        }
      }
      return new SteadyFigure(shape, operation, nanos);
    } catch (RunnerException e) {
      throw new InputException("JMH cannot run: " + e.getMessage(), e);
    }
  }

  private static double best(Collection<IterationResult> iterations) {
    return iterations.stream()
        .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
        .min()
        .orElseThrow();
  }

  private static void print(List<SteadyFigure> figures, PrintWriter out) {
    String format = "%-10s %-18s %12s %12s %14s";
    out.println();
    out.println(
        String.format(
            Locale.ROOT, format, "shape", "operation", "median JVM", "slowest JVM", "slowest/"));
    out.println(String.format(Locale.ROOT, format, "", "", "Gel/s", "Gel/s", "median"));
    for (SteadyFigure figure : figures) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-10s %-18s %12.3f %12.3f %14.2f%s",
              figure.shape(),
              figure.operation(),
              figure.shape().elements() / figure.median(),
              figure.shape().elements() / Collections.max(figure.nanos()),
              figure.ratio(),
              figure.isSteady() ? "" : " !"));
    }
    double worst = figures.stream().mapToDouble(SteadyFigure::ratio).max().orElseThrow();
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "The slowest JVM takes at most %.2f times as long as the median one (target: %.1f).",
            worst,
            SteadyFigure.TARGET));
  }

  private static ObjectNode document(Machine machine, List<SteadyFigure> figures) {
    ObjectNode document = ReportJson.document(machine);
    document.put("target", SteadyFigure.TARGET);
    ArrayNode results = document.putArray("results");
    for (SteadyFigure figure : figures) {
      ObjectNode node =
          results
              .addObject()
              .put("shape", figure.shape().toString())
              .put("operation", figure.operation().toString())
              .put("slowestToMedian", ReportJson.number(figure.ratio()));
      ArrayNode forks = node.putArray("gigaElementsPerSecond");
      for (double nanos : figure.nanos()) {
        forks.add(ReportJson.number(figure.shape().elements() / nanos));
      }
    }
    return document;
  }
}
