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
  private AccuracyMeasurement measurement;
  private ErrorTable table;

  @BeforeAll
  void startMeasuring() {
    measurement = new AccuracyMeasurement(kernel());
    table = measurement.table();
  }

  @AfterAll
  void printTable() {
    Kernel kernel = kernel();
    System.out.println("Kernel " + kernel.name() + ", " + kernel.description());
    System.out.println(table);
  }

  @Test
  void lossesAndGradientsKeepTheirBound() {
    measurement.lossesAndGradients(
        (problem, row, gradient) -> {
          assertUnderflowsToZero(problem, row, gradient);
          assertSumsToZero(problem, row, gradient);
        });
    table.assertBound(AccuracyMeasurement.LOSS, 4, 0.5);
    table.assertBound(AccuracyMeasurement.GRADIENT, 4, 0.7);
  }

  private static void assertUnderflowsToZero(Problem problem, int row, Matrix gradient) {
    for (int c = 0; c < problem.classes(); c++) {
      if (problem.exact(row).probability(c) < 0x1p-127 && c != problem.label(row)) {
        assertTrue(gradient.get(row, c) == 0, () -> "what underflows is not exactly 0: " + problem);
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
    String text = "row " + row + " of " + problem + " sums to " + sum + ", bound " + bound;
    assertTrue(Math.abs(sum) <= bound, text);
  }

  @Test
  void logSumExpKeepsItsBound() {
    measurement.logSumExps();
    table.assertBound(AccuracyMeasurement.LOG_SUM_EXP, 1, 0.5);
  }

  @Test
  void probabilitiesKeepTheirBound() {
    measurement.probabilities();
    table.assertBound(AccuracyMeasurement.PROBABILITY, 4, 0.7);
  }

  @Test
  void logProbabilitiesKeepTheirBound() {
    measurement.logProbabilities();
    table.assertBound(AccuracyMeasurement.LOG_PROBABILITY, 1.5, 0.5);
  }
}
