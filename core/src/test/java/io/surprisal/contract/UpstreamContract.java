package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.RowSummary;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Upstream gradients that are huge or not finite, and summaries of parts of a row. */
public abstract class UpstreamContract extends KernelContract {
  private static final int CANONICAL_NAN = 0x7FC0_0000;
  private static final int[] NANS = {0x7FC0_0001, 0xFFC0_0002, 0x7F80_0003, 0xFFC0_0000};
  private static final int[] SIZES = {3, 64, 100, 2100, 16_400};

  private static Matrix ramp(int rows, int classes) {
    Matrix matrix = Matrix.zeros(rows, classes);
    for (int i = 0; i < matrix.data().length; i++) {
      matrix.data()[i] = i * 37 % 101 / 16f;
    }
    return matrix;
  }

  private static void assertAllCanonicalNan(float[] values, int from, int to, String what) {
    for (int i = from; i < to; i++) {
      assertEquals(CANONICAL_NAN, Float.floatToRawIntBits(values[i]), what + ", element " + i);
    }
  }

  @Test
  void hugeUpstreamGivesWhatTheFormulaGives() {
    Matrix logits = Matrix.of(new float[] {40, -40, -45}, 3);
    Matrix gradient = Matrix.zeros(1, 3);
    crossEntropy()
        .divisor(Divisor.ONE)
        .build()
        .compute(
            Batch.of(logits, Labels.of(0)),
            Outputs.none().withGradient(Gradient.into(gradient).withUpstream(1e75)));
    double last = StrictMath.exp(-85) * 1e75;
    assertEquals(Float.NEGATIVE_INFINITY, gradient.get(0, 0));
    assertEquals(Float.POSITIVE_INFINITY, gradient.get(0, 1));
    assertEquals(last, gradient.get(0, 2), 4 * Math.ulp((float) last));
  }

  /** Sums near the ends of a block's frame, times numbers far below and above a float's range. */
  @Test
  void gradientOfAnyMagnitudeIsWhatTheFormulaGives() {
    for (int classes : new int[] {2, 3, 64, 3000}) {
      for (float largest : new float[] {-25.5f, 0, 50, 52.5f, 54, 55, 55.4f, 56}) {
        checkMagnitudes(classes, largest, 1);
      }
    }
    checkMagnitudes(20_000, 55.4f, 5);
  }

  private void checkMagnitudes(int classes, float largest, int step) {
    Matrix logits = Matrix.zeros(1, classes);
    Matrix gradient = Matrix.zeros(1, classes);
    Arrays.fill(logits.data(), largest - 55);
    logits.data()[0] = largest;
    ExactRow exact = ExactRow.of(logits.data(), 0, classes);
    CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
    for (int power = -150; power < 320; power += step) {
      double upstream = StrictMath.pow(1.9, power);
      String what = classes + " classes up to " + largest + ", upstream " + upstream;
      float number = (float) upstream;
      if (Float.isFinite(number)) {
        logSumExp().backward(logits, new float[] {number}, gradient);
        assertEntry(number * exact.probability(0), gradient, 0, "log-sum-exp of " + what);
        assertEntry(number * exact.probability(1), gradient, 1, "log-sum-exp of " + what);
      }
      Gradient scaled = Gradient.into(gradient).withUpstream(upstream);
      loss.compute(Batch.of(logits, Labels.of(1)), Outputs.none().withGradient(scaled));
      assertEntry(upstream * exact.probability(0), gradient, 0, "cross-entropy of " + what);
      assertEntry(-upstream * exact.complement(1), gradient, 1, "cross-entropy of " + what);
      if (classes > 2) {
        int last = classes - 1;
        assertEntry(upstream * exact.probability(last), gradient, last, "last of " + what);
      }
    }
  }

  private static void assertEntry(double expected, Matrix gradient, int column, String what) {
    float actual = gradient.get(0, column);
    double error = Errors.ulps(actual, expected);
    assertTrue(error <= 4, () -> what + ", class " + column + ": " + actual + ", not " + expected);
  }

