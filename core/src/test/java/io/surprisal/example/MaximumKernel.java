package io.surprisal.example;

import io.surprisal.contract.PartialKernel;
import io.surprisal.spi.Tile;

/** REDUCE as a textbook has it: every block of a row is seen from its largest logit. */
class MaximumKernel extends PartialKernel {
  @Override
  public void reduce(Tile tile) {
    for (int slot = 0; slot < tile.rows * tile.blocks(); slot++) {
      int row = slot / tile.blocks();
      int column = slot % tile.blocks() * Tile.BLOCK;
      int end = column + tile.blockColumns(slot % tile.blocks());
      int logits = tile.logitsStart[row];
      int exps = tile.expsOffset + row * tile.expsStride;
      float maximum = Float.NEGATIVE_INFINITY;
      for (int i = column; i < end; i++) {
        maximum = Math.max(maximum, tile.logits[logits + i]);
      }
      float origin = Float.isFinite(maximum) ? maximum : 0;
      double sum = 0;
      for (int i = column; i < end; i++) {
        double e = StrictMath.exp((double) tile.logits[logits + i] - origin);
        tile.exps[exps + i] = (float) e;
        sum += i == tile.labels[row] ? 0 : e;
      }
      tile.blockOrigin[slot] = origin;
      tile.blockExponent[slot] = 0;
      // A block of nothing but −∞ has the sum 0, one with +∞ or NaN has that.
      tile.blockSum[slot] = Float.isFinite(maximum) ? sum : StrictMath.exp(maximum);
    }
  }
}
