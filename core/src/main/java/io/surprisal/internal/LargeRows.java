package io.surprisal.internal;

import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * Rows of which MAP takes differences of terms that are beyond the range of floats, or near its
 * end: their coefficients are lowered by a power of two, which what MAP has written is multiplied
 * by. So the difference is what it should be, and overflows with its own sign.
 */
final class LargeRows {
  /** Logarithm of the largest coefficient that is left as it is: w·(G·q + H) has room above it. */
  private static final int LARGEST_EXPONENT = 99;

  /** Larger coefficients are lowered. */
  private static final double LARGEST = 0x1p100;

  /** What each row is to be multiplied by, where there are such rows. */
  private final double[] raise = new double[Tile.MAX_ROWS];

  private boolean any;

  LargeRows() {}

  /** Forgets the rows of the last block. */
  void clear() {
    any = false;
  }

  /** Lowers a row if it is large; its factor is still one of probabilities. */
  void lower(RowBlock rows, int i) {
    double terms = Math.max(Math.abs(rows.shift[i]), Math.abs(rows.targetFactor[i]));
    double largest = Math.max(Math.abs(rows.factor[i]), terms);
    if (largest >= LARGEST) {
      if (!any) {
        Arrays.fill(raise, 0, rows.rows, 1);
        any = true;
      }
      int power = Math.getExponent(largest) - LARGEST_EXPONENT;
      raise[i] = Math.scalb(1.0, power);
      rows.factor[i] = Math.scalb(rows.factor[i], -power);
      rows.shift[i] = Math.scalb(rows.shift[i], -power);
      rows.targetFactor[i] = Math.scalb(rows.targetFactor[i], -power);
    }
  }

  /** Raises what MAP has written. */
  void raise(Window window, Tile tile) {
    for (int row = 0; any && row < tile.rows; row++) {
      double factor = raise[window.firstSlot + row];
      int start = tile.outStart[row];
      for (int i = start; factor != 1 && i < start + tile.columns; i++) {
        tile.out[i] = (float) (tile.out[i] * factor);
      }
    }
  }
}
