package io.surprisal.kernels.vector;

import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * REDUCE of rows of fewer than 256 columns: many at a time.
 *
 * <p>The exponential does not care where a row ends, so it runs over the rows one behind another,
 * brought together first where they are apart. Then the rows are summed, in double; below 16
 * columns as scalars in the order of their columns, eight at a time, which do not wait for each
 * other.
 *
 * <p>A row of two classes, one of them the label, needs no exponential: its sum is that of the
 * other class, exp(x) = 1·e^x.
 *
 * <p>The frame is the moderate one of {@link VectorFrames} where no k of the row exceeds 80 and its
 * exponentials, the label's too, add up to 8 or more.
 */
final class VectorNarrowRows {
  /** Rows of fewer columns are narrow. */
  static final int LIMIT = Tile.NARROW;

  /** Rows of fewer columns are summed as scalars. */
  private static final int VECTOR_SUMS = 16;

  /** Least sum in the moderate frame: there is a logit above −26 − log C. */
  private static final double LEAST_SUM = 8;

  /** Where in a tile's scratch the exponentials of a single row lie. */
  private static final int ROW = VectorExp.SCRATCH_END;

  private VectorNarrowRows() {}

  /** Reduces all rows of the tile. */
  static void reduce(Tile tile) {
    if (tile.columns == 2 && hasLabels(tile)) {
      reducePairs(tile);
      return;
    }
    int rowsAtOnce = Tile.BLOCK / tile.columns;
    for (int first = 0; first < tile.rows; first += rowsAtOnce) {
      reduce(tile, first, Math.min(first + rowsAtOnce, tile.rows));
    }
  }

  private static void reduce(Tile tile, int first, int last) {
    int columns = tile.columns;
    int count = (last - first) * columns;
    int exps = tile.expsOffset + first * columns;
    float[] source = tile.logits;
    int from = tile.logitsStart[first];
    if (!tile.contiguous) {
      gather(tile, first, last);
      source = tile.scratch;
      from = 0;
    }
    int exponent = VectorFrames.MODERATE_EXPONENT;
    int maxBits =
        VectorExp.exponentials(
            tile, source, from, count, exponent, tile.exps, exps, tile.scratch, 0);
    takeLabelsOut(tile, first, last);
    sum(tile, tile.exps, exps, last - first, first);
    boolean moderate = maxBits <= VectorFrames.MODERATE_MAX_BITS;
    for (int row = first; row < last; row++) {
      tile.blockExponent[row] = exponent;
      tile.blockOrigin[row] = 0;
      if (!(moderate && tile.blockSum[row] + tile.rowScratch[row] >= LEAST_SUM)) {
        reduceAlone(tile, row);
      }
    }
  }

  /** Whether some rows have labels: all, but where the columns are a shard of all classes. */
  private static boolean hasLabels(Tile tile) {
    int row = 0;
    while (row < tile.rows && tile.labels[row] == Tile.NO_LABEL) {
      row++;
    }
    return row < tile.rows;
  }

  /** The sum of a row with a label is that of the class that is not it. */
  private static void reducePairs(Tile tile) {
    Arrays.fill(tile.blockExponent, 0, tile.rows, 0);
    Arrays.fill(tile.exps, tile.expsOffset, tile.expsOffset + 2 * tile.rows, 1);
    for (int row = 0; row < tile.rows; row++) {
      if (tile.labels[row] == Tile.NO_LABEL) {
        reduceUnlabelled(tile, row);
        continue;
      }
      float other = tile.logits[tile.logitsStart[row] + 1 - tile.labels[row]];
      boolean finite = Math.abs(other) <= Float.MAX_VALUE;
      tile.blockOrigin[row] = finite ? other : 0;
      tile.blockSum[row] = finite ? 1 : other == Float.NEGATIVE_INFINITY ? 0 : other;
    }
  }

