package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Negative log-likelihood of log-probabilities in double: two roundings, in double. */
class DoubleLikelihoodTest {
  private static final double FIRST = -1.0 / 3;
  private static final double LAST = -2.0 / 7;
  private static final float WEIGHT = 0.3f;

  private final double[] data = {FIRST, -9, -9, Double.NaN, -5, LAST, -9, -9, Double.NaN};
  private final Matrix logProbabilities = Matrix.of(data, 3, 3);
  private final Labels labels = Labels.of(0, -100, 1);
  private final NegativeLogLikelihood loss =
      NegativeLogLikelihood.builder().classWeights(WEIGHT, 2, 1).divisor(Divisor.ONE).build();

  @Test
  void lossesKeepTheDigitsOfDoubles() {
    double[] losses = new double[3];
    Batch batch = Batch.of(logProbabilities, labels).withSampleWeights(new float[] {3, 1, 1});
    Totals totals = loss.newTotals();
    loss.compute(batch, Outputs.none().withLosses(losses).withTotals(totals));
    assertArrayEquals(new double[] {WEIGHT * 3.0 * -FIRST, 0, 18}, losses);
    assertEquals(WEIGHT * 3.0 * -FIRST + 18, totals.sum());
  }

  @Test
  void gradientIsWrittenAndAddedInDouble() {
    double[] gradient = new double[9];
    Matrix matrix = Matrix.of(gradient, 3, 3);
    Batch batch = Batch.of(logProbabilities, labels);
    double upstream = 1.0 / 3;
    Gradient into = Gradient.into(matrix).withUpstream(upstream);
    loss.compute(batch, Outputs.none().withGradient(into));
    double[] expected = {-(upstream * WEIGHT), 0, 0, 0, 0, 0, 0, -(upstream * 2), 0};
    assertArrayEquals(expected, gradient);
    Gradient added = Gradient.addedTo(matrix).withUpstream(upstream);
    loss.compute(batch, Outputs.none().withGradient(added));
    assertEquals(2 * expected[0], gradient[0]);
    assertEquals(2 * expected[7], gradient[7]);
  }

  @Test
  void gradientMayTakeThePlaceOfTheLogProbabilities() {
    loss.compute(Batch.of(logProbabilities, labels), Outputs.none().withGradient(logProbabilities));
    assertArrayEquals(new double[] {-WEIGHT, 0, 0, 0, 0, 0, 0, -2, 0}, data);
  }

  @Test
  void notANumberIsTheCanonicalOne() {
    double negative = Double.longBitsToDouble(0xFFF8_0000_0000_0001L);
    double[] losses = new double[1];
    Batch batch = Batch.of(Matrix.of(new double[] {negative}, 1, 1), Labels.of(0));
    NegativeLogLikelihood.standard().compute(batch, Outputs.none().withLosses(losses));
    assertEquals(0x7FF8_0000_0000_0000L, Double.doubleToRawLongBits(losses[0]));
  }
}
