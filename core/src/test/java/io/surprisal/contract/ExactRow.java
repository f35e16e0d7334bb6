package io.surprisal.contract;

/**
 * What the functions of one row of logits are, beyond the precision of what is tested: the oracle.
 *
 * <p>With M the row's maximum and R the sum of e^(x − M) over every class but one that has it:
 *
 * <pre>
 *   lse = M + log1p(R)       −log p_y = (M − x_y) + log1p(R)       p_c = e^(x_c − M) / (1 + R)
 * </pre>
 *
 * <p>Only numbers of one sign are added in −log p and 1 − p, so that the most confident row keeps
 * its digits.
 */
public final class ExactRow {
  private final double[] logits;
  private final double[] exponentials;
  private final double maximum;
  private final DoubleDouble rest;
  private final DoubleDouble logSum;

  private ExactRow(double[] logits) {
    this.logits = logits;
    maximum = maximum(logits);
    exponentials = new double[logits.length];
    rest = isRegular() ? exponentiate() : DoubleDouble.ZERO;
    logSum = rest.log1p();
  }

  /** A row of an array. */
  public static ExactRow of(float[] data, int start, int classes) {
    double[] logits = new double[classes];
    for (int i = 0; i < classes; i++) {
      logits[i] = data[start + i];
    }
    return new ExactRow(logits);
  }

  /** A row of doubles. */
  public static ExactRow of(double... logits) {
    return new ExactRow(logits.clone());
  }

  /** The largest logit; NaN if one is NaN. */
  private static double maximum(double[] logits) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      maximum = Math.max(maximum, logit);
    }
    return maximum;
  }

  private DoubleDouble exponentiate() {
    DoubleDouble sum = DoubleDouble.ZERO;
    boolean maximumSeen = false;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] == maximum) {
        exponentials[i] = 1;
        sum = maximumSeen ? sum.plus(DoubleDouble.ONE) : sum;
        maximumSeen = true;
      } else if (logits[i] > Double.NEGATIVE_INFINITY) {
        DoubleDouble exponential = DoubleDouble.sum(logits[i], -maximum).exp();
        exponentials[i] = exponential.value();
        sum = sum.plus(exponential);
      }
    }
    return sum;
  }

  /** Whether some logit is above −∞ and none is +∞ or NaN. */
  public boolean isRegular() {
    return Double.isFinite(maximum);
  }

  /** Number of classes. */
  public int classes() {
    return logits.length;
  }

  /** A class's logit. */
  public double logit(int column) {
    return logits[column];
  }

  /** log Σ exp(x). */
  public DoubleDouble logSumExp() {
    return isRegular() ? DoubleDouble.of(maximum).plus(logSum) : DoubleDouble.of(maximum);
  }

  /** p_c; NaN in a row that is not regular. */
  public double probability(int column) {
    return isRegular() ? exponentials[column] / (1 + rest.value()) : Double.NaN;
  }

  /** 1 − p_c. */
  public double complement(int column) {
    if (!isRegular()) {
      return Double.NaN;
    }
    DoubleDouble sum = rest.plus(DoubleDouble.ONE);
    DoubleDouble others =
        logits[column] == maximum ? rest : sum.minus(DoubleDouble.of(exponentials[column]));
    return others.dividedBy(sum).value();
  }

  /** −log p_c; NaN in a row that is not regular. */
  public DoubleDouble surprisal(int column) {
    if (!isRegular()) {
      return DoubleDouble.of(Double.NaN);
    }
    if (logits[column] == Double.NEGATIVE_INFINITY) {
      return DoubleDouble.of(Double.POSITIVE_INFINITY);
    }
    return DoubleDouble.sum(maximum, -logits[column]).plus(logSum);
  }
}
