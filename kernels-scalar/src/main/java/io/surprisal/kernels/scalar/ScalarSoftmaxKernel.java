package io.surprisal.kernels.scalar;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.WeighForm;
import java.util.Arrays;

/**
 * The passes as their formulas say them, in double.
 *
 * <p>The origin of a block is its maximum, its exponent 0. Exponentials are computed once, by
 * {@code Math.exp}, and stored as floats. Error: e within 0.51 ulp, the sum within 1e-12 relative.
 * The bits follow those of {@code Math.exp}, which may differ between JVMs.
 */
final class ScalarSoftmaxKernel implements SoftmaxKernel {
  @Override
  public void reduce(Tile tile) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        reduceBlock(tile, row, block);
      }
    }
  }

  private static void reduceBlock(Tile tile, int row, int block) {
    int slot = row * tile.blocks() + block;
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int logits = tile.logitsStart[row] + column;
    float maximum = maximum(tile.logits, logits, count);
    tile.blockExponent[slot] = 0;
    if (Float.isInfinite(maximum) || Float.isNaN(maximum)) {
      // −∞: the empty sum. +∞ and NaN: the sum says so, and the exps are never used.
      tile.blockOrigin[slot] = 0;
      tile.blockSum[slot] = maximum == Float.NEGATIVE_INFINITY ? 0 : maximum;
      int exps = tile.expsOffset + row * tile.expsStride + column;
      Arrays.fill(tile.exps, exps, exps + count, 0);
      return;
    }
    tile.blockOrigin[slot] = maximum;
    tile.blockSum[slot] = exponentials(tile, row, column, count, maximum);
  }

  /** The largest logit; NaN if one is NaN. */
  private static float maximum(float[] logits, int start, int count) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = start; i < start + count; i++) {
      maximum = Math.max(maximum, logits[i]);
    }
    return maximum;
  }

  /** Stores e = exp(x − origin) and returns their sum without the label's. */
  private static double exponentials(Tile tile, int row, int column, int count, float origin) {
    int logits = tile.logitsStart[row] + column;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int label = tile.labels[row] - column;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double e = Math.exp((double) tile.logits[logits + i] - origin);
      tile.exps[exps + i] = e < Float.MIN_NORMAL ? 0 : (float) e;
      if (i != label) {
        sum += e;
      }
    }
    return sum;
  }

  @Override
  public void weigh(Tile tile, WeighForm form) {
    for (int row = 0; row < tile.rows; row++) {
      switch (form) {
        case SQUARED_ERROR -> weighErrors(tile, row);
      }
    }
  }

  private static void weighErrors(Tile tile, int row) {
    int exps = tile.expsOffset + row * tile.expsStride;
    double sum = 0;
    double dot = 0;
    for (int i = 0; i < tile.columns; i++) {
      if (i != tile.labels[row]) {
        double p = scaled(tile, row * tile.blocks() + i / Tile.BLOCK, tile.exps[exps + i]);
        double error = error(tile, row, i, p);
        sum += classWeight(tile, i) * error * error;
        dot += classWeight(tile, i) * error * p;
      }
    }
    tile.weighedSum[row] = sum;
    tile.weighedDot[row] = dot;
  }

  /** p − q. */
  private static double error(Tile tile, int row, int i, double p) {
    return tile.targets == null ? p : p - tile.targets[tile.targetsStart[row] + i];
  }

  @Override
  public void map(Tile tile, MapForm form) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      for (int i = 0; i < tile.columns; i++) {
        int slot = row * blocks + i / Tile.BLOCK;
        tile.out[tile.outStart[row] + i] =
            (float) mapped(tile, form, row, i, scaled(tile, slot, tile.exps[exps + i]));
      }
    }
  }

  /** e·F: the probability times the row's factor. */
  private static double scaled(Tile tile, int slot, float e) {
    double factor = ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
    return e < tile.cutoff[slot] ? 0 : e * factor;
  }

  private static double mapped(Tile tile, MapForm form, int row, int i, double scaled) {
    return switch (form) {
      case SCALED -> scaled;
      case SCALED_MINUS_CLASSES -> scaled - classWeight(tile, i) * tile.shift[row];
      case SCALED_MINUS_TARGETS -> {
        double target = tile.targets[tile.targetsStart[row] + i];
        yield scaled - classWeight(tile, i) * (tile.targetFactor[row] * target + tile.shift[row]);
      }
      case LOGARITHM ->
          (double) tile.logits[tile.logitsStart[row] + i]
              - tile.logSumHigh[row]
              - tile.logSumLow[row];
      case SCALED_TIMES_UPSTREAM ->
          scaled * (tile.upstream[tile.upstreamStart[row] + i] - tile.shift[row]);
      case SCALED_TIMES_ERROR -> {
        double error = classWeight(tile, i) * error(tile, row, i, scaled);
        yield scaled * (tile.targetFactor[row] * error - tile.shift[row]);
      }
      case UPSTREAM_PLUS_SCALED -> tile.upstream[tile.upstreamStart[row] + i] + scaled;
    };
  }

  private static float classWeight(Tile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }
}
