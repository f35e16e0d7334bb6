package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What becomes of NaN, infinities, masks and the ends of the range of double. */
public abstract class DoubleSpecialValuesContract extends KernelContract {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Narrow rows, one block, blocks, cells. */
  private static final int[] SIZES = {1, 2, 5, 17, 127, 128, 1000, 1025, 3000, 16_385};

  private static final long[] NANS = {
    0x7FF8_0000_0000_0000L, 0xFFF8_0000_0000_0000L, 0x7FF0_0000_0000_0001L, 0xFFFF_0000_0000_1234L
  };

  private static double[] logits(int classes) {
    SplittableRandom random = new SplittableRandom(classes);
    double[] logits = new double[3 * classes];
    Arrays.setAll(logits, i -> random.nextDouble(-5, 5));
    return logits;
  }

  private CrossEntropy plain() {
    return crossEntropy().divisor(Divisor.ONE).build();
  }

  private record Results(double[] losses, double[] gradient) {}

  private static Results compute(CrossEntropy loss, double[] logits, int... labels) {
    int rows = labels.length;
    Results results = new Results(new double[rows], new double[logits.length]);
    int classes = logits.length / rows;
    loss.compute(
        Batch.of(Matrix.of(logits, rows, classes), Labels.of(labels)),
        Outputs.none()
            .withLosses(results.losses)
            .withGradient(Matrix.of(results.gradient, rows, classes)));
    return results;
  }

  private static void assertRowIs(double value, double[] actual, int classes, String what) {
    for (int i = classes; i < 2 * classes; i++) {
      assertSame(value, actual[i], what + " of " + classes + " classes");
    }
  }

