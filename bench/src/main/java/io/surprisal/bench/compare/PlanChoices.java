package io.surprisal.bench.compare;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.workload.Operation;
import java.util.List;
import picocli.CommandLine.Option;

/** What may be chosen of a measurement, on the command line of all commands that have a plan. */
public final class PlanChoices {
  private static final int ROUNDS = 3;

  /** Logits, gradients, what another kernel computed, and room for the JVM itself. */
  private static final long BYTES_PER_ELEMENT = 4 * 4;

  @Option(
      names = "--quick",
      description = "One round and short measurements: half a minute or less, less exact.")
  private boolean quick;

  @Option(
      names = "--shapes",
      split = ",",
      paramLabel = "SHAPE",
      description = "Rows x classes, such as 4096x1000,512x32000.")
  private List<String> shapes;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Numbers of threads (default: 1 and all cores).")
  private List<Integer> threads;

  /** Whether little time is to be spent. */
  boolean isQuick() {
    return quick;
  }

  /**
   * The plan.
   *
   * @param usualShapes unless others are chosen
   * @param operations on each
   * @param pace unless it is to be quick
   * @param quickPace if it is
   * @throws InputException if a choice makes no sense
   */
  public Plan plan(
      List<String> usualShapes, List<Operation> operations, Plan.Pace pace, Plan.Pace quickPace)
      throws InputException {
    return new Plan(
        PlanOptions.shapes(shapes != null ? shapes : usualShapes, BYTES_PER_ELEMENT),
        operations,
        threads == null ? PlanOptions.allThreads() : PlanOptions.threads(threads),
        quick ? 1 : ROUNDS,
        quick ? quickPace : pace);
  }
}
