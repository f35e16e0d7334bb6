package io.surprisal.bench.spark;

import io.surprisal.Batch;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import java.io.Serializable;

/**
 * What one shard of the vocabulary holds of a block of rows.
 *
 * @param block which rows
 * @param firstClass the class of the first column
 * @param logits {@code [rows × shard's classes]}
 * @param labels {@code [rows]}, among all classes
 */
public record ShardBlock(int block, int firstClass, float[] logits, int[] labels)
    implements Serializable {
  /** The logits as a matrix. */
  public Matrix matrix() {
    return Matrix.of(logits, logits.length / labels.length);
  }

  /** Logits and labels. */
  public Batch batch() {
    return Batch.of(matrix(), Labels.of(labels));
  }

  /** The same block with other numbers in the place of the logits. */
  ShardBlock with(float[] values) {
    return new ShardBlock(block, firstClass, values, labels);
  }
}
