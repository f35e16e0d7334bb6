package io.surprisal.internal;

import io.surprisal.spi.DoubleTile;

/** Summaries of rows of one block each, many at once: what most narrow rows are. */
final class SingleBlocks {
  private static final long LEAST_MODERATE = Double.doubleToRawLongBits(0x1p-500);
  private static final long MOST_MODERATE = Double.doubleToRawLongBits(0x1p500);
  private static final long EXPONENT_BITS = 0x7FFL << 52;

  /** Bits of 2^k and of 2^−k add up to this. */
  private static final long TWICE_THE_BIAS = 2046L << 52;

  private SingleBlocks() {}

  /**
   * Takes the summary of every row from the tile, if each is one block and its sum moderate.
   *
   * @return whether that was so
   */
  static boolean summarize(DoubleTile tile, DoubleRows rows) {
    boolean moderate = tile.blocks() == 1 && areModerate(tile);
    if (moderate) {
      take(tile, rows);
    }
    return moderate;
  }

  /** Whether every sum is within 2^±500; without branches, by the signs of bits. */
  private static boolean areModerate(DoubleTile tile) {
    long signs = 0;
    for (int i = 0; i < tile.rows; i++) {
      long bits = Double.doubleToRawLongBits(tile.blockSum[i]);
      signs |= (bits - LEAST_MODERATE) | (MOST_MODERATE - bits);
    }
    return signs >= 0;
  }

  /** What merging a single block into nothing gives, without branches: a sum from 1 to 2. */
  private static void take(DoubleTile tile, DoubleRows rows) {
    for (int i = 0; i < tile.rows; i++) {
      long power = Double.doubleToRawLongBits(tile.blockSum[i]) & EXPONENT_BITS;
      double inverse = Double.longBitsToDouble(TWICE_THE_BIAS - power);
      rows.sum[i] = tile.blockSum[i] * inverse;
      rows.sumLow[i] = tile.blockSumLow[i] * inverse;
      rows.toTile[i] = inverse;
    }
    for (int i = 0; i < tile.rows; i++) {
      rows.exponent[i] = tile.blockExponent[i] + Math.getExponent(tile.blockSum[i]);
    }
    System.arraycopy(tile.blockOrigin, 0, rows.origin, 0, tile.rows);
  }
}