  private static void assertSame(double expected, double actual, String what) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual), what);
  }

  @Test
  void nanOrInfinityMakesItsRowNanAndNoOther() {
    for (int classes : SIZES) {
      for (long nan : NANS) {
        double[] logits = logits(classes);
        logits[classes + classes / 2] = Double.longBitsToDouble(nan);
        assertMiddleRowIsNan(logits, Double.NaN);
        logits[classes] = INFINITY;
        assertMiddleRowIsNan(logits, classes == 1 ? INFINITY : Double.NaN);
      }
      double[] logits = logits(classes);
      logits[2 * classes - 1] = INFINITY;
      assertMiddleRowIsNan(logits, INFINITY);
      Arrays.fill(logits, classes, 2 * classes, -INFINITY);
      assertMiddleRowIsNan(logits, -INFINITY);
    }
  }

  private void assertMiddleRowIsNan(double[] logits, double logSumExp) {
    int classes = logits.length / 3;
    for (int label : new int[] {0, classes / 2, classes - 1}) {
      Results all = compute(plain(), logits, label, label, label);
      assertSame(Double.NaN, all.losses[1], "the loss");
      assertRowIs(Double.NaN, all.gradient, classes, "the gradient");
      Results alone = compute(plain(), Arrays.copyOf(logits, classes), label);
      assertSame(alone.losses[0], all.losses[0], "the loss of a neighbour");
      for (int i = 0; i < classes; i++) {
        assertSame(alone.gradient[i], all.gradient[i], "the gradient of a neighbour");
      }
    }
    Matrix matrix = Matrix.of(logits, 3, classes);
    double[] results = new double[3];
    logSumExp().forward(matrix, results);
    assertSame(logSumExp, results[1], "log-sum-exp");
    double[] out = new double[logits.length];
    softmax().forward(matrix, Matrix.of(out, 3, classes));
    assertRowIs(Double.NaN, out, classes, "softmax");
    logSoftmax().forward(matrix, Matrix.of(out, 3, classes));
    assertRowIs(Double.NaN, out, classes, "log-softmax");
    logSumExp().backward(matrix, new float[] {1, 2, 3}, Matrix.of(out, 3, classes));
    assertRowIs(logSumExp == -INFINITY ? 0 : Double.NaN, out, classes, "log-sum-exp's gradient");
  }

  @Test
  void maskedClassHasNoProbabilityAndNoGradient() {
    for (int classes : SIZES) {
      if (classes > 1) {
        double[] logits = logits(classes);
        int masked = classes + classes / 2;
        logits[masked] = -INFINITY;
        Results results = compute(plain(), logits, 0, 0, 0);
        assertTrue(Double.isFinite(results.losses[1]));
        assertTrue(results.gradient[masked] == 0);
        Matrix out = Matrix.of(results.gradient, 3, classes);
        logSoftmax().forward(Matrix.of(logits, 3, classes), out);
        assertSame(-INFINITY, results.gradient[masked], "log-softmax of a masked class");
        softmax().forward(Matrix.of(logits, 3, classes), out);
        assertSame(0, results.gradient[masked], "softmax of a masked class");
      }
    }
  }

  @Test
  void maskedLabelHasInfiniteLossAndFiniteGradient() {
    double[] logits = logits(33);
    logits[33 + 32] = -INFINITY;
    Results results = compute(plain(), logits, 0, 32, 0);
    assertSame(INFINITY, results.losses[1], "the loss");
    assertSame(-1, results.gradient[33 + 32], "the label's entry");
    assertTrue(Double.isFinite(results.gradient[33]));
  }

  @Test
  void smoothingOverMaskedClassesIsInfiniteUnlessTheirWeightIsZero() {
    double[] logits = {1, 2, -INFINITY};
    CrossEntropy.Builder builder = crossEntropy().labelSmoothing(0.1).divisor(Divisor.ONE);
    assertSame(INFINITY, compute(builder.build(), logits, 0).losses[0], "the loss");
    double loss = compute(builder.classWeights(1, 1, 0).build(), logits, 0).losses[0];
    ExactCrossEntropy exact = new ExactCrossEntropy(0.1, 0, new float[] {1, 1, 0});
    assertEquals(exact.loss(ExactRow.of(logits), 0).value(), loss, 1e-15);
  }

  @Test
  void rowOfOneClassHasZeroLossAndGradient() {
    Results results =
        compute(
            plain(), new double[] {3, -1000, 1e308, -1e308, 0, Double.MIN_VALUE}, 0, 0, 0, 0, 0, 0);
    for (int row = 0; row < 6; row++) {
      assertTrue(results.losses[row] == 0);
      assertTrue(results.gradient[row] == 0);
    }
  }

  @Test
  void lossOfTheMostConfidentRowHasItsDigits() {
    for (double gap : new double[] {40, 300, 600, 650, 700}) {
      for (double level : new double[] {0, 345, -380, 1500, 1e5}) {
        double[] logits = {level, level - gap};
        double expected = StrictMath.exp(-gap);
        Results results = compute(plain(), logits, 0);
        assertEquals(expected, results.losses[0], 4 * Math.ulp(expected), "gap " + gap);
        assertEquals(expected, results.gradient[1], 4 * Math.ulp(expected), "gap " + gap);
        assertEquals(-expected, results.gradient[0], 4 * Math.ulp(expected), "gap " + gap);
        Results wrong = compute(plain(), logits, 1);
        assertEquals(gap, wrong.losses[0], 2 * Math.ulp(gap));
      }
    }
  }

  @Test
  void lossBeyondTheRangeOfDoubleIsInfinite() {
    Results results = compute(plain(), new double[] {1.7e308, -1.7e308, 0}, 1);
    assertSame(INFINITY, results.losses[0], "the loss");
    assertSame(1, results.gradient[0], "the entry of the largest");
    assertSame(-1, results.gradient[1], "the label's entry");
  }

  @Test
  void ignoredRowsAreZeroByBitsWhateverTheirLogits() {
    for (int classes : SIZES) {
      for (double filling : new double[] {Double.NaN, INFINITY, -INFINITY, 1e308}) {
        double[] logits = logits(classes);
        Arrays.fill(logits, classes, 2 * classes, filling);
        Results results = new Results(new double[] {9, 9, 9}, new double[3 * classes]);
        Arrays.fill(results.gradient, 9);
        CrossEntropy loss = crossEntropy().labelSmoothing(0.1).zLoss(0.01).build();
        Totals totals = loss.newTotals();
        loss.compute(
            Batch.of(Matrix.of(logits, 3, classes), Labels.of(0, -100, 0)),
            Outputs.none()
                .withLosses(results.losses)
                .withGradient(Matrix.of(results.gradient, 3, classes))
                .withTotals(totals));
        assertSame(0, results.losses[1], "an ignored loss");
        assertRowIs(0, results.gradient, classes, "the gradient of an ignored row");
        assertEquals(1, totals.ignoredRows());
        double mean = (results.losses[0] + results.losses[2]) / 2;
        assertEquals(mean, totals.mean(), 1e-15 * mean);
      }
    }
  }
}
