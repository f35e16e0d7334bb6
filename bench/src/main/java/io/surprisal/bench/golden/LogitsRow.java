package io.surprisal.bench.golden;

/**
 * Softmax of one row in plain double arithmetic: what the library's documentation says, written
 * without any of its code.
 */
final class LogitsRow {
  private final float[] input;
  private final int start;
  private final int classes;
  private final double max;
  private final double sum;
  private final boolean undefined;
  private final boolean positiveInfinity;
  private final boolean notANumber;

  LogitsRow(GoldenCase problem, int row) {
    input = problem.input();
    classes = problem.classes();
    start = row * classes;
    max = max(-1);
    sum = sum(-1, max);
    notANumber = Double.isNaN(max);
    positiveInfinity = max == Double.POSITIVE_INFINITY;
    undefined = notANumber || Double.isInfinite(max);
  }

  double logit(int column) {
    return input[start + column];
  }

  /** Whether softmax is not defined: only −∞, or +∞ or NaN anywhere. */
  boolean undefined() {
    return undefined;
  }

  boolean positiveInfinity() {
    return positiveInfinity;
  }

  double logSumExp() {
    return undefined ? max : max + Math.log(sum);
  }

  double probability(int column) {
    return undefined ? Double.NaN : Math.exp(logit(column) - max) / sum;
  }

  /** log p: the shift first, so that a common offset costs no digits. */
  double logProbability(int column) {
    return undefined ? Double.NaN : logit(column) - max - Math.log(sum);
  }

  /** log((1 − p) / p) of a class, from the sum of the others, never by subtraction from 1. */
  private double oddsAgainst(int label) {
    double othersMax = max(label);
    return othersMax == Double.NEGATIVE_INFINITY
        ? Double.NEGATIVE_INFINITY
        : othersMax - logit(label) + Math.log(sum(label, othersMax));
  }

  /** −log p of a class: softplus of its odds. */
  double surprisal(int label) {
    if (undefined) {
      return Double.NaN;
    }
    double odds = oddsAgainst(label);
    return Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
  }

  /** 1 − p of a class. */
  double complement(int label) {
    return undefined ? Double.NaN : 1 / (1 + Math.exp(-oddsAgainst(label)));
  }

  private double max(int without) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int column = 0; column < classes; column++) {
      if (column != without) {
        largest = Math.max(largest, logit(column));
      }
    }
    return largest;
  }

  private double sum(int without, double shift) {
    double total = 0;
    for (int column = 0; column < classes; column++) {
      if (column != without) {
        total += Math.exp(logit(column) - shift);
      }
    }
    return total;
  }
}
