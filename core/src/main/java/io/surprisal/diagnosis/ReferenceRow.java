package io.surprisal.diagnosis;

import java.util.Arrays;
import java.util.Objects;

/**
 * The loss of one row in double arithmetic, its gradient, and the numbers whose ulp their bounds
 * count.
 *
 * @param loss L, the row's weight included, in nats
 * @param lossScale the loss itself where its formula subtracts nothing, else the largest of the
 *     sums that are subtracted
 * @param gradient {@code [classes]}: ∂L/∂x_c
 * @param gradientScale {@code [classes]}: the largest term of each entry's formula, or the entry
 *     where that is larger
 * @param probabilityFactor what multiplies the probabilities in the gradient: 2^−126 of it may be
 *     lost where a probability underflows
 */
public record ReferenceRow(
    double loss,
    double lossScale,
    double[] gradient,
    double[] gradientScale,
    double probabilityFactor) {

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if they differ
   */
  public ReferenceRow {
    Objects.requireNonNull(gradient, "gradient");
    Objects.requireNonNull(gradientScale, "gradientScale");
    if (gradientScale.length != gradient.length) {
      throw new IllegalArgumentException(
          "gradientScale.length = "
              + gradientScale.length
              + " is not gradient.length, "
              + gradient.length);
    }
  }

  /**
   * A row whose formulas add up nothing: each result is its own scale.
   *
   * @param loss L, in nats
   * @param gradient {@code [classes]}: ∂L/∂x_c
   * @return the row
   */
  public static ReferenceRow of(double loss, double... gradient) {
    return new ReferenceRow(loss, loss, gradient, gradient, 1);
  }

  /** A row that does not count. */
  static ReferenceRow ignored(int classes) {
    return of(0, new double[classes]);
  }

  /** A row that has no loss: of only −∞, or with +∞ or NaN. */
  static ReferenceRow undefined(int classes) {
    double[] gradient = new double[classes];
    Arrays.fill(gradient, Double.NaN);
    return of(Double.NaN, gradient);
  }
}
