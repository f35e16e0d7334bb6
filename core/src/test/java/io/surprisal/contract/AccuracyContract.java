package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The documented error bounds, on every kind of logits and every size, against the oracle. Prints a
 * table of what was measured.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AccuracyContract extends KernelContract {
  private static final String LOSS = "loss";
  private static final String GRADIENT = "gradient";
  private static final String LOG_SUM_EXP = "logSumExp";
  private static final String PROBABILITY = "probability";
  private static final String LOG_PROBABILITY = "logSoftmax";

  private final ErrorTable table = new ErrorTable();

  @AfterAll
  void printTable() {
    System.out.println("Kernel " + kernel().name() + ", " + kernel().description());
    System.out.println(table);
  }

  @Test
  void lossesAndGradientsKeepTheirBound() {
    CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
    for (Problem problem : Problem.all()) {
      float[] losses = new float[problem.rows()];
      Matrix gradient = Matrix.zeros(problem.rows(), problem.classes());
      loss.compute(problem.batch(), Outputs.none().withLosses(losses).withGradient(gradient));
      for (int row = 0; row < problem.rows(); row++) {
        double exact = problem.exact(row).surprisal(problem.label(row)).value();
        record(LOSS, new Cell(problem, row, Cell.WHOLE_ROW), losses[row], exact, exact);
        table.errors(LOSS, problem.kind()).endRow();
        recordGradient(problem, row, gradient);
        assertSumsToZero(problem, row, gradient);
      }
    }
    table.assertBound(LOSS, 4, 0.5);
    table.assertBound(GRADIENT, 4, 0.7);
  }

  private void recordGradient(Problem problem, int row, Matrix gradient) {
    double[] expected = ExactCrossEntropy.PLAIN.gradient(problem.exact(row), problem.label(row));
    for (int c = 0; c < expected.length; c++) {
      float actual = gradient.get(row, c);
      record(GRADIENT, new Cell(problem, row, c), actual, expected[c], expected[c]);
      if (expected[c] < 0x1p-127 && c != problem.label(row)) {
        assertTrue(actual == 0, () -> "what underflows is not exactly 0: " + problem);
      }
    }
    table.errors(GRADIENT, problem.kind()).endRow();
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
    for (Problem problem : Problem.all()) {
      float[] results = new float[problem.rows()];
      logSumExp().forward(problem.logits(), results);
      for (int row = 0; row < problem.rows(); row++) {
        double exact = problem.exact(row).logSumExp().value();
        Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
        record(LOG_SUM_EXP, cell, results[row], exact, Math.max(1, Math.abs(exact)));
        table.errors(LOG_SUM_EXP, problem.kind()).endRow();
      }
    }
    table.assertBound(LOG_SUM_EXP, 1, 0.5);
  }

  @Test
  void probabilitiesKeepTheirBound() {
    for (Problem problem : Problem.all()) {
      Matrix probabilities = Matrix.zeros(problem.rows(), problem.classes());
      softmax().forward(problem.logits(), probabilities);
      for (int row = 0; row < problem.rows(); row++) {
        for (int c = 0; c < problem.classes(); c++) {
          double exact = problem.exact(row).probability(c);
          record(PROBABILITY, new Cell(problem, row, c), probabilities.get(row, c), exact, exact);
        }
        table.errors(PROBABILITY, problem.kind()).endRow();
      }
    }
    table.assertBound(PROBABILITY, 4, 0.7);
  }

  @Test
  void logProbabilitiesKeepTheirBound() {
    for (Problem problem : Problem.all()) {
      Matrix results = Matrix.zeros(problem.rows(), problem.classes());
      logSoftmax().forward(problem.logits(), results);
      for (int row = 0; row < problem.rows(); row++) {
        for (int c = 0; c < problem.classes(); c++) {
          double exact = -problem.exact(row).surprisal(c).value();
          double scale = Math.max(1, Math.abs(exact));
          record(LOG_PROBABILITY, new Cell(problem, row, c), results.get(row, c), exact, scale);
        }
        table.errors(LOG_PROBABILITY, problem.kind()).endRow();
      }
    }
    table.assertBound(LOG_PROBABILITY, 1.5, 0.5);
  }

  private void record(String quantity, Cell cell, float actual, double exact, double scale) {
    Errors errors = table.errors(quantity, cell.problem().kind());
    if (errors.add(actual, exact, scale, 0)) {
      errors.describeWorst(cell.describe(actual, exact));
    }
  }
}
