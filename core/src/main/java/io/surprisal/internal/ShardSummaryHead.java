package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/** Keeps what a shard of the classes knows of each row, for those of the other shards. */
public final class ShardSummaryHead implements Head {
  private final ShardRows rows;
  private final float[] ownWeights;

  /**
   * A head for one batch.
   *
   * @param rows where the rows go
   * @param ownWeights weights of the shard's classes, or null
   */
  public ShardSummaryHead(ShardRows rows, float[] ownWeights) {
    this.rows = rows;
    this.ownWeights = ownWeights;
  }

  @Override
  public boolean needs(Sums sum) {
    return sum == Sums.WEIGHTED_LOGITS && rows.isWeighted();
  }

  @Override
  public float[] classWeights() {
    return ownWeights;
  }

  @Override
  public void apply(RowBlock block, SoftmaxKernel kernel) {
    for (int i = 0; i < block.rows; i++) {
      rows.take(block, i);
    }
  }
}
