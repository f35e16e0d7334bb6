package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * The classes of a tile's rows that are not masked by −∞, for smoothing that leaves the masked ones
 * out: how many they are, their weights, and where they are not.
 *
 * <p>Rows without a mask, most of them, cost a comparison; with class weights, which may be 0 where
 * a logit is −∞ and so hide it from Σ w·x, a count.
 */
final class FiniteClasses {
  /** Of each row of the tile: how many classes are not masked. */
  final int[] count = new int[Tile.MAX_ROWS];

  /** Of each row of the tile: Σ w of these, where some of the row are masked. */
  final double[] weight = new double[Tile.MAX_ROWS];

  /** A bit a column, each row in words of its own: set where the class is masked. */
  private final long[] masked = new long[Tile.MAX_COLUMNS / Long.SIZE + Tile.MAX_ROWS];

  FiniteClasses() {}

  /** Counts, and makes the weighted sums of the tile those over the classes that are not masked. */
  void find(SoftmaxPass pass, Tile tile) {
    boolean cell = tile.columns < pass.classes;
    for (int row = 0; row < tile.rows; row++) {
      count[row] = tile.columns;
      boolean suspect = tile.weightedSum[row] == Double.NEGATIVE_INFINITY;
      if (tile.classVector != null) {
        count[row] = countAboveMask(pass, tile, row);
        suspect = count[row] < tile.columns;
      }
      if (suspect || (cell && tile.classVector != null)) {
        addUp(tile, row);
      } else {
        weight[row] = tile.columns;
      }
    }
  }

  private static int countAboveMask(SoftmaxPass pass, Tile tile, int row) {
    int start = tile.logitsStart[row];
    return pass.kernel.countGreater(tile.logits, start, tile.columns, Float.NEGATIVE_INFINITY);
  }

  private void addUp(Tile tile, int row) {
    int start = tile.logitsStart[row];
    int found = 0;
    double weights = 0;
    double sum = 0;
    for (int c = 0; c < tile.columns; c++) {
      float logit = tile.logits[start + c];
      if (logit != Float.NEGATIVE_INFINITY) {
        double w = tile.classVector == null ? 1 : tile.classVector[tile.classOffset + c];
        found++;
        weights += w;
        sum += Weights.times(w, logit);
      }
    }
    count[row] = found;
    weight[row] = weights;
    tile.weightedSum[row] = sum;
  }

  /** Brings what was found of a tile of whole rows to its block. */
  void collect(RowBlock block) {
    System.arraycopy(count, 0, block.finiteClasses, 0, block.rows);
    System.arraycopy(weight, 0, block.finiteWeight, 0, block.rows);
  }

  /** Whether a row of the tile has masked classes, here or in another cell. */
  private static boolean hasMasked(Window window, int tileRow) {
    RowBlock block = window.block;
    return block.finiteClasses[window.firstSlot + tileRow] < block.classes;
  }

  private static int words(Tile tile) {
    return (tile.columns + Long.SIZE - 1) / Long.SIZE;
  }

  /** Keeps where the masked classes are: MAP may write over the logits. */
  void keep(Window window, Tile tile) {
    int words = words(tile);
    for (int row = 0; row < tile.rows; row++) {
      if (hasMasked(window, row)) {
        for (int word = 0; word < words; word++) {
          masked[row * words + word] = maskedOf(tile, row, word * Long.SIZE);
        }
      }
    }
  }

  /** The bits of up to 64 columns. */
  private static long maskedOf(Tile tile, int row, int column) {
    int start = tile.logitsStart[row] + column;
    int columns = Math.min(Long.SIZE, tile.columns - column);
    long bits = 0;
    for (int i = 0; i < columns; i++) {
      bits |= tile.logits[start + i] == Float.NEGATIVE_INFINITY ? 1L << i : 0;
    }
    return bits;
  }

  /** Whether a class is masked, as {@link #keep} found it. */
  boolean isMasked(Window window, Tile tile, int tileRow, int column) {
    return hasMasked(window, tileRow)
        && (masked[tileRow * words(tile) + column / Long.SIZE] & (1L << column)) != 0;
  }

  /** Writes the entries of the masked classes, which have no share of the smoothing. */
  void overwrite(SoftmaxPass pass, Window window, Tile tile) {
    int words = words(tile);
    for (int row = 0; row < tile.rows; row++) {
      if (!hasMasked(window, row)) {
        continue;
      }
      for (int word = 0; word < words; word++) {
        for (long bits = masked[row * words + word]; bits != 0; bits &= bits - 1) {
          int column = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
          tile.out[tile.outStart[row] + column] = entry(pass, window, tile, row, column);
        }
      }
    }
  }

  /** −w·G·q, with p = 0; q is the target where there are some, or the share of the tail. */
  private static float entry(SoftmaxPass pass, Window window, Tile tile, int row, int column) {
    int slot = window.firstSlot + row;
    double target = 0;
    if (tile.targets != null) {
      target = tile.targets[tile.targetsStart[row] + column];
    } else if (pass.sparse.tail) {
      target = window.block.tailShare[slot];
    }
    double w = tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
    return (float) (0 - w * window.block.targetFactor[slot] * target);
  }
}