  /** The row has the bits that it has among rows without labels. */
  private static void reduceUnlabelled(Tile tile, int row) {
    tile.blockExponent[row] = VectorFrames.MODERATE_EXPONENT;
    tile.blockOrigin[row] = 0;
    reduceAlone(tile, row);
  }

  private static void gather(Tile tile, int first, int last) {
    int columns = tile.columns;
    for (int row = first; row < last; row++) {
      System.arraycopy(
          tile.logits, tile.logitsStart[row], tile.scratch, (row - first) * columns, columns);
    }
  }

  /** Keeps the exponentials of the labels, and leaves 0 in their place. */
  private static void takeLabelsOut(Tile tile, int first, int last) {
    int start = tile.expsOffset + first * tile.columns;
    for (int row = first; row < last; row++) {
      tile.rowScratch[row] = takeLabelOut(tile.exps, start, tile.labels[row]);
      start += tile.columns;
    }
  }

  private static float takeLabelOut(float[] exps, int start, int label) {
    if (label < 0) {
      return 0;
    }
    float e = exps[start + label];
    exps[start + label] = 0;
    return e;
  }

  /** A row that the moderate frame does not suit, or one whose neighbour it does not suit. */
  private static void reduceAlone(Tile tile, int row) {
    int columns = tile.columns;
    int from = tile.logitsStart[row];
    int exponent = VectorFrames.MODERATE_EXPONENT;
    float[] scratch = tile.scratch;
    int maxBits =
        VectorExp.exponentials(
            tile, tile.logits, from, columns, exponent, scratch, ROW, scratch, 0);
    double labelExp = takeLabelOut(scratch, ROW, tile.labels[row]);
    sum(tile, scratch, ROW, 1, row);
    boolean moderate = maxBits <= VectorFrames.MODERATE_MAX_BITS;
    if (!(moderate && tile.blockSum[row] + labelExp >= LEAST_SUM)
        && VectorFrames.exponentials(tile, row, from, columns, scratch, ROW)) {
      takeLabelOut(scratch, ROW, tile.labels[row]);
      sum(tile, scratch, ROW, 1, row);
    }
    System.arraycopy(scratch, ROW, tile.exps, tile.expsOffset + row * columns, columns);
  }

  private static void sum(Tile tile, float[] exps, int from, int rows, int first) {
    if (tile.columns < VECTOR_SUMS) {
      sum(exps, from, tile.columns, rows, tile.blockSum, first);
    } else {
      VectorSums.rows(exps, from, tile.columns, rows, tile.blockSum, first, tile.doubleScratch);
    }
  }

  /**
   * Sums of rows, in the order of their columns.
   *
   * @param exps rows one behind another
   * @param from where the first starts
   * @param columns their length
   * @param rows how many
   * @param sums where the sums go
   * @param first where the first goes
   */
  static void sum(float[] exps, int from, int columns, int rows, double[] sums, int first) {
    int row = 0;
    for (; row + 8 <= rows; row += 8) {
      int i = from + row * columns;
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      double sum4 = 0;
      double sum5 = 0;
      double sum6 = 0;
      double sum7 = 0;
      for (int c = i; c < i + columns; c++) {
        sum0 += exps[c];
        sum1 += exps[c + columns];
        sum2 += exps[c + 2 * columns];
        sum3 += exps[c + 3 * columns];
        sum4 += exps[c + 4 * columns];
        sum5 += exps[c + 5 * columns];
        sum6 += exps[c + 6 * columns];
        sum7 += exps[c + 7 * columns];
      }
      sums[first + row] = sum0;
      sums[first + row + 1] = sum1;
      sums[first + row + 2] = sum2;
      sums[first + row + 3] = sum3;
      sums[first + row + 4] = sum4;
      sums[first + row + 5] = sum5;
      sums[first + row + 6] = sum6;
      sums[first + row + 7] = sum7;
    }
    for (; row < rows; row++) {
      double sum = 0;
      int start = from + row * columns;
      for (int c = start; c < start + columns; c++) {
        sum += exps[c];
      }
      sums[first + row] = sum;
    }
  }
}
