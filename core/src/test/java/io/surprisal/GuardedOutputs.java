package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

/**
 * Every output of a loss, filled with values that no loss gives, guard cells around the gradient,
 * and totals that hold an earlier batch: a refused call must leave all of it as it was.
 */
final class GuardedOutputs {
  static final float GUARD = -12345.5f;

  final float[] losses;
  final float[] gradientData;
  final Matrix gradient;
  final Totals totals;
  private final String totalsBefore;

  GuardedOutputs(LabelledLoss loss, int rows, int classes) {
    losses = filled(rows + 2);
    gradientData = filled(3 + rows * (classes + 2) + 3);
    gradient = Matrix.strided(gradientData, 3, rows, classes, classes + 2);
    totals = loss.newTotals();
    Batch earlier = Batch.of(Matrix.of(new float[] {-1, -2, -3}, 3), Labels.of(1));
    loss.compute(earlier, Outputs.none().withTotals(totals));
    totalsBefore = describe(totals);
  }

  private static float[] filled(int length) {
    float[] values = new float[length];
    Arrays.fill(values, GUARD);
    return values;
  }

  Outputs all() {
    return Outputs.none().withLosses(losses).withTotals(totals).withGradient(gradient);
  }

  void assertUntouched() {
    assertArrayEquals(filled(losses.length), losses, "losses");
    assertArrayEquals(filled(gradientData.length), gradientData, "gradient");
    assertEquals(totalsBefore, describe(totals), "totals");
  }

  private static String describe(Totals totals) {
    return totals + ", weight " + totals.weight() + ", nll " + totals.negativeLogLikelihood();
  }
}
