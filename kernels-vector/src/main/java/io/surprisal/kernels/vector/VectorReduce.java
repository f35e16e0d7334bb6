package io.surprisal.kernels.vector;

import io.surprisal.spi.Tile;

/**
 * REDUCE of one block of a row of 64 columns or more: exponentials with their sums in groups of
 * four, which are then added in double.
 */
final class VectorReduce {
  private VectorReduce() {}

  /** Reduces one block into its slot, exponentials stored. */
  static void reduce(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int slot = row * tile.blocks() + block;
    int label = tile.labels[row] - column;
    int from = tile.logitsStart[row] + column;
    // Exponentials that nobody will read all go to the same place, which stays in L1.
    int to = tile.expsOffset + (tile.expsStride == 0 ? 0 : row * tile.expsStride + column);
    int exponent = VectorFrames.MODERATE_EXPONENT;
    int maxBits =
        VectorExp.groupSums(tile.logits, from, count, exponent, tile.exps, to, tile.scratch);
    tile.blockExponent[slot] = exponent;
    tile.blockOrigin[slot] = 0;
    double sum = sumWithout(tile, label, count, to);
    tile.blockSum[slot] = sum;
    boolean moderate =
        maxBits >= VectorFrames.MODERATE_MIN_BITS && maxBits <= VectorFrames.MODERATE_MAX_BITS;
    // A NaN with its sign bit set escapes the maximum, and at the label the sum.
    if (!moderate || Double.isNaN(sum) || isNaN(tile.exps, to, label, count)) {
      if (VectorFrames.exponentials(tile, slot, from, count, tile.exps, to)) {
        tile.blockSum[slot] = sumWithout(tile, label, count, to);
      }
    }
  }

  private static boolean isNaN(float[] exps, int start, int label, int count) {
    return label >= 0 && label < count && Float.isNaN(exps[start + label]);
  }

  /**
   * The sum of the block's exponentials without the label's: its group's sum in its slot is
   * replaced by that of the three others. Nothing is subtracted.
   */
  private static double sumWithout(Tile tile, int label, int count, int exps) {
    float[] scratch = tile.scratch;
    if (label >= 0 && label < count) {
      int group = label & -VectorExp.GROUP;
      int slot = label & (Lanes.SLOTS - 1);
      float others = 0;
      for (int i = group + slot; i < group + VectorExp.GROUP; i += Lanes.SLOTS) {
        others += i == label ? 0 : tile.exps[exps + i];
      }
      scratch[VectorExp.SUMS + group / 4 + slot] = others;
    }
    int groups = (count + VectorExp.GROUP - 1) / VectorExp.GROUP;
    return VectorSums.sum(scratch, VectorExp.SUMS, groups * Lanes.SLOTS, tile.doubleScratch);
  }
}
