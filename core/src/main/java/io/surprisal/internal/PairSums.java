package io.surprisal.internal;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;

/** The sums that a {@link DoubleKernel} need not write, in plain loops in pairs of doubles. */
public final class PairSums {
  private PairSums() {}

  /**
   * As {@link DoubleKernel#expDots} (Ogita, Rump and Oishi 2005, Dot2).
   *
   * @param tile the rows, reduced
   */
  public static void expDots(DoubleTile tile) {
    int blocks = tile.blocks();
    for (int slot = 0; slot < tile.rows * blocks; slot++) {
      int column = slot % blocks * DoubleTile.BLOCK;
      int exps = tile.expsOffset + slot / blocks * tile.expsStride + column;
      int upstream = tile.upstreamStart[slot / blocks] + column;
      double sum = 0;
      double low = 0;
      for (int i = 0; i < tile.blockColumns(slot % blocks); i++) {
        double e = tile.exps[exps + i];
        double v = tile.upstream[upstream + i];
        double product = e * v;
        double next = sum + product;
        low += ElementaryPairs.lost(sum, product, next) + Math.fma(e, v, -product);
        sum = next;
      }
      tile.blockDot[slot] = sum;
      tile.blockDotLow[slot] = Math.abs(sum) <= Double.MAX_VALUE ? low : 0;
    }
  }
}
