package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Execution;
import io.surprisal.LogSoftmax;
import io.surprisal.Matrix;
import io.surprisal.Softmax;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vector–Jacobian products of softmax and log-softmax in double, against the oracle. */
public abstract class DoubleProductsContract extends KernelContract {
  private static final double ENTRY_ULPS = 4;
  private static final double ENTRY_RMS = 0.7;
  private static final int[] SIZES = {1, 2, 5, 17, 127, 129, 1025, 16_387};

  /** Upstream rows of the scale of one; some rows with a common offset, some with zeros. */
  private static double[] upstream(DoubleProblem problem) {
    SplittableRandom random = new SplittableRandom(problem.classes());
    double[] upstream = new double[problem.rows() * problem.classes()];
    for (int i = 0; i < upstream.length; i++) {
      int row = i / problem.classes();
      boolean zero = row % 3 == 2 && i % 2 == 0;
      upstream[i] = zero ? 0 : Math.min(row % 3, 1) + random.nextGaussian();
    }
    return upstream;
  }

  private static Matrix matrix(DoubleProblem problem, double[] data) {
    return Matrix.of(data, problem.rows(), problem.classes());
  }

  /** Wide rows take the oracle too long. */
  private static boolean isMeasured(DoubleProblem problem) {
    return problem.classes() < 3000;
  }

  @Test
  void softmaxProductInDoubleKeepsItsBound() {
    measure("softmax product", softmax()::backward, DoubleProductsContract::checkSoftmax);
  }

  @Test
  void logSoftmaxProductInDoubleKeepsItsBound() {
    measure("log-softmax product", logSoftmax()::backward, DoubleProductsContract::checkLogSoftmax);
  }

  /** Compares a row of results with the oracle. */
  private interface RowCheck {
    void run(DoubleErrors errors, DoubleProblem problem, int row, double[] upstream, double[] out);
  }

  private static void measure(String name, Product product, RowCheck check) {
    DoubleErrors errors = new DoubleErrors(name);
    for (DoubleProblem problem : DoubleProblem.all()) {
      if (isMeasured(problem)) {
        double[] upstream = upstream(problem);
        double[] out = new double[upstream.length];
        product.run(problem.logits(), matrix(problem, upstream), matrix(problem, out));
        for (int row = 0; row < problem.rows(); row++) {
          check.run(errors, problem, row, upstream, out);
        }
      }
    }
    errors.assertBound(ENTRY_ULPS, ENTRY_RMS);
  }

  private static void checkSoftmax(
      DoubleErrors errors, DoubleProblem problem, int row, double[] upstream, double[] out) {
    int start = row * problem.classes();
    DoubleDouble[] p = probabilities(problem, row);
    DoubleDouble dot = DoubleDouble.ZERO;
    double magnitude = 0;
    for (int c = 0; c < p.length; c++) {
      dot = dot.plus(p[c].times(upstream[start + c]));
      magnitude += p[c].value() * Math.abs(upstream[start + c]);
    }
    for (int c = 0; c < p.length; c++) {
      int column = c;
      double v = upstream[start + c];
      DoubleDouble expected = p[c].times(DoubleDouble.of(v).minus(dot));
      double term = p[c].value() * Math.max(Math.abs(v), magnitude);
      double scale = Math.max(term, Math.abs(expected.value()));
      errors.add(
          out[start + c],
          expected,
          scale,
          () -> "entry " + column + " of row " + row + " of " + problem);
    }
    errors.endRow();
  }

  private static void checkLogSoftmax(
      DoubleErrors errors, DoubleProblem problem, int row, double[] upstream, double[] out) {
    int start = row * problem.classes();
    DoubleDouble[] p = probabilities(problem, row);
    DoubleDouble sum = DoubleDouble.ZERO;
    double largest = 0;
    for (int c = 0; c < p.length; c++) {
      sum = sum.plus(DoubleDouble.of(upstream[start + c]));
      largest = Math.max(largest, Math.abs(upstream[start + c]));
    }
    for (int c = 0; c < p.length; c++) {
      int column = c;
      double v = upstream[start + c];
      DoubleDouble expected = DoubleDouble.of(v).minus(p[c].times(sum));
      double term = p[c].value() * Math.max(Math.abs(sum.value()), largest);
      double scale = Math.max(Math.max(Math.abs(v), term), Math.abs(expected.value()));
      errors.add(
          out[start + c],
          expected,
          scale,
          () -> "entry " + column + " of row " + row + " of " + problem);
    }
    errors.endRow();
  }

