package io.surprisal.bench.peers;

import io.surprisal.Labels;
import java.nio.FloatBuffer;

/**
 * What Java adds to a peer that has softmax and log-softmax only: it picks, or changes, the entry
 * of each row's label.
 */
final class LabelColumn {
  private final int[] indices;

  LabelColumn(NativeBatch batch) {
    Labels labels = batch.heap().labels();
    indices = new int[batch.rows()];
    for (int row = 0; row < indices.length; row++) {
      indices[row] = row * batch.classes() + labels.get(row);
    }
  }

  /** The mean loss, from log-probabilities. */
  double meanLoss(FloatBuffer logProbabilities) {
    double sum = 0;
    for (int index : indices) {
      sum -= logProbabilities.get(index);
    }
    return sum / indices.length;
  }

  /** The loss of each row, from log-probabilities. */
  float[] losses(FloatBuffer logProbabilities) {
    float[] losses = new float[indices.length];
    for (int row = 0; row < losses.length; row++) {
      losses[row] = -logProbabilities.get(indices[row]);
    }
    return losses;
  }

  /** Makes of probabilities the gradient of the sum of losses; returns the last entry changed. */
  double toGradient(FloatBuffer probabilities) {
    float last = 0;
    for (int index : indices) {
      last = probabilities.get(index) - 1;
      probabilities.put(index, last);
    }
    return last;
  }
}
