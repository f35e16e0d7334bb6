package io.surprisal.internal;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;
import java.util.Arrays;

/**
 * The passes over logits in double as their formulas say them, to be read before any other; serves
 * where a backend has no kernel of its own for them.
 *
 * <p>A block with maximum M has the frame N = rint(M·log₂e), a = 0 while |M| ≤ 2048; beyond, where
 * x − M is exact for every x that does not underflow, N = 0 and a = M. Sums are compensated (Ogita,
 * Rump and Oishi 2005, Sum2 and Dot2). Error: e within 0.52 ulp. The bits are the same on every
 * machine.
 */
public final class DoubleReference implements DoubleKernel {
  private static final double LOG2E = 0x1.71547652b82fep0;

  /** Largest |M| without an origin. */
  private static final double WITHOUT_ORIGIN = 2048;

  /** x − a − N·ln 2 below which e would not be a normal number. */
  private static final double CUT = -1021.5 / LOG2E;

  /** The kernel. */
  public DoubleReference() {}

  @Override
  public void reduce(DoubleTile tile) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        reduceBlock(tile, row, block);
      }
    }
  }

  private static void reduceBlock(DoubleTile tile, int row, int block) {
    int slot = row * tile.blocks() + block;
    int column = block * DoubleTile.BLOCK;
    int logits = tile.logitsStart[row] + column;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int count = tile.blockColumns(block);
    double maximum = maximum(tile.logits, logits, count);
    boolean far = Math.abs(maximum) > WITHOUT_ORIGIN;
    tile.blockSumLow[slot] = 0;
    tile.blockExponent[slot] = 0;
    tile.blockOrigin[slot] = 0;
    if (!Double.isFinite(maximum)) {
      // −∞: the empty sum. +∞ and NaN: the sum says so, and the exps are never used.
      tile.blockSum[slot] = maximum == Double.NEGATIVE_INFINITY ? 0 : maximum;
      Arrays.fill(tile.exps, exps, exps + count, 0);
    } else if (far) {
      tile.blockOrigin[slot] = maximum;
      exponentials(tile, slot, logits, exps, count);
      sum(tile, slot, exps, tile.labels[row] - column, count);
    } else {
      tile.blockExponent[slot] = (int) Math.rint(maximum * LOG2E);
      exponentials(tile, slot, logits, exps, count);
      sum(tile, slot, exps, tile.labels[row] - column, count);
    }
  }

  /** The largest logit; NaN if one is NaN. */
  private static double maximum(double[] logits, int start, int count) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (int i = start; i < start + count; i++) {
      maximum = Math.max(maximum, logits[i]);
    }
    return maximum;
  }

  /** Stores e = exp(x − a)·2^−N. */
  private static void exponentials(DoubleTile tile, int slot, int logits, int exps, int count) {
    int exponent = tile.blockExponent[slot];
    double cut = CUT + exponent / LOG2E;
    for (int i = 0; i < count; i++) {
      double x = tile.logits[logits + i] - tile.blockOrigin[slot];
      tile.rowScratch[0] = 0;
      tile.exps[exps + i] = x < cut ? 0 : ElementaryPairs.exp(x, exponent, tile.rowScratch, 0);
    }
  }

  /** Σ e without the label's. */
  private static void sum(DoubleTile tile, int slot, int exps, int label, int count) {
    double sum = 0;
    double low = 0;
    for (int i = 0; i < count; i++) {
      double e = i == label ? 0 : tile.exps[exps + i];
      double next = sum + e;
      low += ElementaryPairs.lost(sum, e, next);
      sum = next;
    }
    tile.blockSum[slot] = sum;
    tile.blockSumLow[slot] = low;
  }

  @Override
  public void weightedSums(DoubleTile tile) {
    for (int row = 0; row < tile.rows; row++) {
      double sum = 0;
      double low = 0;
      for (int i = 0; i < tile.columns; i++) {
        double weight = classWeight(tile, i);
        double logit = tile.logits[tile.logitsStart[row] + i];
        double product = weight == 0 ? 0 : weight * logit;
        double next = sum + product;
        low += ElementaryPairs.lost(sum, product, next);
        low += weight == 0 ? 0 : Math.fma(weight, logit, -product);
        sum = next;
      }
      tile.weightedSum[row] = sum;
      tile.weightedSumLow[row] = Double.isFinite(sum) ? low : 0;
    }
  }

  private static float classWeight(DoubleTile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }

  @Override
  public void map(DoubleTile tile, MapForm form) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      for (int i = 0; i < tile.columns; i++) {
        int slot = row * blocks + i / DoubleTile.BLOCK;
        tile.out[tile.outStart[row] + i] =
            switch (form) {
              case SCALED -> scaled(tile, slot, tile.exps[exps + i]);
              case SCALED_MINUS_CLASSES ->
                  Math.fma(
                      classWeight(tile, i),
                      -tile.shift[row],
                      scaled(tile, slot, tile.exps[exps + i]));
              case LOGARITHM ->
                  (tile.logits[tile.logitsStart[row] + i] - tile.logSumHigh[row])
                      - tile.logSumLow[row];
              case SCALED_TIMES_UPSTREAM ->
                  scaled(tile, slot, tile.exps[exps + i])
                      * ((tile.upstream[tile.upstreamStart[row] + i] - tile.shift[row])
                          - tile.shiftLow[row]);
              case UPSTREAM_PLUS_SCALED ->
                  tile.upstream[tile.upstreamStart[row] + i]
                      + scaled(tile, slot, tile.exps[exps + i]);
              default -> throw new IllegalArgumentException("no logits in double take " + form);
            };
      }
    }
  }

  /** e·F: the probability times the row's factor. */
  private static double scaled(DoubleTile tile, int slot, double e) {
    return e < tile.cutoff[slot]
        ? 0
        : Math.fma(e, tile.scale[slot], e * tile.scaleLow[slot]) * tile.rescale[slot];
  }

  @Override
  public void add(DoubleTile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      for (int i = 0; i < tile.columns; i++) {
        tile.out[tile.outStart[row] + i] += tile.exps[exps + i];
      }
    }
  }
}
