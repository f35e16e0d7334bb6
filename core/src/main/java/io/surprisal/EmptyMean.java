package io.surprisal;

import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.util.List;

/** What the mean is where its divisor is 0: no rows, all rows ignored, or no weight. */
public enum EmptyMean {
  /** NaN, as in PyTorch; the gradient is 0. */
  NAN,
  /** 0; the gradient is 0. */
  ZERO,
  /** An {@link IllegalStateException}, before any gradient is written. */
  THROW;

  /** The place of a policy is its code in wire forms. */
  private static final List<EmptyMean> CODES = List.of(NAN, ZERO, THROW);

  void writeTo(WireWriter out) {
    out.octet(CODES.indexOf(this));
  }

  static EmptyMean readFrom(WireReader in) {
    return CODES.get(in.choice("the policy for an empty mean", CODES.size()));
  }

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
