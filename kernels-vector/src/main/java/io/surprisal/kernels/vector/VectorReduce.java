package io.surprisal.kernels.vector;

import io.surprisal.spi.Tile;

/**
 * REDUCE of one block of a row of 64 columns or more: exponentials, of which the label's is then
 * set to 0, and their sum in double. Nothing is subtracted.
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
        VectorExp.exponentials(tile.logits, from, count, exponent, tile.exps, to, tile.scratch);
    tile.blockExponent[slot] = exponent;
    tile.blockOrigin[slot] = 0;
    float labelExp = takeLabelOut(tile.exps, to, label, count);
    double sum = sum(tile, to, count);
    tile.blockSum[slot] = sum;
    boolean moderate =
        maxBits >= VectorFrames.MODERATE_MIN_BITS && maxBits <= VectorFrames.MODERATE_MAX_BITS;
    // A NaN with its sign bit set escapes the maximum, but not the sum or the label's exponential.
    if (!moderate || Double.isNaN(sum + labelExp)) {
      if (VectorFrames.exponentials(tile, slot, from, count, tile.exps, to)) {
        takeLabelOut(tile.exps, to, label, count);
        tile.blockSum[slot] = sum(tile, to, count);
      }
    }
  }

  /** Leaves 0 in the place of the label's exponential, if it is here; returns what was there. */
  private static float takeLabelOut(float[] exps, int start, int label, int count) {
    if (label < 0 || label >= count) {
      return 0;
    }
    float e = exps[start + label];
    exps[start + label] = 0;
    return e;
  }

  /** Sum of the block's exponentials and of the zeros behind them. */
  private static double sum(Tile tile, int exps, int count) {
    int padded = count + (-count & (VectorExp.PADDED - 1));
    return VectorSums.sum(tile.exps, exps, padded, tile.doubleScratch);
  }
}