  private static DoubleDouble[] probabilities(DoubleProblem problem, int row) {
    ExactRow exact = problem.exact(row);
    DoubleDouble[] p = new DoubleDouble[problem.classes()];
    for (int c = 0; c < p.length; c++) {
      boolean masked = exact.logit(c) == Double.NEGATIVE_INFINITY;
      p[c] = masked ? DoubleDouble.ZERO : exact.surprisal(c).negated().exp();
    }
    return p;
  }

  /** An operation of either kind. */
  private interface Product {
    void run(Matrix logits, Matrix upstream, Matrix gradient);
  }

  private Product[] products() {
    return new Product[] {softmax()::backward, logSoftmax()::backward};
  }

  private static DoubleProblem problem(int classes) {
    return DoubleProblem.of(LogitKind.NORMAL_3, classes > 1000 ? 2 : 19, classes);
  }

  @ParameterizedTest
  @EnumSource(DoubleStorageKind.class)
  void storageDoesNotShowInTheBitsOfProducts(DoubleStorageKind kind) {
    for (int classes : SIZES) {
      DoubleProblem problem = problem(classes);
      for (Product product : products()) {
        double[] upstream = upstream(problem);
        double[] expected = new double[upstream.length];
        product.run(problem.logits(), matrix(problem, upstream), matrix(problem, expected));
        DoubleStorageKind.Stored logits = kind.new Stored(problem.logits(), 3, 2);
        DoubleStorageKind.Stored stored = kind.new Stored(matrix(problem, upstream), 1, 1);
        double[] actual = new double[upstream.length];
        product.run(logits.matrix, stored.matrix, matrix(problem, actual));
        assertArrayEquals(expected, actual, kind + " of " + problem);
        product.run(logits.matrix, matrix(problem, upstream), logits.matrix);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], logits.matrix.getDouble(i / classes, i % classes));
        }
        assertTrue(logits.areGuardsUntouched() && stored.areGuardsUntouched());
      }
    }
  }

  @Test
  void gradientMayTakeThePlaceOfLogitsOrUpstreamRows() {
    for (int classes : SIZES) {
      DoubleProblem problem = problem(classes);
      for (Product product : products()) {
        double[] upstream = upstream(problem);
        double[] expected = new double[upstream.length];
        product.run(problem.logits(), matrix(problem, upstream), matrix(problem, expected));
        Matrix logits = matrix(problem, problem.copyOfLogits());
        product.run(logits, matrix(problem, upstream), logits);
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], logits.getDouble(i / classes, i % classes), "" + problem);
        }
        product.run(problem.logits(), matrix(problem, upstream), matrix(problem, upstream));
        assertArrayEquals(expected, upstream, "in place of the upstream rows of " + problem);
      }
    }
  }

  @Test
  void threadsDoNotShowInTheBitsOfProducts() {
    int[][] shapes = {{9000, 3}, {150, 1003}, {3, 70_001}};
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Execution parallel = Execution.on(pool).with(kernel());
      for (int[] shape : shapes) {
        DoubleProblem problem = DoubleProblem.of(LogitKind.WILD_BLOCKS, shape[0], shape[1]);
        Matrix upstream = matrix(problem, upstream(problem));
        double[] expected = new double[shape[0] * shape[1]];
        double[] actual = new double[expected.length];
        softmax().backward(problem.logits(), upstream, matrix(problem, expected));
        Softmax.on(parallel).backward(problem.logits(), upstream, matrix(problem, actual));
        assertArrayEquals(expected, actual, "softmax product of " + problem);
        logSoftmax().backward(problem.logits(), upstream, matrix(problem, expected));
        LogSoftmax.on(parallel).backward(problem.logits(), upstream, matrix(problem, actual));
        assertArrayEquals(expected, actual, "log-softmax product of " + problem);
      }
    }
  }

  @Test
  void rowsThatAreNotNumbersHaveProductsThatAreNone() {
    for (int classes : SIZES) {
      for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        double[] logits = new double[3 * classes];
        logits[2 * classes - 1] = special;
        double[] upstream = new double[3 * classes];
        Arrays.fill(upstream, 1);
        upstream[3 * classes - 1] = special;
        for (Product product : products()) {
          double[] out = new double[3 * classes];
          product.run(
              Matrix.of(logits, 3, classes),
              Matrix.of(upstream, 3, classes),
              Matrix.of(out, 3, classes));
          for (int i = 0; i < out.length; i++) {
            assertEquals(i >= classes, Double.isNaN(out[i]), "entry " + i + " of " + classes);
          }
        }
      }
    }
  }
}
