package io.surprisal.bench.peers;

import io.surprisal.bench.workload.LogitsBatch;

/**
 * Losses and gradients in double, from the same float logits: row loss = (max − label's logit) +
 * log1p(Σ exp(logit − max) over all others but one maximum). No term cancels another, so that even
 * a loss near 0 has some 50 bits.
 */
final class ExactLosses {
  private final LogitsBatch batch;
  private final double[] losses;
  private final double[] logSumExps;

  ExactLosses(LogitsBatch batch) {
    this.batch = batch;
    losses = new double[batch.shape().rows()];
    logSumExps = new double[losses.length];
    for (int row = 0; row < losses.length; row++) {
      int at = indexOfLargest(row);
      double largest = logit(row, at);
      double log = Math.log1p(sumOfOthers(row, at));
      losses[row] = largest - logit(row, batch.labels().get(row)) + log;
      logSumExps[row] = largest + log;
    }
  }

  private double logit(int row, int column) {
    return batch.logits().data()[row * batch.shape().classes() + column];
  }

  private int indexOfLargest(int row) {
    int at = 0;
    for (int i = 1; i < batch.shape().classes(); i++) {
      at = logit(row, i) > logit(row, at) ? i : at;
    }
    return at;
  }

  private double sumOfOthers(int row, int at) {
    double sum = 0;
    for (int i = 0; i < batch.shape().classes(); i++) {
      sum += i == at ? 0 : Math.exp(logit(row, i) - logit(row, at));
    }
    return sum;
  }

  int rows() {
    return losses.length;
  }

  double loss(int row) {
    return losses[row];
  }

  double meanLoss() {
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum / losses.length;
  }

  /** An entry of the gradient of the sum of losses. */
  double gradientOfSum(int row, int column) {
    return isLabel(row, column)
        ? Math.expm1(-losses[row])
        : Math.exp(logit(row, column) - logSumExps[row]);
  }

  boolean isLabel(int row, int column) {
    return batch.labels().get(row) == column;
  }
}
