package io.surprisal.internal;

/**
 * exp, log and log1p of unevaluated sums of two doubles, for the heads of logits in double: within
 * 2^−56 relative, so that a loss is rounded but once. Operations whose bits are the same on every
 * machine, as in {@link Elementary}.
 *
 * <p>TwoSum is exact (Knuth), and so is its short form where the first term is the larger (Dekker
 * 1971, doi 10.1007/BF01397083).
 */
public final class ElementaryPairs {
  /** ln 2 in two parts, the first with 21 trailing zeros: k times it is exact for |k| < 2^20. */
  static final double LN2_HIGH = 0x1.62e42feep-1;

  /** ln 2 − LN2_HIGH within 2^−87. */
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  private static final double ROUNDER = 0x1.8p52;
  private static final double LOG2E = 0x1.71547652b82fep0;

  /** Bits of √½, above which a significand counts as ≥ 1. */
  private static final long SQRT_HALF_BITS = 0x3FE6_A09E_667F_3BCDL;

  private static final int SIGNIFICAND_BITS = 52;
  private static final int BIAS = 1023;

  private ElementaryPairs() {}

  /**
   * 2^k.
   *
   * @param k −1022 to 1023
   */
  static double power(long k) {
    return Double.longBitsToDouble((BIAS + k) << SIGNIFICAND_BITS);
  }

  /** What one + other = sum lost by rounding, exactly. */
  static double lost(double one, double other, double sum) {
    double shadow = sum - one;
    return (one - (sum - shadow)) + (other - shadow);
  }

  /**
   * e^(high + low), for |high| ≤ 708.
   *
   * @param high in place; what is outside becomes anything
   * @param low in place
   * @param first the first pair
   * @param last one past the last
   */
  public static void exp(double[] high, double[] low, int first, int last) {
    for (int i = first; i < last; i++) {
      high[i] = exp(high[i], 0, low, i);
    }
  }

  /**
   * e^(x + low)·2^−exponent, a normal number.
   *
   * <p>x = k·ln 2 + r with r in two parts; e^r = 1 + r + r²·h(r), of which only 1 + r needs its low
   * part: what else rounds is below 2^−57.
   *
   * @param low is added, and takes what the result lost by rounding
   * @param i where
   */
  static double exp(double x, int exponent, double[] low, int i) {
    double z = Math.fma(x, LOG2E, ROUNDER);
    double k = z - ROUNDER;
    double exact = Math.fma(k, -LN2_HIGH, x);
    double rest = k * -LN2_LOW;
    double r = exact + rest;
    double rLow = lost(exact, rest, r) + low[i];
    double r2 = r * r;
    double even = Math.fma(r2, 1.0 / 479001600, 1.0 / 3628800);
    double odd = Math.fma(r2, 1.0 / 6227020800.0, 1.0 / 39916800);
    even = Math.fma(even, r2, 1.0 / 40320);
    odd = Math.fma(odd, r2, 1.0 / 362880);
    even = Math.fma(even, r2, 1.0 / 720);
    odd = Math.fma(odd, r2, 1.0 / 5040);
    even = Math.fma(even, r2, 1.0 / 24);
    odd = Math.fma(odd, r2, 1.0 / 120);
    even = Math.fma(even, r2, 1.0 / 2);
    odd = Math.fma(odd, r2, 1.0 / 6);
    double sum = 1 + r;
    double small = Math.fma(Math.fma(odd, r, even), r2, r - (sum - 1));
    double rounded = sum + small;
    double lost = Math.fma(rLow, rounded, small - (rounded - sum));
    double e = rounded + lost;
    long bits = Double.doubleToRawLongBits(z) + (BIAS - exponent);
    double power = Double.longBitsToDouble(bits << SIGNIFICAND_BITS);
    low[i] = (lost - (e - rounded)) * power;
    return e * power;
  }

  /**
   * log(1 + high + low), with full relative precision where that is small.
   *
   * @param high in place, 0 to 2^1022.4; what is outside becomes anything
   * @param low in place
   * @param first the first pair
   * @param last one past the last
   */
  public static void log1p(double[] high, double[] low, int first, int last) {
    for (int i = first; i < last; i++) {
      double w = high[i];
      long k = exponent(1 + w);
      double power = power(-k);
      double scaled = w * power;
      double one = power - 1;
      double f = scaled + one;
      high[i] = log(k, f, lost(one, scaled, f) + low[i] * power, low, i);
    }
  }

  /**
   * log(high + low).
   *
   * @param high from ½ to 2^1020
   * @param low is added, and takes what the result lost by rounding
   * @param i where
   * @return the logarithm
   */
  static double log(double high, double[] low, int i) {
    long k = exponent(high);
    double power = power(-k);
    return log(k, high * power - 1, low[i] * power, low, i);
  }

  /** The k that leaves 2^−k·x in [√½, √2). */
  private static long exponent(double x) {
    return (Double.doubleToRawLongBits(x) - SQRT_HALF_BITS) >> SIGNIFICAND_BITS;
  }

  /**
   * k·ln 2 + log(1 + f + fLow): with s = f/(2 + f) in two parts, log(1 + f) = 2s + 2s³/3 + …, of
   * which 2s alone needs its low part. The series ends with s^21; what is left out is 1e-18.
   */
  private static double log(long k, double f, double fLow, double[] low, int i) {
    double divisor = 2 + f;
    double inverse = 1 / divisor;
    double s = f * inverse;
    double divisorLow = f - (divisor - 2);
    double remainder = Math.fma(-s, divisor, f) + (fLow - s * (fLow + divisorLow));
    double s2 = s * s;
    double s4 = s2 * s2;
    double even = Math.fma(s4, 2.0 / 19, 2.0 / 15);
    double odd = Math.fma(s4, 2.0 / 21, 2.0 / 17);
    even = Math.fma(even, s4, 2.0 / 11);
    odd = Math.fma(odd, s4, 2.0 / 13);
    even = Math.fma(even, s4, 2.0 / 7);
    odd = Math.fma(odd, s4, 2.0 / 9);
    even = Math.fma(even, s4, 2.0 / 3);
    odd = Math.fma(odd, s4, 2.0 / 5);
    double series = Math.fma(odd, s2, even) * (s2 * s);
    double large = k * LN2_HIGH;
    double twice = 2 * s;
    double sum = large + twice;
    double small = twice - (sum - large);
    small += Math.fma(2 * remainder, inverse, series) + k * LN2_LOW;
    double log = sum + small;
    low[i] = small - (log - sum);
    return log;
  }
}
