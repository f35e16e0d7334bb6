package io.surprisal.internal;

import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;
import java.util.Arrays;

/**
 * From the coefficients of rows to the factors that MAP applies to the stored exponentials of each
 * block: {@link MapCoefficients} for logits in double.
 *
 * <p>A factor outside the range in which its low part is a normal number is split in two, the
 * second a power of two: an e of 2^440 times a factor of 2^−1100 is a normal probability.
 */
final class DoubleCoefficients {
  /** Below 2^this the low part of a factor might be subnormal. */
  private static final int LEAST_MODERATE = -900;

  /** Up to 2^this a factor has room to be rounded up. */
  private static final int MOST_MODERATE = 1000;

  /** The power of two that is moved to the second factor. */
  private static final int SPLIT = 600;

  private DoubleCoefficients() {}

  /** Sets the factors of every slot of the tile, and the coefficients that a form asks for. */
  static void set(DoubleRows rows, int firstSlot, DoubleTile tile, MapForm form) {
    if (form == MapForm.LOGARITHM) {
      System.arraycopy(rows.logitOrigin, firstSlot, tile.logSumHigh, 0, tile.rows);
      System.arraycopy(rows.logSumLow, firstSlot, tile.logSumLow, 0, tile.rows);
      return;
    }
    System.arraycopy(rows.shift, firstSlot, tile.shift, 0, tile.rows);
    System.arraycopy(rows.shiftLow, firstSlot, tile.shiftLow, 0, tile.rows);
    if (!rows.sumsAreModerate || !setModerate(rows, tile)) {
      setAnyFactors(rows, firstSlot, tile);
    }
  }

  /**
   * What {@link #setFactor} does where every row is one block and its factor moderate, without
   * branches.
   *
   * @return whether they all are
   */
  private static boolean setModerate(DoubleRows rows, DoubleTile tile) {
    long least = Double.doubleToRawLongBits(ElementaryPairs.power(LEAST_MODERATE));
    long most = Double.doubleToRawLongBits(ElementaryPairs.power(MOST_MODERATE));
    long signs = 0;
    for (int i = 0; i < tile.rows; i++) {
      double scale = rows.factor[i] * rows.toTile[i];
      double magnitude = Math.abs(scale);
      long bits = Double.doubleToRawLongBits(magnitude);
      signs |= (bits - least) | (most - bits);
      tile.scale[i] = scale;
      tile.scaleLow[i] = rows.factorLow[i] * rows.toTile[i];
      tile.cutoff[i] = Double.MIN_NORMAL / magnitude;
    }
    Arrays.fill(tile.rescale, 0, tile.rows, 1);
    return signs >= 0;
  }

  private static void setAnyFactors(DoubleRows rows, int firstSlot, DoubleTile tile) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int slot = row * blocks; slot < (row + 1) * blocks; slot++) {
        setFactor(rows, firstSlot + row, tile, slot);
      }
    }
  }

  private static void setFactor(DoubleRows rows, int row, DoubleTile tile, int slot) {
    double factor = rows.factor[row];
    double low = rows.factorLow[row];
    int power = tile.blockExponent[slot] - rows.exponent[row];
    if (tile.blockOrigin[slot] != rows.origin[row]) {
      DoubleSummary frames = rows.frames;
      frames.setFactor(
          tile.blockExponent[slot], tile.blockOrigin[slot], rows.exponent[row], rows.origin[row]);
      double product = factor * frames.factor();
      low =
          Math.fma(factor, frames.factor(), -product)
              + (factor * frames.factorLow() + low * frames.factor());
      factor = product;
      power = frames.power();
    }
    if (tile.blockSum[slot] == 0) {
      factor = 0;
      low = 0;
    }
    if (factor != 0 && Math.abs(power) < MOST_MODERATE && moved(factor, power) == 0) {
      double scale = ElementaryPairs.power(power);
      set(tile, slot, factor * scale, low * scale, 0);
    } else {
      int moved = moved(factor, power);
      set(tile, slot, Math.scalb(factor, power - moved), Math.scalb(low, power - moved), moved);
    }
  }

  private static void set(DoubleTile tile, int slot, double scale, double low, int moved) {
    tile.scale[slot] = scale;
    tile.scaleLow[slot] = low;
    tile.rescale[slot] = ElementaryPairs.power(moved);
    tile.cutoff[slot] = Double.MIN_NORMAL / Math.abs(scale) * ElementaryPairs.power(-moved);
  }

  /** The power of two that belongs to the second factor. */
  private static int moved(double factor, int power) {
    int exponent = factor == 0 ? 0 : Math.getExponent(factor) + power;
    if (exponent < LEAST_MODERATE) {
      return -SPLIT;
    }
    return exponent > MOST_MODERATE ? SPLIT : 0;
  }
}
