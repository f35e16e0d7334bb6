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
    int last = tile.rows * blocks - 1;
    int bits = 0;
    for (int slot = 0; slot <= last; slot++) {
      int maxBits = exponentials(tile, slot);
      if (slot > 0) {
        finish(tile, slot - 1, bits, isAddedWith(tile, slot));
      }
      bits = takeLabelOut(tile, slot, maxBits);
    }
    finish(tile, last, bits, false);
  }

  private static int exponentials(Tile tile, int slot) {
    boolean adds = isAddedWith(tile, slot);
    return VectorExp.exponentials(
        tile,
        tile.logits,
        logits(tile, slot),
        count(tile, slot),
        VectorFrames.MODERATE_EXPONENT,
        tile.exps,
        exps(tile, slot),
        adds ? tile.exps : tile.scratch,
        adds ? exps(tile, slot - 1) : 0);
  }

  /** Whether the block before is added up with this one: where it is as long. */
  private static boolean isAddedWith(Tile tile, int slot) {
    return slot > 0 && count(tile, slot - 1) == count(tile, slot);
  }

  private static int block(Tile tile, int slot) {
    return slot % tile.blocks();
  }

  private static int count(Tile tile, int slot) {
    return tile.blockColumns(block(tile, slot));
  }

  private static int logits(Tile tile, int slot) {
    return tile.logitsStart[slot / tile.blocks()] + block(tile, slot) * Tile.BLOCK;
  }

  /** Where a block's exps lie. Those that nobody will read take turns at two places, in L1. */
  private static int exps(Tile tile, int slot) {
    int place =
        tile.expsStride == 0
            ? (slot & 1) * Tile.BLOCK
            : slot / tile.blocks() * tile.expsStride + block(tile, slot) * Tile.BLOCK;
    return tile.expsOffset + place;
  }

  /** Leaves 0 in the place of the label's exponential, and no moderate bits where it is NaN. */
  private static int takeLabelOut(Tile tile, int slot, int maxBits) {
    int label = tile.labels[slot / tile.blocks()] - block(tile, slot) * Tile.BLOCK;
    if (label < 0 || label >= count(tile, slot)) {
      return maxBits;
    }
    int i = exps(tile, slot) + label;
    boolean isNumber = tile.exps[i] >= 0;
    tile.exps[i] = 0;
    VectorExp.clear(tile, label, count(tile, slot));
    return isNumber ? maxBits : 0;
  }

  /**
   * Sets sum and frame of a slot, or finds them another way.
   *
   * @param bits the largest bits, as {@link #takeLabelOut} left them
   * @param added whether the sum is in its slots already
   */
  private static void finish(Tile tile, int slot, int bits, boolean added) {
    double sum = added ? VectorSums.fold(tile.doubleScratch) : sum(tile, slot);
    tile.blockSum[slot] = sum;
    tile.blockExponent[slot] = VectorFrames.MODERATE_EXPONENT;
    tile.blockOrigin[slot] = 0;
    boolean moderate =
        bits >= VectorFrames.MODERATE_MIN_BITS && bits <= VectorFrames.MODERATE_MAX_BITS;
    // A NaN with its sign bit set escapes the maximum, but not the sum.
    if (!(moderate && sum >= 0)) {
      reduceOtherwise(tile, slot);
    }
  }

  private static double sum(Tile tile, int slot) {
    return VectorSums.plainSum(tile.exps, exps(tile, slot), count(tile, slot), tile.doubleScratch);
  }

  private static void reduceOtherwise(Tile tile, int slot) {
    int count = count(tile, slot);
    int exps = exps(tile, slot);
    if (VectorFrames.exponentials(tile, slot, logits(tile, slot), count, tile.exps, exps)) {
      takeLabelOut(tile, slot, 0);
      tile.blockSum[slot] = sum(tile, slot);
    }
    int next = slot + 1;
    if (next < tile.rows * tile.blocks()) {
      VectorExp.keepTail(tile, tile.exps, exps(tile, next), count(tile, next));
    }
  }
}
