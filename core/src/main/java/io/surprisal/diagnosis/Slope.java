package io.surprisal.diagnosis;

import io.surprisal.Matrix;

/**
 * The derivative of a reference loss by one logit, from five values of the loss alone: {@code
 * [8·(L(x+h) − L(x−h)) − (L(x+2h) − L(x−2h))] / 12h}.
 *
 * @param value the derivative
 * @param error what it may be off: the rounding of the losses, and what is left of the Taylor
 *     series
 */
record Slope(double value, double error) {
  /** h; exact beside any logit that is not huge. */
  private static final double STEP = 0x1p-9;

  /** Logits beyond it are left out: the step would be lost in their rounding. */
  private static final double LARGEST_LOGIT = 0x1p30;

  /** The term of h⁴ is less than this of that of h², by which the rule of three points is off. */
  private static final double TRUNCATION = 0x1p-15;

  /** Some 16 roundings of the loss, divided by the step. */
  private static final double ROUNDING = 0x1p-49 / STEP;

  static Slope of(ReferenceLoss reference, int row, Matrix logits, int column) {
    double[] moved = new double[logits.classes()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = logits.get(row, i);
    }
    double logit = moved[column];
    double[] losses = new double[4];
    double[] steps = {-2 * STEP, -STEP, STEP, 2 * STEP};
    double largest = 0;
    for (int i = 0; i < steps.length; i++) {
      moved[column] = logit + steps[i];
      ReferenceRow there = reference.row(row, moved);
      losses[i] = there.loss();
      largest = Math.max(largest, Math.abs(there.loss()));
    }
    double near = losses[2] - losses[1];
    double far = losses[3] - losses[0];
    double value = (8 * near - far) / (12 * STEP);
    double threePoints = near / (2 * STEP);
    double truncation = TRUNCATION * Math.abs(value - threePoints);
    boolean huge = Math.abs(logit) > LARGEST_LOGIT;
    return new Slope(huge ? Double.NaN : value, truncation + ROUNDING * largest);
  }

  /** Whether the loss is finite around the logit, and the logit not huge. */
  boolean isUsable() {
    return Double.isFinite(value) && Double.isFinite(error);
  }
}
