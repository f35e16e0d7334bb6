package io.surprisal.contract;

/**
 * An unevaluated sum of two doubles, some 106 bits: the arithmetic of the oracle.
 *
 * <p>TwoSum and the product by FMA are exact (Knuth; Dekker 1971, doi 10.1007/BF01397083); the
 * elementary functions are within 1e-28 relative, which {@code DoubleDoubleTest} holds against
 * series in {@code BigDecimal}. Shares no code with the library.
 *
 * @param high the value rounded to double
 * @param low what rounding lost
 */
public record DoubleDouble(double high, double low) {
  /** Zero. */
  public static final DoubleDouble ZERO = new DoubleDouble(0, 0);

  /** One. */
  public static final DoubleDouble ONE = new DoubleDouble(1, 0);

  /** ln 2 in three parts: k times the last still counts at k = 1000. */
  private static final DoubleDouble LN2 =
      new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

  private static final double LN2_LOWEST = 0x1.7b57a079a1934p-111;

  /** The argument of the series is halved six times: |r| ≤ 0.0055, and 12 terms give 1e-33. */
  private static final int HALVINGS = 6;

  private static final DoubleDouble[] INVERSE_FACTORIALS = inverseFactorials(13);

  /** Below this e^x is 0 for every purpose of ours, and its low part would be subnormal. */
  private static final double UNDERFLOW = -660;

  private static DoubleDouble[] inverseFactorials(int count) {
    DoubleDouble[] inverses = new DoubleDouble[count];
    inverses[0] = ONE;
    for (int i = 1; i < count; i++) {
      inverses[i] = inverses[i - 1].dividedBy(of(i));
    }
    return inverses;
  }

  /** A double, exactly. */
  public static DoubleDouble of(double value) {
    return new DoubleDouble(value, 0);
  }

  /** The sum of two doubles, exactly. */
  public static DoubleDouble sum(double one, double other) {
    double sum = one + other;
    double shadow = sum - one;
    return new DoubleDouble(sum, (one - (sum - shadow)) + (other - shadow));
  }

  /** The product of two doubles, exactly. */
  public static DoubleDouble product(double one, double other) {
    double product = one * other;
    return new DoubleDouble(product, Math.fma(one, other, -product));
  }

  /** Both parts as one double. */
  public double value() {
    return high + low;
  }

  private static DoubleDouble renormalized(double large, double small) {
    double sum = large + small;
    return new DoubleDouble(sum, small - (sum - large));
  }

  /** This + other. */
  public DoubleDouble plus(DoubleDouble other) {
    DoubleDouble highs = sum(high, other.high);
    DoubleDouble lows = sum(low, other.low);
    DoubleDouble sum = renormalized(highs.high, highs.low + lows.high);
    return renormalized(sum.high, sum.low + lows.low);
  }

  /** −this. */
  public DoubleDouble negated() {
    return new DoubleDouble(-high, -low);
  }

  /** This − other. */
  public DoubleDouble minus(DoubleDouble other) {
    return plus(other.negated());
  }

  /** This · other. */
  public DoubleDouble times(DoubleDouble other) {
    DoubleDouble product = product(high, other.high);
    return renormalized(product.high, product.low + (high * other.low + low * other.high));
  }

  /** This · other. */
  public DoubleDouble times(double other) {
    return times(of(other));
  }

  /** This / other, by long division in three steps. */
  public DoubleDouble dividedBy(DoubleDouble other) {
    double first = high / other.high;
    DoubleDouble rest = minus(other.times(first));
    double second = rest.high / other.high;
    rest = rest.minus(other.times(second));
    return renormalized(first, second).plus(of(rest.high / other.high));
  }

  private DoubleDouble scaled(int exponent) {
    return new DoubleDouble(Math.scalb(high, exponent), Math.scalb(low, exponent));
  }

  /** e^this. */
  public DoubleDouble exp() {
    if (high < UNDERFLOW) {
      return ZERO;
    }
    int exponent = (int) Math.rint(high / LN2.high);
    return reduced(exponent).smallExpm1().plus(ONE).scaled(exponent);
  }

  /** e^this − 1, without cancellation. */
  public DoubleDouble expm1() {
    if (high < UNDERFLOW) {
      return ONE.negated();
    }
    int exponent = (int) Math.rint(high / LN2.high);
    DoubleDouble small = reduced(exponent).smallExpm1();
    return exponent == 0 ? small : small.plus(ONE).scaled(exponent).minus(ONE);
  }

  private DoubleDouble reduced(int exponent) {
    if (exponent == 0) {
      return this;
    }
    return minus(LN2.times(exponent)).minus(of(LN2_LOWEST * exponent));
  }

  /** e^this − 1 for |this| ≤ 0.35: Taylor's series of this/2^6, then (1 + s)² − 1 = 2s + s². */
  private DoubleDouble smallExpm1() {
    DoubleDouble argument = scaled(-HALVINGS);
    DoubleDouble series = INVERSE_FACTORIALS[INVERSE_FACTORIALS.length - 1];
    for (int i = INVERSE_FACTORIALS.length - 2; i > 0; i--) {
      series = series.times(argument).plus(INVERSE_FACTORIALS[i]);
    }
    DoubleDouble result = series.times(argument);
    for (int i = 0; i < HALVINGS; i++) {
      result = result.scaled(1).plus(result.times(result));
    }
    return result;
  }

  /** log(1 + this) for this ≥ 0, with full relative accuracy: one Newton step on expm1. */
  public DoubleDouble log1p() {
    if (high == 0) {
      return ZERO;
    }
    DoubleDouble start = of(StrictMath.log1p(high));
    DoubleDouble reached = start.expm1();
    DoubleDouble step = minus(reached).dividedBy(reached.plus(ONE));
    // log(1 + step) = step − step²/2: the step is some 1e-16 of the result.
    return start.plus(step).minus(step.times(step).scaled(-1));
  }

  /** log this, for this > 0. */
  public DoubleDouble log() {
    if (high >= 1) {
      return minus(ONE).log1p();
    }
    return ONE.dividedBy(this).minus(ONE).log1p().negated();
  }
}
