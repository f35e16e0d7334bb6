package io.surprisal.internal;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/** The forms of {@link ClassForm} in plain loops in double. */
public final class PlainClasses {
  private PlainClasses() {}

  /**
   * As {@link SoftmaxKernel#weighClasses}.
   *
   * @param tile the rows, reduced, with their factors and peaks
   * @param form which function of the classes
   */
  public static void weigh(Tile tile, ClassForm form) {
    for (int row = 0; row < tile.rows; row++) {
      double sum = 0;
      double dot = 0;
      for (int i = 0; i < tile.columns; i++) {
        switch (form) {
          case SQUARED_FOCAL -> {
            if (i != tile.labels[row]) {
              double complement = 1 - probability(tile, row, i);
              double weighted = target(tile, row, i) * complement;
              sum += weighted * complement * surprisal(tile, row, i);
              dot += slope(tile, row, i);
            }
          }
          case FORWARD_DIVERGENCE -> sum -= probability(tile.companion, row, i) * gap(tile, row, i);
          case REVERSE_DIVERGENCE -> sum += probability(tile, row, i) * gap(tile, row, i);
        }
      }
      tile.weighedSum[row] = sum;
      tile.weighedDot[row] = dot;
    }
  }

  /**
   * As {@link SoftmaxKernel#mapClasses}.
   *
   * @param tile the rows, reduced, with their coefficients
   * @param form which formula
   */
  public static void map(Tile tile, ClassForm form) {
    for (int row = 0; row < tile.rows; row++) {
      for (int i = 0; i < tile.columns; i++) {
        tile.out[tile.outStart[row] + i] = (float) entry(tile, form, row, i);
      }
    }
  }

  /** What is written for one class. */
  static double entry(Tile tile, ClassForm form, int row, int i) {
    double g = tile.targetFactor[row];
    double h = tile.shift[row];
    double p = probability(tile, row, i);
    return switch (form) {
      case SQUARED_FOCAL -> g * (slope(tile, row, i) - p * h);
      case FORWARD_DIVERGENCE -> g * p - h * probability(tile.companion, row, i);
      case REVERSE_DIVERGENCE -> p * (g * gap(tile, row, i) - h);
    };
  }

  /** p. */
  static double probability(Tile tile, int row, int i) {
    int slot = row * tile.blocks() + i / Tile.BLOCK;
    int exps = tile.expsOffset + row * tile.expsStride;
    return tile.exps[exps + i] * MapCoefficients.factor(tile, slot);
  }

  /** s. */
  static double surprisal(Tile tile, int row, int i) {
    double below = (double) tile.peakLogit[row] - tile.logits[tile.logitsStart[row] + i];
    return Math.min(below + tile.peakSurprisal[row], Tile.IMPOSSIBLE);
  }

  /** r − s. */
  static double gap(Tile tile, int row, int i) {
    return surprisal(tile.companion, row, i) - surprisal(tile, row, i);
  }

  /** t. */
  private static double target(Tile tile, int row, int i) {
    float weight = tile.classVector == null ? 1 : tile.classVector[tile.classOffset + i];
    return (double) weight * tile.targets[tile.targetsStart[row] + i];
  }

  /** h of focal loss. */
  private static double slope(Tile tile, int row, int i) {
    double p = probability(tile, row, i);
    double complement = 1 - p;
    double rise = complement + 2 * (p * surprisal(tile, row, i));
    return -(target(tile, row, i) * complement) * rise;
  }
}
