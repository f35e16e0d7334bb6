package io.surprisal.kernels.vector;

import io.surprisal.spi.DoubleTile;

/**
 * REDUCE of rows of fewer than 128 doubles, many at a time, as {@link VectorNarrowRows} reduces
 * floats: exponentials of rows one behind another, then the sum of each in the order of its
 * columns.
 *
 * <p>The frame is the moderate one of {@link VectorDoubleFrames} where no k of the row exceeds 400
 * and its exponentials, the label's too, add up to 8 or more.
 */
final class VectorDoubleNarrowRows {
  /** Rows of fewer columns are narrow. */
  static final int LIMIT = DoubleTile.NARROW;

  /** Least sum in the moderate frame: there is a logit above −26 − log C. */
  private static final double LEAST_SUM = 8;

  private static final int ROW = VectorDoubleExp.ROW;

  private VectorDoubleNarrowRows() {}

  /** Reduces all rows of the tile. */
  static void reduce(DoubleTile tile) {
    int rowsAtOnce = DoubleTile.BLOCK / tile.columns & -VectorDoubleNarrowSums.TOGETHER;
    for (int first = 0; first < tile.rows; first += rowsAtOnce) {
      reduce(tile, first, Math.min(first + rowsAtOnce, tile.rows));
    }
  }

  private static void reduce(DoubleTile tile, int first, int last) {
    int columns = tile.columns;
    int exps = tile.expsOffset + first * columns;
    double[] source = tile.logits;
    int from = tile.logitsStart[first];
    if (!tile.contiguous) {
      gather(tile, first, last);
      source = tile.scratch;
      from = 0;
    }
    int exponent = VectorDoubleFrames.MODERATE_EXPONENT;
    int count = (last - first) * columns;
    long maxBits =
        VectorDoubleExp.exponentials(
            tile, source, from, count, exponent, tile.exps, exps, tile.scratch, 0);
    for (int row = first; row < last; row++) {
      int start = tile.expsOffset + row * columns;
      tile.rowScratch[row] = takeLabelOut(tile.exps, start, tile.labels[row]);
    }
    VectorDoubleNarrowSums.add(tile, tile.exps, exps, first, last - first);
    boolean moderate = maxBits <= VectorDoubleFrames.MODERATE_MAX_BITS;
    for (int row = first; row < last; row++) {
      tile.blockExponent[row] = exponent;
      tile.blockOrigin[row] = 0;
      if (!(moderate && tile.blockSum[row] + tile.rowScratch[row] >= LEAST_SUM)) {
        reduceAlone(tile, row);
      }
    }
  }

  private static void gather(DoubleTile tile, int first, int last) {
    int columns = tile.columns;
    for (int row = first; row < last; row++) {
      System.arraycopy(
          tile.logits, tile.logitsStart[row], tile.scratch, (row - first) * columns, columns);
    }
  }

  private static double takeLabelOut(double[] exps, int start, int label) {
    if (label < 0) {
      return 0;
    }
    double e = exps[start + label];
    exps[start + label] = 0;
    return e;
  }

  /** A row that the moderate frame does not suit, or one whose neighbour it does not suit. */
  private static void reduceAlone(DoubleTile tile, int row) {
    int columns = tile.columns;
    int from = tile.logitsStart[row];
    int exponent = VectorDoubleFrames.MODERATE_EXPONENT;
    double[] scratch = tile.scratch;
    long maxBits =
        VectorDoubleExp.exponentials(
            tile, tile.logits, from, columns, exponent, scratch, ROW, scratch, 0);
    double labelExp = takeLabelOut(scratch, ROW, tile.labels[row]);
    VectorDoubleNarrowSums.add(tile, scratch, ROW, row, 1);
    boolean moderate = maxBits <= VectorDoubleFrames.MODERATE_MAX_BITS;
    if (!(moderate && tile.blockSum[row] + labelExp >= LEAST_SUM)
        && VectorDoubleFrames.exponentials(tile, row, from, columns, scratch, ROW)) {
      takeLabelOut(scratch, ROW, tile.labels[row]);
      VectorDoubleNarrowSums.add(tile, scratch, ROW, row, 1);
    }
    System.arraycopy(scratch, ROW, tile.exps, tile.expsOffset + row * columns, columns);
  }
}
