package io.surprisal.kernels.vector;

import io.surprisal.spi.Tile;

/**
 * REDUCE of rows of 256 columns or more, block after block: exponentials, of which the label's is
 * then set to 0, and their sum in double. Nothing is subtracted.
 *
 * <p>A block is added up while the exponentials of the next one are taken: see {@link VectorExp}.
 */
final class VectorReduce {
  private VectorReduce() {}

  /** Reduces every block of the tile into its slot. */
  static void reduce(Tile tile) {
    int blocks = tile.blocks();
    int bits = 0;
    // The block before.
    int row = -1;
    int block = blocks - 1;
    for (int nextRow = 0; nextRow < tile.rows; nextRow++) {
      for (int next = 0; next < blocks; next++) {
        boolean adds = row >= 0 && tile.blockColumns(block) == tile.blockColumns(next);
        int maxBits = exponentials(tile, nextRow, next, adds ? exps(tile, row, block) : -1);
        if (row >= 0 && !finish(tile, row, block, bits, adds)) {
          VectorExp.keepTail(tile, tile.exps, exps(tile, nextRow, next), tile.blockColumns(next));
        }
        bits = takeLabelOut(tile, nextRow, next, maxBits);
        row = nextRow;
        block = next;
      }
    }
    finish(tile, row, block, bits, false);
  }

  /** Takes the exponentials of a block, and adds up as many that start somewhere, or at -1 none. */
  private static int exponentials(Tile tile, int row, int block, int added) {
    return VectorExp.exponentials(
        tile,
        tile.logits,
        logits(tile, row, block),
        tile.blockColumns(block),
        VectorFrames.MODERATE_EXPONENT,
        tile.exps,
        exps(tile, row, block),
        added < 0 ? tile.scratch : tile.exps,
        Math.max(added, 0));
  }

  private static int logits(Tile tile, int row, int block) {
    return tile.logitsStart[row] + block * Tile.BLOCK;
  }

  /** Where a block's exps lie. Those that nobody will read take turns at two places, in L1. */
  private static int exps(Tile tile, int row, int block) {
    int place =
        tile.expsStride == 0
            ? (row * tile.blocks() + block & 1) * Tile.BLOCK
            : row * tile.expsStride + block * Tile.BLOCK;
    return tile.expsOffset + place;
  }

  /** Leaves 0 in the place of the label's exponential, and no moderate bits where it is NaN. */
  private static int takeLabelOut(Tile tile, int row, int block, int maxBits) {
    int label = tile.labels[row] - block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    if (label < 0 || label >= count) {
      return maxBits;
    }
    int i = exps(tile, row, block) + label;
    boolean isNumber = tile.exps[i] >= 0;
    tile.exps[i] = 0;
    VectorExp.clear(tile, label, count);
    return isNumber ? maxBits : 0;
  }

  /**
   * Sets sum and frame of a block, or finds them another way.
   *
   * @param bits the largest bits, as {@link #takeLabelOut} left them
   * @param added whether the sum is in its slots already
   * @return whether it was the way that is usual
   */
  private static boolean finish(Tile tile, int row, int block, int bits, boolean added) {
    int slot = row * tile.blocks() + block;
    double sum = added ? VectorSums.fold(tile.doubleScratch) : sum(tile, row, block);
    tile.blockSum[slot] = sum;
    tile.blockExponent[slot] = VectorFrames.MODERATE_EXPONENT;
    tile.blockOrigin[slot] = 0;
    boolean moderate =
        bits >= VectorFrames.MODERATE_MIN_BITS && bits <= VectorFrames.MODERATE_MAX_BITS;
    // A NaN with its sign bit set escapes the maximum, but not the sum.
    boolean usual = moderate && sum >= 0;
    if (!usual) {
      reduceOtherwise(tile, slot, row, block);
    }
    return usual;
  }

  private static double sum(Tile tile, int row, int block) {
    return VectorSums.plainSum(
        tile.exps, exps(tile, row, block), tile.blockColumns(block), tile.doubleScratch);
  }

  private static void reduceOtherwise(Tile tile, int slot, int row, int block) {
    int from = logits(tile, row, block);
    int count = tile.blockColumns(block);
    int exps = exps(tile, row, block);
    if (VectorFrames.exponentials(tile, slot, from, count, tile.exps, exps)) {
      takeLabelOut(tile, row, block, 0);
      tile.blockSum[slot] = sum(tile, row, block);
    }
  }
}
