package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * What logits x become before anything else is done with them: {@code z = c·tanh(s·x/c)}, or {@code
 * z = s·x} without a cap, rounded to float; and the slope dz/dx, by which a gradient is multiplied.
 *
 * <p>With y = s·x/c and u = e^(−2|y|), {@code tanh |y| = (1 − u)/(1 + u)} and {@code 1 − tanh² y =
 * 4u/(1 + u)²}, neither of which is off by more than some 1e-12 relative: below |y| = 2^−13 the
 * first is |y|·(1 − y²/3) instead.
 */
public final class LogitMap {
  /** Where the series takes over: its next term is 2/15·y^4 < 4e-17. */
  private static final double SMALL = 0x1p-13;

  /** −2|y| at which tanh has long been 1: the exponential takes no less. */
  private static final double LEAST = -700;

  private final double scale;
  private final double cap;

  /**
   * A map.
   *
   * @param scale s, above 0
   * @param cap c, above 0; infinite for none
   */
  public LogitMap(double scale, double cap) {
    this.scale = scale;
    this.cap = cap;
  }

  /**
   * What logits are multiplied by.
   *
   * @return s
   */
  public double scale() {
    return scale;
  }

  /**
   * What bounds them.
   *
   * @return c, or +∞
   */
  public double cap() {
    return cap;
  }

  /** Whether the slope depends on the logit. */
  boolean isCapped() {
    return cap < Double.POSITIVE_INFINITY;
  }

  /** z of one logit, to the bit as of many. */
  float of(float logit) {
    return isCapped() ? capped(logit, Elementary.exp(exponent(logit))) : (float) (scale * logit);
  }

  /** −2|y|. */
  private double exponent(float logit) {
    return Math.max(LEAST, -2 * Math.abs(scale * logit / cap));
  }

  private float capped(float logit, double u) {
    double y = scale * logit / cap;
    double tanh = Math.abs(y) < SMALL ? y - y * y * y / 3 : Math.copySign((1 - u) / (1 + u), y);
    return (float) (cap * tanh);
  }

  /** z of a row of a tile, and its slopes if they differ, at the row's place of what is staged. */
  void map(Tile tile, int row, StagedLogits staged, SoftmaxKernel kernel) {
    float[] logits = tile.logits;
    int from = tile.logitsStart[row];
    int count = tile.columns;
    int to = row * count;
    double[] u = staged.exps;
    if (!isCapped()) {
      // By way of doubles: between two places in arrays of floats the compiler makes no vectors.
      for (int i = 0; i < count; i++) {
        u[i] = scale * logits[from + i];
      }
      for (int i = 0; i < count; i++) {
        staged.logits[to + i] = (float) u[i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      u[i] = exponent(logits[from + i]);
    }
    kernel.exp(u, 0, count);
    for (int i = 0; i < count; i++) {
      staged.logits[to + i] = capped(logits[from + i], u[i]);
      staged.slopes[to + i] = (float) (scale * 4 * u[i] / ((1 + u[i]) * (1 + u[i])));
    }
  }
}
