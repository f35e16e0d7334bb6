package io.surprisal.bench.accuracy;

import io.surprisal.bench.workload.LogitsBatch;

/**
 * Cross-entropy as it is usually written, in float throughout: {@code log(Σ exp(x − max)) − (x_t −
 * max)}, and {@code exp(x − max)/Σ − 1} for the label's entry of the gradient.
 *
 * <p>What the library's results are compared with. It is right where a loss is neither small nor
 * the difference of large numbers; nothing warns of the rest.
 */
public final class UsualLoss {
  /** In reports. */
  public static final String NAME = "usual";

  private final LogitsBatch batch;
  private final int classes;

  /** The loss of a batch. */
  public UsualLoss(LogitsBatch batch) {
    this.batch = batch;
    this.classes = batch.shape().classes();
  }

  /** The loss of each row: {@code [rows]}. */
  public float[] losses() {
    float[] losses = new float[batch.shape().rows()];
    for (int row = 0; row < losses.length; row++) {
      float max = max(row);
      float label = logit(row, batch.labels().get(row));
      losses[row] = (float) StrictMath.log(sum(row, max)) - (label - max);
    }
    return losses;
  }

  /** The gradient of the sum of the losses: {@code [rows × classes]}. */
  public float[] gradient() {
    float[] gradient = new float[batch.shape().elements()];
    for (int row = 0; row < batch.shape().rows(); row++) {
      float max = max(row);
      float sum = sum(row, max);
      int start = row * classes;
      for (int i = 0; i < classes; i++) {
        gradient[start + i] = exp(logit(row, i) - max) / sum;
      }
      gradient[start + batch.labels().get(row)] -= 1;
    }
    return gradient;
  }

  private float logit(int row, int column) {
    return batch.logits().data()[row * classes + column];
  }

  private float max(int row) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < classes; i++) {
      max = Math.max(max, logit(row, i));
    }
    return max;
  }

  private float sum(int row, float max) {
    float sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += exp(logit(row, i) - max);
    }
    return sum;
  }

  private static float exp(float difference) {
    return (float) StrictMath.exp(difference);
  }
}
