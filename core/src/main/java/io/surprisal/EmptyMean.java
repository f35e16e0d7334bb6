package io.surprisal;

/** What the mean is where its divisor is 0: no rows, all rows ignored, or no weight. */
public enum EmptyMean {
  /** NaN, as in PyTorch; the gradient is 0. */
  NAN,
  /** 0; the gradient is 0. */
  ZERO,
  /** An {@link IllegalStateException}, before any gradient is written. */
  THROW;

  /** The mean, or this policy's answer where the divisor is 0. */
  double mean(double sum, double divisor) {
    if (divisor != 0) {
      return sum / divisor;
    }
    check(divisor);
    return this == NAN ? Double.NaN : 0;
  }

  /** Refuses a divisor of 0 where this policy does. */
  void check(double divisor) {
    if (divisor == 0 && this == THROW) {
      throw new IllegalStateException(
          "the mean is empty: its divisor is 0 (no rows, all ignored, or no weight)");
    }
  }
}
