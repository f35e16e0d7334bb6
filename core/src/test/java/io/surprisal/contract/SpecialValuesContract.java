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

/** NaN, infinities, masks and ignored rows: their results are defined, to the bit. */
public abstract class SpecialValuesContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final int[] SIZES = {1, 2, 3, 7, 16, 33, 64, 65, 100, 1000, 2049, 4097, 16_385};

  /** Quiet, negative, with payload, signalling: all are NaN in, the canonical NaN out. */
  private static final int[] NANS = {
    0x7FC0_0000, 0xFFC0_0000, 0x7FC0_0001, 0xFF80_0001, 0x7F80_0001, 0x7FFF_FFFF, 0xFFFF_FFFF
  };

  /** Three rows of usual logits; the middle one is then spoilt. */
  private static Matrix logits(int classes) {
    SplittableRandom random = new SplittableRandom(classes);
    Matrix logits = Matrix.zeros(3, classes);
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] = (float) random.nextDouble(-5, 5);
    }
    return logits;
  }

  private static void set(Matrix logits, int column, float value) {
    logits.data()[logits.rowStart(1) + column] = value;
  }

  private record Results(float[] losses, Matrix gradient) {}

  private Results crossEntropy(CrossEntropy loss, Matrix logits, int... labels) {
    Results results =
        new Results(new float[logits.rows()], Matrix.zeros(logits.rows(), logits.classes()));
    loss.compute(
        Batch.of(logits, Labels.of(labels)),
        Outputs.none().withLosses(results.losses).withGradient(results.gradient));
    return results;
  }

  private CrossEntropy plain() {
    return crossEntropy().divisor(Divisor.ONE).build();
  }

  @Test
  void nanAnywhereMakesTheRowNanAndNoOther() {
    for (int classes : SIZES) {
      for (int i = 0; i < NANS.length; i++) {
        Matrix logits = logits(classes);
        set(logits, (i * 37 + classes / 2) % classes, Float.intBitsToFloat(NANS[i]));
        assertMiddleRowIsNan(logits, Float.NaN);
      }
    }
  }

  @Test
  void nanWinsOverInfinity() {
    for (int classes : SIZES) {
      Matrix logits = logits(classes);
      set(logits, 0, INFINITY);
      set(logits, classes - 1, Float.intBitsToFloat(0xFFC0_0000));
      assertMiddleRowIsNan(logits, Float.NaN);
    }
  }

  @Test
  void plusInfinityMakesTheRowNan() {
    for (int classes : SIZES) {
      Matrix logits = logits(classes);
      set(logits, classes / 2, INFINITY);
      assertMiddleRowIsNan(logits, INFINITY);
      set(logits, classes - 1, INFINITY);
      set(logits, 0, -INFINITY);
      assertMiddleRowIsNan(logits, classes == 1 ? -INFINITY : INFINITY);
    }
  }

  @Test
  void rowOfOnlyMinusInfinityIsNan() {
    for (int classes : SIZES) {
      Matrix logits = logits(classes);
      Arrays.fill(logits.data(), classes, 2 * classes, -INFINITY);
      assertMiddleRowIsNan(logits, -INFINITY);
    }
  }

  /** Loss, gradient, softmax and log-softmax NaN in the middle row; other rows as without it. */
  private void assertMiddleRowIsNan(Matrix logits, float logSumExp) {
    int classes = logits.classes();
    String what = Arrays.toString(Arrays.copyOfRange(logits.data(), classes, 2 * classes));
    for (int label : new int[] {0, classes / 2, classes - 1}) {
      Results all = crossEntropy(plain(), logits, label, label, label);
      assertTrue(Bits.same(Float.NaN, all.losses[1]), () -> "loss of " + what);
      Bits.assertRowIs(Float.NaN, all.gradient, 1, "gradient of " + what);
      for (int row : new int[] {0, 2}) {
        Results alone = crossEntropy(plain(), logits.slice(row, row + 1), label);
        assertTrue(Bits.same(alone.losses[0], all.losses[row]), () -> "a neighbour of " + what);
        Bits.assertSameRow(alone.gradient, 0, all.gradient, row, "a neighbour of " + what);
      }
    }
    float[] results = new float[3];
    logSumExp().forward(logits, results);
    assertTrue(Bits.same(logSumExp, results[1]), () -> "log-sum-exp of " + what);
    Matrix out = Matrix.zeros(3, classes);
    softmax().forward(logits, out);
    Bits.assertRowIs(Float.NaN, out, 1, "softmax of " + what);
    logSoftmax().forward(logits, out);
    Bits.assertRowIs(Float.NaN, out, 1, "log-softmax of " + what);
    assertProductsOfMiddleRow(logits, logSumExp == -INFINITY ? 0 : Float.NaN, what);
  }

  private void assertProductsOfMiddleRow(Matrix logits, float ofLogSumExp, String what) {
    Matrix out = Matrix.zeros(3, logits.classes());
    Matrix upstream = logits(logits.classes());
    softmax().backward(logits, upstream, out);
    Bits.assertRowIs(Float.NaN, out, 1, "softmax product of " + what);
    logSoftmax().backward(logits, upstream, out);
    Bits.assertRowIs(Float.NaN, out, 1, "log-softmax product of " + what);
    logSumExp().backward(logits, new float[] {1, 2, 3}, out);
    Bits.assertRowIs(ofLogSumExp, out, 1, "log-sum-exp gradient of " + what);
  }

  @Test
  void maskedClassHasNoProbabilityAndNoGradient() {
    for (int classes : SIZES) {
      if (classes > 1) {
        Matrix logits = logits(classes);
        set(logits, classes / 2, -INFINITY);
        Results results = crossEntropy(plain(), logits, 0, 0, 0);
        assertTrue(Float.isFinite(results.losses[1]));
        assertTrue(results.gradient.get(1, classes / 2) == 0);
        logSoftmax().forward(logits, results.gradient);
        assertEquals(-INFINITY, results.gradient.get(1, classes / 2));
        softmax().forward(logits, results.gradient);
        assertTrue(Bits.same(0, results.gradient.get(1, classes / 2)));
      }
    }
  }

  @Test
  void maskedLabelHasInfiniteLossAndFiniteGradient() {
    Matrix logits = logits(33);
    set(logits, 32, -INFINITY);
    Results results = crossEntropy(plain(), logits, 0, 32, 0);
    assertEquals(INFINITY, results.losses[1]);
    assertEquals(-1f, results.gradient.get(1, 32));
    assertTrue(Float.isFinite(results.gradient.get(1, 0)));
  }

  @Test
  void smoothingOverMaskedClassesIsInfiniteUnlessTheirWeightIsZero() {
    Matrix logits = Matrix.of(new float[] {1, 2, -INFINITY}, 3);
    CrossEntropy.Builder builder = crossEntropy().labelSmoothing(0.1).divisor(Divisor.ONE);
    assertEquals(INFINITY, crossEntropy(builder.build(), logits, 0).losses[0]);
    CrossEntropy weighted = builder.classWeights(1, 1, 0).build();
    float loss = crossEntropy(weighted, logits, 0).losses[0];
    ExactCrossEntropy exact = new ExactCrossEntropy(0.1, 0, new float[] {1, 1, 0});
    double expected = exact.loss(ExactRow.of(logits.data(), 0, 3), 0).value();
    assertEquals(expected, loss, 1e-6);
  }

  @Test
  void maskedLabelOfWeightZeroHasZeroLoss() {
    Matrix logits = Matrix.of(new float[] {1, 2, -INFINITY}, 3);
    CrossEntropy weighted = crossEntropy().classWeights(1, 1, 0).divisor(Divisor.ONE).build();
    Results results = crossEntropy(weighted, logits, 2);
    assertTrue(results.losses[0] == 0);
    for (int c = 0; c < 3; c++) {
      assertTrue(results.gradient.get(0, c) == 0, "a row of weight 0 has no gradient");
    }
  }

  @Test
  void rowOfOneClassHasZeroLossAndGradient() {
    Matrix logits = Matrix.of(new float[] {3, -1000, 3e38f, -3e38f, 0, Float.MIN_VALUE}, 1);
    Results results = crossEntropy(plain(), logits, 0, 0, 0, 0, 0, 0);
    for (int row = 0; row < logits.rows(); row++) {
      assertTrue(results.losses[row] == 0);
      assertTrue(results.gradient.get(row, 0) == 0);
    }
  }

  @Test
  void lossBeyondTheRangeOfFloatIsInfinite() {
    Matrix logits = Matrix.of(new float[] {3e38f, -3e38f, 0}, 3);
    Results results = crossEntropy(plain(), logits, 1);
    assertEquals(INFINITY, results.losses[0]);
    assertEquals(1f, results.gradient.get(0, 0));
    assertEquals(-1f, results.gradient.get(0, 1));
  }

  @Test
  void ignoredRowsAreZeroByBitsWhateverTheirLogits() {
    for (int classes : SIZES) {
      for (float filling : new float[] {Float.NaN, INFINITY, -INFINITY, 3e38f}) {
        Matrix logits = logits(classes);
        Arrays.fill(logits.data(), classes, 2 * classes, filling);
        assertIgnored(Batch.of(logits, Labels.of(0, -100, 0)));
        Batch masked =
            Batch.of(logits, Labels.of(0, 0, 0))
                .withIgnoredRows(new boolean[] {false, true, false});
        assertIgnored(masked);
      }
    }
  }

  private void assertIgnored(Batch batch) {
    int classes = batch.logits().classes();
    float[] losses = {9, 9, 9};
    Matrix gradient = Matrix.zeros(3, classes);
    Arrays.fill(gradient.data(), 9);
    CrossEntropy loss = crossEntropy().labelSmoothing(0.1).zLoss(0.01).build();
    Totals totals = loss.newTotals();
    loss.compute(
        batch, Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    assertTrue(Bits.same(0, losses[1]));
    Bits.assertRowIs(0, gradient, 1, "gradient of an ignored row of " + classes);
    assertEquals(1, totals.ignoredRows());
    assertEquals(2, totals.countedRows());
    assertEquals((losses[0] + (double) losses[2]) / 2, totals.mean(), 1e-6 * totals.mean() + 1e-30);
  }

  @Test
  void infiniteLossesMakeInfiniteTotals() {
    Matrix logits = logits(33);
    set(logits, 0, -INFINITY);
    assertEquals(INFINITY, plain().forward(logits, Labels.of(0, 0, 0)).sum());
    set(logits, 1, Float.NaN);
    assertTrue(Double.isNaN(plain().forward(logits, Labels.of(0, 0, 0)).sum()));
  }
}