  @Test
  void upstreamNumberThatIsNotFiniteMakesItsRowNan() {
    for (float number : new float[] {Float.intBitsToFloat(0xFFC0_1234), Float.POSITIVE_INFINITY}) {
      for (int classes : SIZES) {
        Matrix logits = ramp(2, classes);
        Matrix gradient = Matrix.zeros(2, classes);
        logSumExp().backward(logits, new float[] {number, 1}, gradient);
        assertAllCanonicalNan(gradient.data(), 0, classes, "log-sum-exp, " + number);
        assertEquals(true, Float.isFinite(gradient.get(1, 0)));
        Gradient scaled = Gradient.into(gradient).withUpstream(new float[] {number, 1});
        crossEntropy()
            .build()
            .compute(Batch.of(logits, Labels.of(1, 2)), Outputs.none().withGradient(scaled));
        assertAllCanonicalNan(gradient.data(), 0, classes, "cross-entropy, " + number);
        assertEquals(true, Float.isFinite(gradient.get(1, 0)));
      }
    }
  }

  @Test
  void upstreamNumberThatIsNotFiniteLeavesItsRowsLossAlone() {
    for (double zLoss : new double[] {0, 0.01}) {
      CrossEntropy loss = crossEntropy().labelSmoothing(zLoss).zLoss(zLoss).build();
      for (int classes : SIZES) {
        Batch batch = Batch.of(ramp(2, classes), Labels.of(1, 2));
        float[] expected = new float[2];
        float[] actual = new float[2];
        Gradient gradient = Gradient.into(Matrix.zeros(2, classes));
        float[] upstream = {Float.NaN, Float.NEGATIVE_INFINITY};
        loss.compute(batch, Outputs.none().withLosses(expected).withGradient(gradient));
        loss.compute(
            batch, Outputs.none().withLosses(actual).withGradient(gradient.withUpstream(upstream)));
        Bits.assertSame(expected, actual, classes + " classes, z-loss " + zLoss);
      }
    }
  }

  @Test
  void upstreamRowWithNansMakesItsRowTheCanonicalNan() {
    for (int classes : SIZES) {
      Matrix logits = ramp(1, classes);
      Matrix upstream = ramp(1, classes);
      for (int i = 0; i < NANS.length; i++) {
        upstream.data()[i * 7 % classes] = Float.intBitsToFloat(NANS[i]);
      }
      Matrix product = Matrix.zeros(1, classes);
      softmax().backward(logits, upstream, product);
      assertAllCanonicalNan(product.data(), 0, classes, "softmax of " + classes);
      logSoftmax().backward(logits, upstream, product);
      assertAllCanonicalNan(product.data(), 0, classes, "log-softmax of " + classes);
    }
  }

  @Test
  void likelihoodOfNanIsTheCanonicalNan() {
    float[] losses = new float[NANS.length];
    Matrix rows = Matrix.zeros(NANS.length, 1);
    for (int i = 0; i < NANS.length; i++) {
      rows.data()[i] = Float.intBitsToFloat(NANS[i]);
    }
    Labels labels = Labels.of(new int[NANS.length]);
    NegativeLogLikelihood.standard()
        .compute(Batch.of(rows, labels), Outputs.none().withLosses(losses));
    assertAllCanonicalNan(losses, 0, losses.length, "likelihood");
  }

  @Test
  void summariesOfPartsOfARowMergeIntoItsLogSumExp() {
    for (int classes : SIZES) {
      Matrix logits = ramp(3, classes);
      float[] whole = new float[3];
      logSumExp().forward(logits, whole);
      int cut = classes / 3;
      Matrix left = Matrix.strided(logits.data(), 0, 3, cut, classes);
      Matrix right = Matrix.strided(logits.data(), cut, 3, classes - cut, classes);
      RowSummary[] first = logSumExp().summaries(left);
      RowSummary[] second = logSumExp().summaries(right);
      for (int row = 0; row < 3; row++) {
        double merged = first[row].merge(second[row]).logSumExp();
        assertEquals(whole[row], merged, 2 * Math.ulp(whole[row]), "row " + row);
      }
    }
  }
}
