package io.surprisal.kernels.vector;

import io.surprisal.spi.DoubleTile;

/**
 * REDUCE of rows of 128 doubles or more, block after block, as {@link VectorReduce} reduces floats:
 * a block is added up while the exponentials of the next one are taken.
 */
final class VectorDoubleReduce {
  private VectorDoubleReduce() {}

  /** Reduces every block of the tile into its slot. */
  static void reduce(DoubleTile tile) {
    int blocks = tile.blocks();
    long bits = 0;
    // The block before.
    int row = -1;
    int block = blocks - 1;
    for (int nextRow = 0; nextRow < tile.rows; nextRow++) {
      for (int next = 0; next < blocks; next++) {
        boolean adds = row >= 0 && tile.blockColumns(block) == tile.blockColumns(next);
        long maxBits = exponentials(tile, nextRow, next, adds ? exps(tile, row, block) : -1);
        if (row >= 0 && !finish(tile, row, block, bits, adds)) {
          VectorDoubleExp.keepTail(
              tile, tile.exps, exps(tile, nextRow, next), tile.blockColumns(next));
        }
        bits = takeLabelOut(tile, nextRow, next, maxBits);
        row = nextRow;
        block = next;
      }
    }
    finish(tile, row, block, bits, false);
  }

  /** Takes the exponentials of a block, and adds up as many that start somewhere, or at -1 none. */
  private static long exponentials(DoubleTile tile, int row, int block, int added) {
    return VectorDoubleExp.exponentials(
        tile,
        tile.logits,
        logits(tile, row, block),
        tile.blockColumns(block),
        VectorDoubleFrames.MODERATE_EXPONENT,
        tile.exps,
        exps(tile, row, block),
        added < 0 ? tile.scratch : tile.exps,
        Math.max(added, 0));
  }

  private static int logits(DoubleTile tile, int row, int block) {
    return tile.logitsStart[row] + block * DoubleTile.BLOCK;
  }

  /** Where a block's exps lie. Those that nobody will read take turns at two places, in L1. */
  private static int exps(DoubleTile tile, int row, int block) {
    int place =
        tile.expsStride == 0
            ? (row * tile.blocks() + block & 1) * DoubleTile.BLOCK
            : row * tile.expsStride + block * DoubleTile.BLOCK;
    return tile.expsOffset + place;
  }

  /** Leaves 0 in the place of the label's exponential, and no moderate bits where it is NaN. */
  private static long takeLabelOut(DoubleTile tile, int row, int block, long maxBits) {
    int label = tile.labels[row] - block * DoubleTile.BLOCK;
    int count = tile.blockColumns(block);
    if (label < 0 || label >= count) {
      return maxBits;
    }
    int i = exps(tile, row, block) + label;
    boolean isNumber = tile.exps[i] >= 0;
    tile.exps[i] = 0;
    VectorDoubleExp.clear(tile, label, count);
    return isNumber ? maxBits : 0;
  }

  /**
   * Sets sum and frame of a block, or finds them another way.
   *
   * @param bits the largest bits, as {@link #takeLabelOut} left them
   * @param added whether the sum is in its slots already
   * @return whether it was the way that is usual
   */
  private static boolean finish(DoubleTile tile, int row, int block, long bits, boolean added) {
    int slot = row * tile.blocks() + block;
    tile.blockSum[slot] = added ? VectorDoubleSums.fold(tile.scratch) : sum(tile, row, block);
    tile.blockSumLow[slot] = tile.scratch[VectorDoubleSums.LOW];
    tile.blockExponent[slot] = VectorDoubleFrames.MODERATE_EXPONENT;
    tile.blockOrigin[slot] = 0;
    boolean moderate =
        bits >= VectorDoubleFrames.MODERATE_MIN_BITS
            && bits <= VectorDoubleFrames.MODERATE_MAX_BITS;
    // A NaN with its sign bit set escapes the maximum, but not the sum.
    boolean usual = moderate && tile.blockSum[slot] >= 0;
    if (!usual) {
      reduceOtherwise(tile, slot, row, block);
    }
    return usual;
  }

  private static double sum(DoubleTile tile, int row, int block) {
    return VectorDoubleSums.sum(
        tile.exps, exps(tile, row, block), tile.blockColumns(block), tile.scratch);
  }

  private static void reduceOtherwise(DoubleTile tile, int slot, int row, int block) {
    int from = logits(tile, row, block);
    int count = tile.blockColumns(block);
    int exps = exps(tile, row, block);
    if (VectorDoubleFrames.exponentials(tile, slot, from, count, tile.exps, exps)) {
      takeLabelOut(tile, row, block, 0);
      tile.blockSum[slot] = sum(tile, row, block);
      tile.blockSumLow[slot] = tile.scratch[VectorDoubleSums.LOW];
    }
  }
}
