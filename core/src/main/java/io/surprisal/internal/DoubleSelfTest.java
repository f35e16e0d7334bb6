package io.surprisal.internal;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import java.util.Arrays;

/** What a kernel of logits in double must get right before it serves, against the reference. */
final class DoubleSelfTest {
  private static final int ROWS = 5;
  private static final double TOLERANCE = 0x1p-48;
  private static final double[] OFFSETS = {0, 3, -20, 500, -1500, -4e5, 1e6};
  private static final MapForm[] FORMS = {
    MapForm.SCALED,
    MapForm.SCALED_MINUS_CLASSES,
    MapForm.LOGARITHM,
    MapForm.SCALED_TIMES_UPSTREAM,
    MapForm.UPSTREAM_PLUS_SCALED
  };
  private static final double[] SPECIAL = {
    Double.NaN, Double.longBitsToDouble(0xFFF8_0000_0000_0000L), Double.POSITIVE_INFINITY
  };

  private DoubleSelfTest() {}

  /** Throws if the kernel is wrong. */
  static void check(String name, DoubleKernel kernel) {
    for (int columns : new int[] {5, 131, DoubleTile.BLOCK + 70}) {
      DoubleTile tile = tile(columns);
      for (double offset : OFFSETS) {
        fill(tile, offset);
        compare(name, kernel, tile);
      }
      for (double special : SPECIAL) {
        fill(tile, 0);
        tile.logits[columns + columns / 2] = special;
        compare(name, kernel, tile);
      }
      fill(tile, Double.NEGATIVE_INFINITY);
      compare(name, kernel, tile);
    }
  }

  private static DoubleTile tile(int columns) {
    DoubleTile tile = new DoubleTile();
    tile.rows = ROWS;
    tile.columns = columns;
    tile.contiguous = true;
    tile.logits = new double[ROWS * columns];
    tile.expsStride = columns;
    tile.upstream = new double[ROWS * columns];
    for (int i = 0; i < tile.upstream.length; i++) {
      tile.upstream[i] = (i * 29 % 64 - 32) / 16.0;
    }
    tile.classVector = new float[columns];
    for (int i = 0; i < columns; i++) {
      tile.classVector[i] = i % 7 == 5 ? 0 : i % 3;
    }
    for (int row = 0; row < ROWS; row++) {
      tile.logitsStart[row] = row * columns;
      tile.outStart[row] = row * columns;
      tile.upstreamStart[row] = row * columns;
      tile.labels[row] = row == 0 ? Tile.NO_LABEL : row * 41 % columns;
      tile.shift[row] = -0.375;
      tile.logSumHigh[row] = 3;
      tile.logSumLow[row] = 0x1p-53;
    }
    return tile;
  }

  /** Logits from −8 to 8 around an offset, every seventh masked. */
  private static void fill(DoubleTile tile, double offset) {
    for (int i = 0; i < tile.logits.length; i++) {
      double value = offset + (i * 37 % 128 - 64) / 8.0;
      tile.logits[i] = i % tile.columns % 7 == 5 ? Double.NEGATIVE_INFINITY : value;
    }
  }

  private static void compare(String name, DoubleKernel kernel, DoubleTile tile) {
    int slots = ROWS * tile.blocks();
    double[] sums = sums(kernel, tile);
    double[] expected = sums(new DoubleReference(), tile);
    for (int slot = 0; slot < slots; slot++) {
      require(name, "the logarithm of the sum of slot " + slot, sums[slot], expected[slot]);
    }
    // The row without a label.
    for (int slot = 0; slot < tile.blocks(); slot++) {
      int i = slots + ROWS + slot;
      require(name, "Σ e·v of slot " + slot, sums[i], expected[i]);
    }
    for (int row = 0; row < ROWS; row++) {
      require(name, "Σ w·x of row " + row, sums[slots + row], expected[slots + row]);
    }
    for (MapForm form : FORMS) {
      double[] mapped = mapped(kernel, tile, form);
      double[] right = mapped(new DoubleReference(), tile, form);
      for (int i = 0; i < mapped.length; i++) {
        require(name, form + " of element " + i, mapped[i], right[i]);
      }
    }
  }

  /** Logarithms of the sums of all slots, weighted sums of all rows, means of v over all slots. */
  private static double[] sums(DoubleKernel kernel, DoubleTile tile) {
    tile.exps = new double[tile.logits.length];
    kernel.reduce(tile);
    kernel.weightedSums(tile);
    int slots = ROWS * tile.blocks();
    kernel.expDots(tile);
    double[] sums = new double[2 * slots + ROWS];
    for (int slot = 0; slot < slots; slot++) {
      double sum = tile.blockSum[slot];
      sums[slot] =
          Double.isNaN(sum)
              ? Double.NaN
              : Summary.logSumExp(sum, tile.blockExponent[slot], tile.blockOrigin[slot]);
      sums[slots + ROWS + slot] = sum == 0 ? 0 : tile.blockDot[slot] / sum;
    }
    System.arraycopy(tile.weightedSum, 0, sums, slots, ROWS);
    return sums;
  }

  /** What a form writes, added to 0.25; of rows whose sums are numbers, but not of their labels. */
  private static double[] mapped(DoubleKernel kernel, DoubleTile tile, MapForm form) {
    double[] mapped = new double[tile.logits.length];
    tile.exps = new double[mapped.length];
    kernel.reduce(tile);
    for (int slot = 0; slot < ROWS * tile.blocks(); slot++) {
      boolean some = tile.blockSum[slot] > 0 && tile.blockSum[slot] <= Double.MAX_VALUE;
      tile.scale[slot] = some ? 0.75 / tile.blockSum[slot] : 0;
      tile.scaleLow[slot] = tile.scale[slot] * 0x1p-54;
      tile.rescale[slot] = 1;
      tile.cutoff[slot] = 0;
    }
    tile.out = tile.exps;
    kernel.map(tile, form);
    Arrays.fill(mapped, 0.25);
    tile.out = mapped;
    kernel.add(tile);
    for (int row = 0; row < ROWS; row++) {
      boolean some = tile.blockSum[row * tile.blocks()] <= Double.MAX_VALUE;
      for (int i = 0; i < tile.columns; i++) {
        boolean counts = some && i != tile.labels[row];
        mapped[row * tile.columns + i] = counts ? mapped[row * tile.columns + i] : 0;
      }
    }
    return mapped;
  }

  private static void require(String name, String what, double actual, double expected) {
    Requirement.check(name, what, actual, expected, TOLERANCE * Math.max(1, Math.abs(expected)));
  }
}
