package io.surprisal.diagnosis;

/**
 * What softmax makes of one row. With M the largest logit and R the sum of e^(x − M) over every
 * class but one that has it:
 *
 * <pre>
 *   lse = M + log1p(R)      −log p_c = (M − x_c) + log1p(R)      p_c = e^(x_c − M)/(1 + R)
 * </pre>
 *
 * <p>In −log p and 1 − p only numbers of one sign meet: they keep their digits where the row is
 * sure of a class, and under any common offset.
 */
final class ReferenceSoftmax {
  private final double[] logits;
  private final double[] exps;
  private double maximum = Double.NEGATIVE_INFINITY;
  private int likeliest;

  /** R. */
  private double rest;

  ReferenceSoftmax(double[] logits) {
    this.logits = logits;
    exps = new double[logits.length];
    findMaximum();
    if (isDefined()) {
      addUp();
    }
  }

  private void findMaximum() {
    for (int i = 0; i < logits.length && !Double.isNaN(maximum); i++) {
      if (!(logits[i] <= maximum)) {
        maximum = logits[i];
        likeliest = i;
      }
    }
  }

  private void addUp() {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < logits.length; i++) {
      exps[i] = StrictMath.exp(logits[i] - maximum);
      sum.add(i == likeliest ? 0 : exps[i]);
    }
    rest = sum.value();
  }

  /** Whether some logit is above −∞ and none is +∞ or NaN. */
  boolean isDefined() {
    return Double.isFinite(maximum);
  }

  int classes() {
    return logits.length;
  }

  double logit(int column) {
    return logits[column];
  }

  double logSumExp() {
    return maximum + StrictMath.log1p(rest);
  }

  double probability(int column) {
    return exps[column] / (1 + rest);
  }

  /** 1 − p. */
  double complement(int column) {
    // The others hold the 1 of the likeliest: subtracting at most another 1 loses one bit.
    double others = column == likeliest ? rest : 1 + rest - exps[column];
    return others / (1 + rest);
  }

  /** −log p. */
  double surprisal(int column) {
    return (maximum - logits[column]) + StrictMath.log1p(rest);
  }
}
