package io.surprisal;

import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;

/**
 * How sums become a mean: totals add up only if they do it alike.
 *
 * @param divisor what the sum is divided by
 * @param emptyMean what the mean of nothing is
 */
record Reduction(Divisor divisor, EmptyMean emptyMean) {
  static Reduction readFrom(WireReader in) {
    return new Reduction(Divisor.readFrom(in), EmptyMean.readFrom(in));
  }

  void writeTo(WireWriter out) {
    divisor.writeTo(out);
    emptyMean.writeTo(out);
  }

  /** Refuses to add up what is divided differently. */
  void checkSame(Reduction other) {
    if (!equals(other)) {
      throw new IllegalArgumentException("totals by " + other + " do not add to totals by " + this);
    }
  }

  @Override
  public String toString() {
    return divisor + " and EmptyMean." + emptyMean;
  }
}
