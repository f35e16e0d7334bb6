package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * A loss over all classes in a pass over a shard of them: puts what all shards together know of
 * each row in the place of what the pass has reduced, and has the loss's own head do the rest.
 */
public final class MergedHead implements Head {
  private final Head head;
  private final ShardRows merged;
  private final LabelledRows labels;
  private final Shard shard;

  /**
   * The classes of a pass.
   *
   * @param first the first one
   * @param classes how many
   * @param of how many there are in all shards
   * @param weights theirs, or null
   */
  public record Shard(int first, int classes, int of, float[] weights) {}

  /**
   * A head for one batch.
   *
   * @param head the loss's
   * @param merged the rows as all shards know them
   * @param labels labels among all classes
   * @param shard the classes of the pass
   */
  public MergedHead(Head head, ShardRows merged, LabelledRows labels, Shard shard) {
    this.head = head;
    this.merged = merged;
    this.labels = labels;
    this.shard = shard;
  }

  @Override
  public float[] classWeights() {
    return shard.weights;
  }

  @Override
  public MapForm form() {
    return head.form();
  }

  @Override
  public boolean isLikelihood() {
    return head.isLikelihood();
  }

  @Override
  public void apply(RowBlock block, SoftmaxKernel kernel) {
    block.classes = shard.of;
    for (int i = 0; i < block.rows; i++) {
      merged.put(block, i);
      block.label[i] = labels.label(block.index[i]);
    }
    head.apply(block, kernel);
    for (int i = 0; i < block.rows; i++) {
      int label = block.label[i] - shard.first;
      block.label[i] = label >= 0 && label < shard.classes ? label : Tile.NO_LABEL;
    }
    // Wider than any block: the tile's frames are not those of the rows.
    block.classes = Integer.MAX_VALUE;
  }
}
