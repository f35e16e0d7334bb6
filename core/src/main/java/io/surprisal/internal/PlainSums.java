package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/** The passes that a {@link SoftmaxKernel} need not write, in plain loops in double. */
public final class PlainSums {
  private PlainSums() {}

  /**
   * As {@link SoftmaxKernel#weightedSums}.
   *
   * @param tile the rows to add up
   */
  public static void weightedSums(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int logits = tile.logitsStart[row];
      double sum = 0;
      for (int i = 0; i < tile.columns; i++) {
        double weight = classWeight(tile, i);
        sum += weight == 0 ? 0 : weight * tile.logits[logits + i];
      }
      tile.weightedSum[row] = sum;
    }
  }

  /**
   * As {@link SoftmaxKernel#targetSums}.
   *
   * @param tile the rows to add up
   */
  public static void targetSums(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int logits = tile.logitsStart[row];
      int targets = tile.targetsStart[row];
      double sum = 0;
      double dot = 0;
      for (int i = 0; i < tile.columns; i++) {
        double target = classWeight(tile, i) * tile.targets[targets + i];
        sum += target;
        dot += target == 0 ? 0 : target * tile.logits[logits + i];
      }
      tile.targetSum[row] = sum;
      tile.targetDot[row] = dot;
    }
  }

  private static double classWeight(Tile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }

  /**
   * As {@link SoftmaxKernel#moments}.
   *
   * @param tile the rows, reduced
   */
  public static void moments(Tile tile) {
    int blocks = tile.blocks();
    for (int slot = 0; slot < tile.rows * blocks; slot++) {
      int row = slot / blocks;
      int column = slot % blocks * Tile.BLOCK;
      int exps = tile.expsOffset + row * tile.expsStride + column;
      int logits = tile.logitsStart[row] + column;
      double sum = 0;
      double spread = 0;
      double squares = 0;
      for (int i = 0; i < tile.blockColumns(slot % blocks); i++) {
        double e = tile.exps[exps + i];
        sum += e;
        squares += e * e;
        spread += e == 0 ? 0 : e * ((double) tile.logits[logits + i] - tile.pivot[slot]);
      }
      tile.blockExps[slot] = sum;
      tile.blockSpread[slot] = spread;
      tile.blockSquares[slot] = squares;
    }
  }

  /**
   * As {@link SoftmaxKernel#expDots}.
   *
   * @param tile the rows, reduced
   */
  public static void expDots(Tile tile) {
    int blocks = tile.blocks();
    for (int slot = 0; slot < tile.rows * blocks; slot++) {
      int row = slot / blocks;
      int column = slot % blocks * Tile.BLOCK;
      int exps = tile.expsOffset + row * tile.expsStride + column;
      int upstream = tile.upstreamStart[row] + column;
      double dot = 0;
      for (int i = 0; i < tile.blockColumns(slot % blocks); i++) {
        dot += (double) tile.exps[exps + i] * tile.upstream[upstream + i];
      }
      tile.blockDot[slot] = dot;
    }
  }

  /**
   * As {@link SoftmaxKernel#add}.
   *
   * @param tile rows whose {@code exps} hold mapped values
   */
  public static void add(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      int out = tile.outStart[row];
      for (int i = 0; i < tile.columns; i++) {
        tile.out[out + i] += tile.exps[exps + i];
      }
    }
  }
}
