package io.surprisal.diagnosis;

import java.util.Objects;

/**
 * How far a loss and its gradient in float lie from their reference in double, at the worst.
 *
 * @param losses the row losses
 * @param gradient the gradient, beside the reference's
 * @param slopes the gradient of some classes of each row, beside the slope of the reference's loss:
 *     finite differences, that know nothing of the formula of the gradient
 */
public record LossReport(Discrepancy losses, Discrepancy gradient, Discrepancy slopes) {
  /** Checks that all parts are there. */
  public LossReport {
    Objects.requireNonNull(losses, "losses");
    Objects.requireNonNull(gradient, "gradient");
    Objects.requireNonNull(slopes, "slopes");
  }

  /**
   * Whether every result is as near as this.
   *
   * @param ulps the bound, in ulp of the scale; the losses of the library keep 4
   * @return false if one is farther
   */
  public boolean isWithin(double ulps) {
    return losses.ulps() <= ulps && gradient.ulps() <= ulps && slopes.ulps() <= ulps;
  }

  /** A line a part, each with its worst row and class. */
  @Override
  public String toString() {
    return "losses: " + losses + "\ngradient: " + gradient + "\nslopes: " + slopes;
  }
}
