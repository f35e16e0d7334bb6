package io.surprisal.internal;

/**
 * exp, log and log1p in double, by polynomials of our own, so that their bits are the same on every
 * machine and in every compiler: additions, multiplications, divisions and fused multiply-adds
 * alone.
 *
 * <p>Faster than {@link StrictMath}, and without branches on the usual arguments. Error: exp within
 * 1.1 ulp of double (1.03 measured, where x is near (k + ½)·ln 2), log and log1p within 1 ulp
 * (0.994 and 0.918); held by {@code ElementaryExhaustiveTest} against double-double arithmetic.
 */
public final class Elementary {
  /** 1.5·2^52: adding it rounds to an integer, which stands in the low bits of the sum. */
  private static final double ROUNDER = 0x1.8p52;

  private static final double LOG2E = 0x1.71547652b82fep0;

  /** What {@link #exp} takes. */
  private static final double LARGEST_EXPONENT = 700;

  /** ln 2 in two parts, the first with 21 trailing zeros: k times it is exact for |k| < 2^20. */
  private static final double LN2_HIGH = 0x1.62e42feep-1;

  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Bits of √½, above which a significand counts as ≥ 1. */
  private static final long SQRT_HALF_BITS = 0x3FE6_A09E_667F_3BCDL;

  private Elementary() {}

  /**
   * e^x for |x| ≤ 700.
   *
   * <p>x = k·ln 2 + r; e^r by its Taylor polynomial of degree 13, whose remainder at |r| ≤ 0.3466
   * is 4e-18.
   *
   * @param x the exponent
   * @return e^x
   */
  public static double exp(double x) {
    double z = Math.fma(x, LOG2E, ROUNDER);
    double k = z - ROUNDER;
    double r = Math.fma(k, -LN2_HIGH, x);
    r = Math.fma(k, -LN2_LOW, r);
    double r2 = r * r;
    // Even and odd powers apart, each by Horner's rule.
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
    double high = Math.fma(odd, r, even);
    double p = 1 + Math.fma(high, r2, r);
    long exponent = Double.doubleToRawLongBits(z) + 1023;
    return p * Double.longBitsToDouble(exponent << 52);
  }

  /**
   * log(1 + w), with full relative precision for small w.
   *
   * @param w 0 or more, finite
   * @return log(1 + w)
   */
  public static double log1p(double w) {
    double u = 1 + w;
    double lost = w - (u - 1);
    return log(u, lost / u);
  }

  /**
   * base^exponent, by exp and log: within (3 + |exponent·log base|) ulp.
   *
   * @param base from 0 to 1
   * @param exponent 0 or more; anything to the power of 0 is 1
   * @return the power, 0 where it is below e^−700
   */
  static double power(double base, double exponent) {
    if (exponent == 0) {
      return 1;
    }
    return expOfMinus(-exponent * log(base));
  }

  /**
   * e^−z.
   *
   * @param z 0 or more, +∞ too
   * @return 0 where it is below e^−700
   */
  static double expOfMinus(double z) {
    return z > LARGEST_EXPONENT ? 0 : exp(-z);
  }

  /**
   * 1 − e^−z, with full relative precision for small z: what the rounded exponential u is off is
   * divided out again, as (1 − u)·z/(−log u) (Kahan).
   *
   * @param z 0 or more, +∞ too
   * @return from 0 to 1
   */
  static double oneMinusExp(double z) {
    double u = expOfMinus(z);
    if (u == 0 || u == 1) {
      return u == 0 ? 1 : z;
    }
    return (1 - u) * (z / -log(u));
  }

  /**
   * log x.
   *
   * @param x 0 or more
   * @return −∞ for 0, and +∞ and NaN for themselves
   */
  public static double log(double x) {
    return x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE ? log(x, 0) : StrictMath.log(x);
  }

  /**
   * log x + correction for normal x.
   *
   * <p>x = 2^k·m, m in [√½, √2), s = (m − 1)/(m + 1): log m = 2·atanh s = 2s + 2s³/3 + …, |s| ≤
   * 0.1716, by its Taylor polynomial up to s^19, whose remainder is 3e-17 relative.
   */
  private static double log(double x, double correction) {
    long bits = Double.doubleToRawLongBits(x);
    long k = (bits - SQRT_HALF_BITS) >> 52;
    double f = Double.longBitsToDouble(bits - (k << 52)) - 1;
    double s = f / (2 + f);
    double s2 = s * s;
    double s4 = s2 * s2;
    double even = Math.fma(s4, 2.0 / 19, 2.0 / 15);
    double odd = Math.fma(s4, 2.0 / 17, 2.0 / 13);
    even = Math.fma(even, s4, 2.0 / 11);
    odd = Math.fma(odd, s4, 2.0 / 9);
    even = Math.fma(even, s4, 2.0 / 7);
    odd = Math.fma(odd, s4, 2.0 / 5);
    even = Math.fma(even, s4, 2.0 / 3);
    // log(1 + f) = f − f²/2 + s·(f²/2 + R), R = 2s²/3 + …: f itself stays exact.
    double rest = Math.fma(odd, s4, even * s2);
    double half = 0.5 * f * f;
    double small = Math.fma(s, half + rest, correction + k * LN2_LOW);
    return k * LN2_HIGH + (f - (half - small));
  }
}
