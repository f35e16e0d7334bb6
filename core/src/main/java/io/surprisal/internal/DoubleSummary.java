package io.surprisal.internal;

/**
 * A running {@code Σ exp(x) = (sum + low) · 2^exponent · e^origin} of logits in double that others
 * are merged into: {@link Summary} with twice the digits.
 *
 * <p>A finite sum that is not 0 is kept from 1 to 2, so that nothing overflows in what is made of
 * it.
 */
final class DoubleSummary {
  /** Values whose frames are so far apart, in nats, are nothing beside each other. */
  private static final double FARTHEST = 1e5;

  /** The sum S, rounded; 0 for no terms, +∞ where a term is +∞, NaN where one is NaN. */
  double sum;

  /** What the sum lost by rounding. */
  double low;

  /** The exponent N. */
  int exponent;

  /** The origin a. */
  double origin;

  private int power;
  private double scaledLow;
  private final double[] factor = new double[1];
  private final double[] factorLow = new double[1];

  DoubleSummary() {}

  /** Makes it empty. */
  void clear() {
    set(0, 0, 0, 0);
  }

  private void set(double sum, double low, int exponent, double origin) {
    this.sum = sum;
    this.low = low;
    this.exponent = exponent;
    this.origin = origin;
  }

  /** Merges another summary into this one. */
  void merge(double otherSum, double otherLow, int otherExponent, double otherOrigin) {
    if (otherSum == 0) {
      return;
    }
    boolean empty = sum == 0;
    if (!Double.isFinite(sum) || !Double.isFinite(otherSum)) {
      // NaN wins over +∞, +∞ over every number; their frame is the plain one.
      set(sum + otherSum, 0, 0, 0);
      return;
    }
    int shift = Math.getExponent(otherSum);
    double normal = Math.scalb(otherSum, -shift);
    double normalLow = Math.scalb(otherLow, -shift);
    if (empty) {
      set(normal, normalLow, otherExponent + shift, otherOrigin);
    } else {
      mergeNormal(normal, normalLow, otherExponent + shift, otherOrigin);
    }
  }

  private void mergeNormal(double otherSum, double otherLow, int otherExponent, double other) {
    double difference = (origin - other) + (exponent - otherExponent) * Summary.LN2;
    if (difference > 0 || (difference == 0 && origin >= other)) {
      scale(otherSum, otherLow, otherExponent, other, exponent, origin);
    } else {
      scale(sum, low, exponent, origin, otherExponent, other);
      set(otherSum, otherLow, otherExponent, other);
    }
    // The smaller one is in factor and factorLow.
    double total = sum + factor[0];
    double lost = ElementaryPairs.lost(sum, factor[0], total) + (low + factorLow[0]);
    sum = total + lost;
    low = lost - (sum - total);
    if (sum >= 2) {
      sum /= 2;
      low /= 2;
      exponent++;
    }
  }

  /** Brings a sum into a larger frame, in {@link #factor} and {@link #factorLow}. */
  private void scale(double s, double l, int from, double fromOrigin, int to, double toOrigin) {
    setFactor(from, fromOrigin, to, toOrigin);
    factor[0] = scaled(s, l);
    factorLow[0] = scaledLow;
  }

  /** A value times what {@link #setFactor} found, power of two and all. */
  double scaled(double value, double valueLow) {
    double product = value * factor[0];
    double lost =
        Math.fma(value, factor[0], -product) + (value * factorLow[0] + valueLow * factor[0]);
    scaledLow = Math.scalb(lost, power);
    return Math.scalb(product, power);
  }

  /** What {@link #scaled} lost by rounding. */
  double scaledLow() {
    return scaledLow;
  }

  /**
   * Finds what a value in one frame is multiplied by to stand in another, {@code 2^(from − to) ·
   * e^(fromOrigin − toOrigin)}, as {@code (factor + factorLow)·2^power}.
   */
  void setFactor(int from, double fromOrigin, int to, double toOrigin) {
    factor[0] = 1;
    factorLow[0] = 0;
    power = from - to;
    if (fromOrigin == toOrigin) {
      return;
    }
    double origins = fromOrigin - toOrigin;
    double exponents = origins + (from - to) * Summary.LN2;
    if (!(Math.abs(exponents) <= FARTHEST)) {
      factor[0] = 0;
      return;
    }
    power = (int) Math.rint(exponents / Summary.LN2);
    int left = from - to - power;
    double powers = left * ElementaryPairs.LN2_HIGH;
    double rest = left * ElementaryPairs.LN2_LOW;
    double sum = origins + powers;
    factor[0] = sum + rest;
    factorLow[0] =
        ElementaryPairs.lost(fromOrigin, -toOrigin, origins)
            + ElementaryPairs.lost(origins, powers, sum)
            + ElementaryPairs.lost(sum, rest, factor[0]);
    ElementaryPairs.exp(factor, factorLow, 0, 1);
  }

  /** What {@link #setFactor} found, rounded: 0, or from ½ to 2. */
  double factor() {
    return factor[0];
  }

  /** What the factor lost by rounding. */
  double factorLow() {
    return factorLow[0];
  }

  /** The power of two beside it. */
  int power() {
    return power;
  }
}
