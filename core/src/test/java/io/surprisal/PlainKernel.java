package io.surprisal;

import io.surprisal.spi.Availability;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.WeighForm;

/** All that a kernel has to write, in three plain loops: what core is tested with. */
public final class PlainKernel implements SoftmaxKernel {
  private static final double LOG2E = 0x1.71547652b82fep0;

  /** Blocks whose maximum is larger have an origin, others an exponent: both must be right. */
  private static final int EXPONENT_LIMIT = 100;

  /** The largest exponential is near 2^20, so that small ones are far from underflow. */
  private static final int RAISED = -20;

  @Override
  public void reduce(Tile tile) {
    for (int slot = 0; slot < tile.rows * tile.blocks(); slot++) {
      int row = slot / tile.blocks();
      int first = slot % tile.blocks() * Tile.BLOCK;
      int last = first + tile.blockColumns(slot % tile.blocks());
      float maximum = Float.NEGATIVE_INFINITY;
      for (int i = first; i < last; i++) {
        maximum = Math.max(maximum, tile.logits[tile.logitsStart[row] + i]);
      }
      boolean far = Math.abs(maximum) > EXPONENT_LIMIT;
      float origin = far && Float.isFinite(maximum) ? maximum : 0;
      int exponent = far ? RAISED : RAISED + (int) Math.rint(maximum * LOG2E);
      double sum = 0;
      for (int i = first; i < last; i++) {
        double e = StrictMath.exp((double) tile.logits[tile.logitsStart[row] + i] - origin);
        e = Math.scalb(e, -exponent);
        tile.exps[exps(tile, row) + i] = (float) e;
        sum += i == tile.labels[row] ? 0 : e;
      }
      // No frame fits a block with +∞ or NaN, or of nothing but −∞: its sum is ∞, NaN or 0.
      tile.blockSum[slot] = Float.isFinite(maximum) ? sum : StrictMath.exp(maximum);
      tile.blockOrigin[slot] = origin;
      tile.blockExponent[slot] = exponent;
    }
  }

  @Override
  public void weigh(Tile tile, WeighForm form) {
    for (int row = 0; row < tile.rows; row++) {
      tile.weighedSum[row] = 0;
      tile.weighedDot[row] = 0;
      for (int i = 0; i < tile.columns; i++) {
        if (i != tile.labels[row]) {
          double p = scaled(tile, row, i);
          double error = p - target(tile, row, i);
          tile.weighedSum[row] += weight(tile, i) * error * error;
          tile.weighedDot[row] += weight(tile, i) * error * p;
        }
      }
    }
  }

  @Override
  public void map(Tile tile, MapForm form) {
    for (int row = 0; row < tile.rows; row++) {
      for (int i = 0; i < tile.columns; i++) {
        tile.out[tile.outStart[row] + i] = (float) mapped(tile, form, row, i);
      }
    }
  }

  private static double mapped(Tile tile, MapForm form, int row, int i) {
    double scaled = scaled(tile, row, i);
    return switch (form) {
      case SCALED -> scaled;
      case SCALED_MINUS_CLASSES -> scaled - weight(tile, i) * tile.shift[row];
      case SCALED_MINUS_TARGETS ->
          scaled
              - weight(tile, i)
                  * (tile.targetFactor[row] * tile.targets[tile.targetsStart[row] + i]
                      + tile.shift[row]);
      case LOGARITHM ->
          (double) tile.logits[tile.logitsStart[row] + i]
              - tile.logSumHigh[row]
              - tile.logSumLow[row];
      case SCALED_TIMES_UPSTREAM ->
          scaled * (tile.upstream[tile.upstreamStart[row] + i] - tile.shift[row]);
      case SCALED_TIMES_ERROR -> {
        double error = weight(tile, i) * (scaled - target(tile, row, i));
        yield scaled * (tile.targetFactor[row] * error - tile.shift[row]);
      }
      case UPSTREAM_PLUS_SCALED -> tile.upstream[tile.upstreamStart[row] + i] + scaled;
    };
  }

  private static double scaled(Tile tile, int row, int i) {
    int slot = row * tile.blocks() + i / Tile.BLOCK;
    double e = tile.exps[exps(tile, row) + i];
    double factor = ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
    return e < tile.cutoff[slot] ? 0 : e * factor;
  }

  private static float target(Tile tile, int row, int column) {
    return tile.targets == null ? 0 : tile.targets[tile.targetsStart[row] + column];
  }

  private static int exps(Tile tile, int row) {
    return tile.expsOffset + row * tile.expsStride;
  }

  private static float weight(Tile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }

  /** How the library finds it: named in {@code META-INF/services}. */
  public static final class Provider implements KernelProvider {
    @Override
    public String name() {
      return "plain";
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public Availability availability() {
      return Availability.usable("plain loops");
    }

    @Override
    public SoftmaxKernel kernel() {
      return new PlainKernel();
    }
  }
}
