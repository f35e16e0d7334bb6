package io.surprisal.bench.compare;

import static io.surprisal.bench.compare.Comparison.SCALAR;
import static io.surprisal.bench.compare.Comparison.VECTOR;

import io.surprisal.Kernel;
import io.surprisal.bench.accuracy.KernelErrors;
import io.surprisal.bench.compare.Comparison.BatchAgreement;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Repository;
import io.surprisal.bench.lesson.Reproducibility;
import io.surprisal.bench.page.ReportOutput;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.start.StartMeasurement;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surprisal compare}. */
@Command(
    name = "compare",
    description = {
      "Checks the SIMD kernel against the scalar one, then measures both on this machine.",
      "",
      "Prints, for each shape, operation and number of threads, 10^9 logits a second by either"
          + " kernel, their ratio, the largest difference of their results in ulp, and the memory"
          + " roofline measured in the same run; writes the same figures as JSON and, with errors,"
          + " digests and cold start, a page. Takes about two"
          + " minutes; close what else keeps the machine busy."
    },
    footer = {
      "",
      "Exit code: 0 measured, 1 the kernels disagree, 2 wrong usage.",
      "Example: surprisal compare --quick --shapes 4096x1000,512x32000 --threads 1"
    })
public final class CompareCommand implements Callable<Integer> {
  private static final Plan.Pace PACE = new Plan.Pace(200, 300);
  private static final int START_SECONDS = 2;
  private static final Plan.Pace QUICK_PACE = new Plan.Pace(50, 50);

  private static final List<String> SHAPES =
      List.of("65536x10", "4096x1000", "512x32000", "64x128256");

  @Spec private CommandSpec spec;

  @Mixin private PlanChoices choices;

  @Option(
      names = "--full",
      description = {
        "Also logSumExp, gradientInPlace and gradientAdded, on ten shapes from 65536x2 to 1x4194304"
            + " unless --shapes says which, and rows of 2 to 4194304 classes: many minutes."
      })
  private boolean full;

  @Mixin private ReportOutput output;

  @Override
  public Integer call() throws InputException {
    Plan plan = plan();
    output.prepare(ReportFile.COMPARE);
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    machine.print(out);
    List<String> kernels = kernels(out);
    List<BatchAgreement> agreements = List.of();
    if (kernels.contains(VECTOR)) {
      agreements = agreements(plan);
      if (!printAgreement(agreements, out)) {
        return 1;
      }
    }
    Comparison comparison =
        new Comparison(machine, plan, kernels, agreements, new Forks(plan, kernels).run());
    out.println();
    ComparisonTable.print(comparison, out);
    output.write(ReportFile.COMPARE, ComparisonJson.of(comparison), out);
    if (output.hasFolder()) {
      measureBeside(comparison);
    }
    output.writePage(out);
    return 0;
  }

  /** What the page shows beside the speeds. */
  private void measureBeside(Comparison comparison) throws InputException {
    Machine machine = comparison.machine();
    output.writeBeside(
        ReportFile.ERRORS, KernelErrors.measure(comparison.kernels()).document(machine));
    if (comparison.kernels().contains(VECTOR) && Kernel.named(VECTOR).isFast()) {
      output.writeBeside(ReportFile.DIGESTS, Reproducibility.measure().document(machine));
    }
    if (!choices.isQuick()) {
      StartMeasurement start = new StartMeasurement(StartMeasurement.SHAPE, 1, START_SECONDS);
      output.writeBeside(ReportFile.START, start.document(machine));
    }
    if (full) {
      output.writeBeside(ReportFile.SWEEP, ComparisonJson.of(sweep(comparison)));
    }
  }

  private static Comparison sweep(Comparison comparison) throws InputException {
    Plan plan = Plan.sweep(comparison.plan().rounds());
    return new Comparison(
        comparison.machine(),
        plan,
        comparison.kernels(),
        List.of(),
        new Forks(plan, comparison.kernels()).run());
  }

  private static List<String> kernels(PrintWriter out) {
    try {
      Kernel vector = Kernel.named(VECTOR);
      if (!vector.isFast()) {
        out.println("Note: the vector kernel is slow in this JVM: " + vector.description());
      }
      return List.of(SCALAR, VECTOR);
    } catch (IllegalArgumentException e) {
      out.println("The vector kernel cannot run here, so only scalar is measured.");
      out.println(e.getMessage());
      return List.of(SCALAR);
    }
  }

  private List<BatchAgreement> agreements(Plan plan) {
    Agreement agreement = new Agreement(Kernel.named(SCALAR), Kernel.named(VECTOR));
    List<BatchAgreement> found = new ArrayList<>();
    Repository.text()
        .map(Agreement::textBatch)
        .ifPresent(
            batch ->
                found.add(
                    new BatchAgreement(
                        "bigram logits of the repository's text",
                        batch.shape(),
                        agreement.differences(batch, List.of(Operation.values())))));
    for (Shape shape : plan.shapes()) {
      found.add(
          new BatchAgreement(
              "synthetic, Gaussian logits of spread 3",
              shape,
              agreement.differences(LogitsBatch.gaussian(shape), plan.operations())));
    }
    return found;
  }

  /** Says how far the kernels are apart; false if too far. */
  private static boolean printAgreement(List<BatchAgreement> agreements, PrintWriter out) {
    boolean agree = true;
    for (BatchAgreement batch : agreements) {
      boolean within = batch.largest() <= Agreement.LIMIT;
      agree &= within;
      out.println(
          String.format(
              Locale.ROOT,
              "%s: %s (%s), losses and gradients within %.1f ulp",
              within ? "agree" : "DISAGREE",
              batch.shape(),
              batch.batch(),
              batch.largest()));
    }
    return agree;
  }

  private Plan plan() throws InputException {
    List<Operation> operations = full ? List.of(Operation.values()) : Plan.MAIN_OPERATIONS;
    return choices.plan(full ? Shape.REGIMES : SHAPES, operations, PACE, QUICK_PACE);
  }
}
