package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import org.junit.jupiter.api.Test;

/** One row of 2^24 classes, in 64 MB. */
public abstract class WidestRowContract extends KernelContract {
  private static final int CLASSES = 1 << 24;

  /** Few different logits, so that the oracle is a short sum: class c has that of c mod 8. */
  private static final float[] LOGITS = {-1.25f, 0.5f, 7.75f, -3, 2.5f, -11, 4.125f, 0};

  private static float logit(int column) {
    return LOGITS[column % LOGITS.length];
  }

  private static DoubleDouble exactSum() {
    DoubleDouble sum = DoubleDouble.ZERO;
    for (float logit : LOGITS) {
      sum = sum.plus(DoubleDouble.of(logit).exp());
    }
    return sum.times(CLASSES).times(1.0 / LOGITS.length);
  }

  @Test
  void lossAndGradientKeepTheirBound() {
    float[] data = new float[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      data[c] = logit(c);
    }
    int label = CLASSES - 6;
    float[] losses = new float[1];
    Matrix row = Matrix.of(data, CLASSES);
    crossEntropy()
        .build()
        .compute(
            Batch.of(row, Labels.of(label)), Outputs.none().withLosses(losses).withGradient(row));
    DoubleDouble sum = exactSum();
    double exact = sum.log().minus(DoubleDouble.of(logit(label))).value();
    assertTrue(Errors.ulps(losses[0], exact) <= 4, () -> losses[0] + ", exactly " + exact);
    assertGradient(data, sum, label);
  }

  private static void assertGradient(float[] gradient, DoubleDouble sum, int label) {
    double[] probabilities = new double[LOGITS.length];
    for (int i = 0; i < LOGITS.length; i++) {
      probabilities[i] = DoubleDouble.of(LOGITS[i]).exp().dividedBy(sum).value();
    }
    double largest = 0;
    for (int c = 0; c < CLASSES; c++) {
      double p = probabilities[c % LOGITS.length];
      largest = Math.max(largest, Errors.ulps(gradient[c], c == label ? p - 1 : p));
    }
    assertTrue(largest <= 4, "gradient is off by " + largest + " ulp");
  }
}
