package io.surprisal.bench.neighbours;

import java.util.Arrays;

/** Loss and accuracy by their definitions, in double: what the recipes must come to. */
final class Definition {
  private Definition() {}

  /** Mean of log Σ exp(x) − x_y. */
  static double meanLoss(double[][] logits, int[] labels) {
    double sum = 0;
    for (int row = 0; row < logits.length; row++) {
      sum += Math.log(Arrays.stream(logits[row]).map(Math::exp).sum()) - logits[row][labels[row]];
    }
    return sum / logits.length;
  }

  /** The share of rows whose label has the largest logit. */
  static double accuracy(double[][] logits, int[] labels) {
    int right = 0;
    for (int row = 0; row < logits.length; row++) {
      double largest = Arrays.stream(logits[row]).max().orElseThrow();
      right += logits[row][labels[row]] == largest ? 1 : 0;
    }
    return (double) right / logits.length;
  }
}
