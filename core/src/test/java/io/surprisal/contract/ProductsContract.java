package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Matrix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Vector–Jacobian products of softmax, log-softmax and log-sum-exp against the oracle. */
public abstract class ProductsContract extends KernelContract {
  /** Not every size: the sums are the same as forward. */
  private static boolean isSampled(Problem problem) {
    int classes = problem.classes();
    return classes < 20 || classes % 16 < 3 || classes > 130;
  }

  /** Upstream rows of the scale of one; some rows with a common offset, some with zeros. */
  private static Matrix upstream(Problem problem) {
    SplittableRandom random = new SplittableRandom(problem.classes());
    Matrix upstream = Matrix.zeros(problem.rows(), problem.classes());
    for (int row = 0; row < problem.rows(); row++) {
      double offset = row % 3 == 0 ? 0 : 1;
      for (int c = 0; c < problem.classes(); c++) {
        boolean zero = row % 3 == 2 && c % 2 == 0;
        upstream.data()[upstream.rowStart(row) + c] =
            zero ? 0 : (float) (offset + random.nextGaussian());
      }
    }
    return upstream;
  }

  @Test
  void softmaxProductKeepsItsBound() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : Problem.all()) {
      if (isSampled(problem)) {
        Matrix upstream = upstream(problem);
        Matrix out = Matrix.zeros(problem.rows(), problem.classes());
        softmax().backward(problem.logits(), upstream, out);
        for (int row = 0; row < problem.rows(); row++) {
          checkSoftmax(table, problem, row, upstream, out);
        }
      }
    }
    table.assertBound("softmax product", 4, 1);
  }

  private static void checkSoftmax(
      ErrorTable table, Problem problem, int row, Matrix upstream, Matrix out) {
    ExactRow exact = problem.exact(row);
    double dot = 0;
    double magnitude = 0;
    // Each term of the sum may have lost a probability below 2^−126.
    double lost = 1;
    for (int c = 0; c < problem.classes(); c++) {
      dot += exact.probability(c) * upstream.get(row, c);
      magnitude += exact.probability(c) * Math.abs(upstream.get(row, c));
      lost += Math.abs(upstream.get(row, c));
    }
    Errors errors = table.errors("softmax product", problem.kind());
    for (int c = 0; c < problem.classes(); c++) {
      double v = upstream.get(row, c);
      double expected = exact.probability(c) * (v - dot);
      double term = exact.probability(c) * Math.max(Math.abs(v), magnitude);
      double scale = Math.max(term, Math.abs(expected));
      if (errors.add(out.get(row, c), expected, scale, lost)) {
        errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), expected));
      }
    }
    errors.endRow();
  }

  @Test
  void logSoftmaxProductKeepsItsBound() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : Problem.all()) {
      if (isSampled(problem)) {
        Matrix upstream = upstream(problem);
        Matrix out = Matrix.zeros(problem.rows(), problem.classes());
        logSoftmax().backward(problem.logits(), upstream, out);
        for (int row = 0; row < problem.rows(); row++) {
          checkLogSoftmax(table, problem, row, upstream, out);
        }
      }
    }
    table.assertBound("log-softmax product", 4, 1);
  }

  private static void checkLogSoftmax(
      ErrorTable table, Problem problem, int row, Matrix upstream, Matrix out) {
    DoubleDouble sum = DoubleDouble.ZERO;
    double largest = 0;
    for (int c = 0; c < problem.classes(); c++) {
      sum = sum.plus(DoubleDouble.of(upstream.get(row, c)));
      largest = Math.max(largest, Math.abs(upstream.get(row, c)));
    }
    Errors errors = table.errors("log-softmax product", problem.kind());
    double total = sum.value();
    for (int c = 0; c < problem.classes(); c++) {
      double v = upstream.get(row, c);
      double p = problem.exact(row).probability(c);
      double expected = v - p * total;
      double term = Math.max(Math.abs(v), p * Math.max(Math.abs(total), largest));
      double scale = Math.max(term, Math.abs(expected));
      if (errors.add(out.get(row, c), expected, scale, 1 + Math.abs(total))) {
        errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), expected));
      }
    }
    errors.endRow();
  }

  @Test
  void logSumExpGradientKeepsItsBound() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : Problem.all()) {
      if (isSampled(problem)) {
        Matrix out = Matrix.zeros(problem.rows(), problem.classes());
        float[] upstream = new float[problem.rows()];
        for (int row = 0; row < upstream.length; row++) {
          upstream[row] = row % 2 == 0 ? -1.7f : row * 1e-3f;
        }
        logSumExp().backward(problem.logits(), upstream, out);
        Errors errors = table.errors("log-sum-exp gradient", problem.kind());
        for (int row = 0; row < problem.rows(); row++) {
          for (int c = 0; c < problem.classes(); c++) {
            double expected = upstream[row] * problem.exact(row).probability(c);
            if (errors.add(out.get(row, c), expected, expected, 2)) {
              errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), expected));
            }
          }
          errors.endRow();
        }
      }
    }
    table.assertBound("log-sum-exp gradient", 4, 0.7);
  }

  @Test
  void upstreamAtTheEndsOfTheRangeKeepsItsBound() {
    ErrorTable table = new ErrorTable();
    for (float level : new float[] {64, -64, 0, 200, -1000}) {
      float[] row = {level, level - 3, 0, level - 20};
      ExactRow exact = ExactRow.of(row, 0, row.length);
      for (int exponent = -120; exponent <= 120; exponent += 10) {
        float[] upstream = {(float) Math.scalb(1.3, exponent)};
        Matrix out = Matrix.zeros(1, row.length);
        logSumExp().backward(Matrix.of(row, row.length), upstream, out);
        for (int c = 0; c < row.length; c++) {
          double expected = upstream[0] * exact.probability(c);
          Errors errors = table.errors("gradient", LogitKind.LIMITS);
          if (errors.add(out.get(0, c), expected, expected, Math.max(1, upstream[0]))) {
            errors.describeWorst("level " + level + ", upstream 2^" + exponent + ", class " + c);
          }
        }
      }
    }
    table.assertBound("gradient", 4, 1);
  }

  @Test
  void upstreamOfZerosGivesZeros() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 3, 50);
    Matrix zeros = Matrix.zeros(3, 50);
    Matrix out = Matrix.zeros(3, 50);
    softmax().backward(problem.logits(), zeros, out);
    for (float entry : out.data()) {
      assertTrue(entry == 0);
    }
    logSoftmax().backward(problem.logits(), zeros, out);
    for (float entry : out.data()) {
      assertTrue(entry == 0);
    }
  }
}
