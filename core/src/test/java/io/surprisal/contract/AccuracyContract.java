package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Kernel;
import io.surprisal.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The documented error bounds, on every kind of logits and every size, against the oracle. Prints a
 * table of what was measured.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AccuracyContract extends KernelContract {
  static final double LOSS_ULPS = 4;
  static final double LOSS_RMS = 0.5;

  /** Of a probability, and of an entry of the gradient of cross-entropy. */
  static final double ENTRY_ULPS = 4;

  static final double ENTRY_RMS = 0.7;

  /**
   * The relative error of one exponential, 0.64·2^−23, and a rounding where the result is 1 to 2.
   */
  static final double LOG_SUM_EXP_ULPS = 1.25;

  private static final double LOG_PROBABILITY_ULPS = 1.5;

  private AccuracyMeasurement measurement;
  private ErrorTable table;

  @BeforeAll
  void startMeasuring() {
    measurement = new AccuracyMeasurement(kernel(), Problem.all());
    table = measurement.table();
  }

  @AfterAll
  void printTable() {
    Kernel kernel = kernel();
    System.out.println("Kernel " + kernel.name() + ", " + kernel.description());
    System.out.println(table);
  }

  /** The bounds of docs/numerics.md: the largest error, and the mean over every kind of logits. */
  static void assertBounds(ErrorTable table) {
    assertLossBounds(table);
    table.assertBound(AccuracyMeasurement.LOG_SUM_EXP, LOG_SUM_EXP_ULPS, 0.5);
    table.assertBound(AccuracyMeasurement.PROBABILITY, ENTRY_ULPS, ENTRY_RMS);
    table.assertBound(AccuracyMeasurement.LOG_PROBABILITY, LOG_PROBABILITY_ULPS, 0.5);
  }

  private static void assertLossBounds(ErrorTable table) {
    table.assertBound(AccuracyMeasurement.LOSS, LOSS_ULPS, LOSS_RMS);
    table.assertBound(AccuracyMeasurement.GRADIENT, ENTRY_ULPS, ENTRY_RMS);
  }

  @Test
  void lossesAndGradientsKeepTheirBound() {
    measurement.lossesAndGradients(AccuracyContract::assertGradient);
    assertLossBounds(table);
  }

  static void assertGradient(Problem problem, int row, Matrix gradient) {
    assertUnderflowsToZero(problem, row, gradient);
    assertSumsToZero(problem, row, gradient);
  }

  private static void assertUnderflowsToZero(Problem problem, int row, Matrix gradient) {
    for (int c = 0; c < problem.classes(); c++) {
      double probability = problem.exact(row).probability(c);
      if (probability < 0x1p-127 && c != problem.label(row)) {
        String place = new Cell(problem, row, c).describe(gradient.get(row, c), probability);
        assertTrue(gradient.get(row, c) == 0, () -> "gradient, must underflow to 0: " + place);
      }
    }
  }

  /** Within 4 ulp of the largest entry and C·2^−126. */
  private static void assertSumsToZero(Problem problem, int row, Matrix gradient) {
    double sum = 0;
    float largest = 0;
    for (int c = 0; c < problem.classes(); c++) {
      sum += gradient.get(row, c);
      largest = Math.max(largest, Math.abs(gradient.get(row, c)));
    }
    double bound = 4 * Math.ulp(largest) + problem.classes() * 0x1p-126;
    String text = "gradient row " + row + " of " + problem + " sums to " + sum + ", bound " + bound;
    assertTrue(Math.abs(sum) <= bound, text);
  }

  @Test
  void logSumExpKeepsItsBound() {
    measurement.logSumExps();
    table.assertBound(AccuracyMeasurement.LOG_SUM_EXP, LOG_SUM_EXP_ULPS, 0.5);
  }

  @Test
  void probabilitiesKeepTheirBound() {
    measurement.probabilities();
    table.assertBound(AccuracyMeasurement.PROBABILITY, ENTRY_ULPS, ENTRY_RMS);
  }

  @Test
  void logProbabilitiesKeepTheirBound() {
    measurement.logProbabilities();
    table.assertBound(AccuracyMeasurement.LOG_PROBABILITY, LOG_PROBABILITY_ULPS, 0.5);
  }
}
