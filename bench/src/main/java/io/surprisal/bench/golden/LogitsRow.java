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
    max = max();
    sum = sum();
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

  private double max() {
    double largest = Double.NEGATIVE_INFINITY;
    for (int column = 0; column < classes; column++) {
      largest = Math.max(largest, logit(column));
    }
    return largest;
  }

  private double sum() {
    double total = 0;
    for (int column = 0; column < classes; column++) {
      total += Math.exp(logit(column) - max);
    }
    return total;
  }
}
