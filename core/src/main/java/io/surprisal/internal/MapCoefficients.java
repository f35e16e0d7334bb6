package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * From a row's double coefficients to the float factors that MAP applies to the stored exponentials
 * of each block.
 *
 * <p>A factor outside the range of normal floats is split in two, the second a power of two: an e
 * of 2^81 times a factor of 2^−150 is a normal probability. No e is above 2^121.
 */
final class MapCoefficients {
  /**
   * A small factor is raised by its own exponent, so that the product with any e stays in range, or
   * by this: what lowers it again is a normal number.
   */
  private static final int MOST_RAISED = 126;

  /** What a large factor is divided by. */
  private static final float LARGEST_RESCALE = 0x1p127f;

  /** Below it the low part of a factor might be subnormal. */
  private static final double LEAST_MODERATE = 0x1p-90;

  /** Above it the product of the low part and an e might be an infinity. */
  private static final double MOST_MODERATE = 0x1p31;

  private MapCoefficients() {}

  /** Sets the factors of every slot of the tile. */
  static void setFactors(RowBlock block, int firstSlot, Tile tile) {
    // A row of one block is in that block's frame; a cell of a wide row may not be in its row's.
    if (block.classes <= Tile.BLOCK && allModerate(block.factor, tile)) {
      setModerate(block.factor, tile);
    } else {
      setAnyFactors(block, firstSlot, tile);
    }
  }

  /** Sets the factors of every slot of the tile, and the coefficients that a form asks for. */
  static void set(RowBlock block, int firstSlot, Tile tile, MapForm form) {
    setFactors(block, firstSlot, tile);
    switch (form) {
      case SCALED, UPSTREAM_PLUS_SCALED -> {}
      case SCALED_MINUS_CLASSES, SCALED_TIMES_UPSTREAM ->
          System.arraycopy(block.shift, firstSlot, tile.shift, 0, tile.rows);
      case SCALED_MINUS_TARGETS, SCALED_TIMES_ERROR -> {
        System.arraycopy(block.shift, firstSlot, tile.shift, 0, tile.rows);
        System.arraycopy(block.targetFactor, firstSlot, tile.targetFactor, 0, tile.rows);
      }
      case LOGARITHM -> {
        for (int row = 0; row < tile.rows; row++) {
          tile.logSumHigh[row] = block.logSumHigh[firstSlot + row];
          tile.logSumLow[row] = (float) block.logSumLow[firstSlot + row];
        }
      }
    }
  }

  /** Whether every factor is in range and no sum is 0; without branches, by the signs of bits. */
  private static boolean allModerate(double[] factors, Tile tile) {
    long least = Double.doubleToRawLongBits(LEAST_MODERATE);
    long most = Double.doubleToRawLongBits(MOST_MODERATE);
    long signs = 0;
    for (int i = 0; i < tile.rows; i++) {
      long magnitude = Double.doubleToRawLongBits(Math.abs(factors[i]));
      long sum = Double.doubleToRawLongBits(tile.blockSum[i]);
      signs |= (magnitude - least) | (most - magnitude) | (sum - 1);
    }
    return signs >= 0;
  }

  /**
   * What {@link #setFactor} does for moderate factors in the rows' own frames, without branches.
   */
  private static void setModerate(double[] factors, Tile tile) {
    Arrays.fill(tile.rescale, 0, tile.rows, 1);
    for (int i = 0; i < tile.rows; i++) {
      float scale = (float) factors[i];
      tile.scale[i] = scale;
      tile.scaleLow[i] = (float) (factors[i] - scale);
      tile.cutoff[i] = (float) (Float.MIN_NORMAL / Math.abs(factors[i]));
    }
  }

  private static void setAnyFactors(RowBlock block, int firstSlot, Tile tile) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      int i = firstSlot + row;
      for (int slot = row * blocks; slot < (row + 1) * blocks; slot++) {
        double toRow =
            tile.blockSum[slot] == 0 ? 0 : toRow(tile, slot, block.exponent[i], block.origin[i]);
        setFactor(tile, slot, block.factor[i] * toRow);
      }
    }
  }

  private static double toRow(Tile tile, int slot, int exponent, double origin) {
    return Summary.factor(tile.blockExponent[slot], tile.blockOrigin[slot], exponent, origin);
  }

  /** Multiplies the factors of a row that have been set. */
  static void multiplyFactors(Tile tile, int row, double by) {
    for (int slot = row * tile.blocks(); slot < (row + 1) * tile.blocks(); slot++) {
      setFactor(tile, slot, by * factor(tile, slot));
    }
  }

  /** A slot's factor as it has been set. */
  static double factor(Tile tile, int slot) {
    return ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
  }

  /** Sets the factor of a slot. */
  static void setFactor(Tile tile, int slot, double factor) {
    double magnitude = Math.abs(factor);
    double moderate = factor;
    float rescale = 1;
    if (magnitude < LEAST_MODERATE && magnitude != 0) {
      int raised = Math.min(-Math.getExponent(factor), MOST_RAISED);
      moderate = Math.scalb(factor, raised);
      rescale = Math.scalb(1f, -raised);
    } else if (magnitude > Float.MAX_VALUE) {
      // Beyond 2^255 every e that is not 0, 2^−125 at least, makes an infinity; the bound does too.
      double reduced = factor / LARGEST_RESCALE;
      moderate = Math.clamp(reduced, -Float.MAX_VALUE, Float.MAX_VALUE);
      rescale = LARGEST_RESCALE;
    }
    // With low parts of the same sign, products that are both infinite are so with that sign.
    tile.scale[slot] = magnitude > MOST_MODERATE ? towardsZero(moderate) : (float) moderate;
    tile.scaleLow[slot] = (float) (moderate - tile.scale[slot]);
    tile.rescale[slot] = rescale;
    tile.cutoff[slot] = (float) (Float.MIN_NORMAL / magnitude);
  }

  private static float towardsZero(double factor) {
    float nearest = (float) factor;
    return Math.abs(nearest) > Math.abs(factor) ? Math.nextAfter(nearest, 0) : nearest;
  }
}
