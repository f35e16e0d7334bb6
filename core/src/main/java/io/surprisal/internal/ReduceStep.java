package io.surprisal.internal;

import io.surprisal.spi.Tile;

/** REDUCE of a tile: the summary of each row, and the sums that the head asks for beside it. */
final class ReduceStep {
  private ReduceStep() {}

  /** Leaves everything in the tile. */
  static void run(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    pass.kernel.reduce(tile);
    Head head = pass.head;
    if (head.needs(Head.Sums.WEIGHTED_LOGITS)) {
      pass.kernel.weightedSums(tile);
    }
    if (head.needs(Head.Sums.FINITE_CLASSES)) {
      workspace.finiteClasses().find(pass, tile);
    }
    if (head.needs(Head.Sums.TARGETS) && !pass.hasTilePeaks()) {
      pass.kernel.targetSums(tile);
    }
    if (head.needs(Head.Sums.EXP_DOTS)) {
      pass.kernel.expDots(tile);
    }
    if (head.needs(Head.Sums.UPSTREAM)) {
      pass.kernel.weightedSums(workspace.upstreamTile(tile));
    }
  }

  /** Brings it from a tile of whole rows to the workspace's block, which has the same rows. */
  static void collect(SoftmaxPass pass, Workspace workspace) {
    RowBlock block = workspace.rows;
    Tile tile = workspace.tile;
    if (tile.blocks() == 1) {
      copySummaries(tile, block);
    } else {
      for (int i = 0; i < block.rows; i++) {
        workspace.summary.mergeBlocks(tile, i);
        workspace.summary.copyTo(block, i);
      }
    }
    Head head = pass.head;
    if (head.needs(Head.Sums.FINITE_CLASSES)) {
      workspace.finiteClasses().collect(block);
    }
    if (head.needs(Head.Sums.WEIGHTED_LOGITS) || head.needs(Head.Sums.UPSTREAM)) {
      for (int i = 0; i < block.rows; i++) {
        block.weightedSum[i] = weightedSum(pass, workspace, i);
      }
      setTailSums(pass, block);
    }
    if (head.needs(Head.Sums.TARGETS)) {
      System.arraycopy(tile.targetSum, 0, block.targetSum, 0, block.rows);
      System.arraycopy(tile.targetDot, 0, block.targetDot, 0, block.rows);
    }
  }

  /** The summary of a row of one block is the block's. */
  private static void copySummaries(Tile tile, RowBlock block) {
    System.arraycopy(tile.blockSum, 0, block.sum, 0, block.rows);
    System.arraycopy(tile.blockExponent, 0, block.exponent, 0, block.rows);
    System.arraycopy(tile.blockDot, 0, block.dot, 0, block.rows);
    for (int i = 0; i < block.rows; i++) {
      block.origin[i] = tile.blockOrigin[i];
    }
  }

  /**
   * What the tail of each row is taken of: the weighted sum, but where a class is masked without
   * the listed ones, as the tail does not lie on them.
   */
  static void setTailSums(SoftmaxPass pass, RowBlock block) {
    if (!pass.sparse.tail || pass.head.needs(Head.Sums.TARGETS)) {
      return;
    }
    for (int i = 0; i < block.rows; i++) {
      boolean masked =
          block.weightedSum[i] == Double.NEGATIVE_INFINITY || sparesSome(pass, block, i);
      masked &= block.tailShare[i] > 0;
      block.tailSum[i] = masked ? pass.sparse.tailSum(pass, block.index[i]) : block.weightedSum[i];
    }
  }

  private static boolean sparesSome(SoftmaxPass pass, RowBlock block, int i) {
    return pass.head.needs(Head.Sums.FINITE_CLASSES) && block.finiteClasses[i] < block.classes;
  }

  /** The weighted sum of a row of the tile, from wherever it was taken. */
  static double weightedSum(SoftmaxPass pass, Workspace workspace, int row) {
    Tile tile = pass.head.needs(Head.Sums.UPSTREAM) ? workspace.upstreamTile : workspace.tile;
    return tile.weightedSum[row];
  }
}
