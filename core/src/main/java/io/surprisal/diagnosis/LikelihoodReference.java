package io.surprisal.diagnosis;

import io.surprisal.Batch;
import io.surprisal.NegativeLogLikelihood;

/** {@code L = −v·w_y·r_y} of given log-probabilities r, and its gradient {@code −v·w_y} at y. */
record LikelihoodReference(NegativeLogLikelihood loss, Batch batch) implements ReferenceLoss {
  @Override
  public ReferenceRow row(int row, double[] logProbabilities) {
    if (loss.isIgnored(batch, row)) {
      return ReferenceRow.ignored(logProbabilities.length);
    }
    int label = batch.labels().get(row);
    double weight = batch.sampleWeight(row) * loss.classWeight(label);
    double[] gradient = new double[logProbabilities.length];
    gradient[label] = -weight;
    return ReferenceRow.of(weighted(weight, -logProbabilities[label]), gradient);
  }

  /** A weight of 0 makes an infinite loss 0, but not one that is NaN. */
  static double weighted(double weight, double value) {
    return weight == 0 && Double.isInfinite(value) ? 0 : weight * value;
  }
}
