package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;

import io.surprisal.spi.DoubleTile;
import jdk.incubator.vector.DoubleVector;

/**
 * Compensated sums of narrow rows of exponentials, each in the order of its columns, eight rows at
 * a time: turned round in scratch memory they lie in lanes, where what an addition loses costs as
 * little as in {@link VectorDoubleSums}.
 */
final class VectorDoubleNarrowSums {
  /** Rows that are turned round together, and so the columns of that matrix. */
  static final int TOGETHER = 8;

  private VectorDoubleNarrowSums() {}

  /**
   * Sums of rows that lie one behind another.
   *
   * @param tile takes the sums of the slots from the first row on; the first block of its scratch
   *     takes the rows that are turned round
   * @param exps the rows
   * @param from where the first starts
   * @param row the first row
   * @param rows how many
   */
  static void add(DoubleTile tile, double[] exps, int from, int row, int rows) {
    int columns = tile.columns;
    int whole = rows & -TOGETHER;
    for (int i = 0; i < whole; i += TOGETHER) {
      turn(exps, from + i * columns, columns, tile.scratch);
      addColumns(tile, row + i);
    }
    for (int i = whole; i < rows; i++) {
      addRow(tile, exps, from + i * columns, row + i);
    }
  }

  private static void turn(double[] exps, int from, int columns, double[] to) {
    for (int c = 0; c < columns; c++) {
      int read = from + c;
      int write = c * TOGETHER;
      to[write] = exps[read];
      to[write + 1] = exps[read + columns];
      to[write + 2] = exps[read + 2 * columns];
      to[write + 3] = exps[read + 3 * columns];
      to[write + 4] = exps[read + 4 * columns];
      to[write + 5] = exps[read + 5 * columns];
      to[write + 6] = exps[read + 6 * columns];
      to[write + 7] = exps[read + 7 * columns];
    }
  }

  private static void addColumns(DoubleTile tile, int row) {
    double[] terms = tile.scratch;
    int end = tile.columns * TOGETHER;
    for (int walk = 0; walk < TOGETHER; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vLost = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < end; i += TOGETHER) {
        // sum + term, and what that loses (TwoSum)
        DoubleVector vTerm = DoubleVector.fromArray(DOUBLES, terms, i);
        DoubleVector vNext = vTerm.add(vSum);
        DoubleVector vShadow = vNext.sub(vSum);
        DoubleVector vLostTerm = vTerm.sub(vShadow);
        vLost = vSum.sub(vNext.sub(vShadow)).add(vLostTerm).add(vLost);
        vSum = vNext;
      }
      vSum.intoArray(tile.blockSum, row + walk);
      vLost.intoArray(tile.blockSumLow, row + walk);
    }
  }

  private static void addRow(DoubleTile tile, double[] exps, int from, int row) {
    double sum = 0;
    double low = 0;
    for (int c = from; c < from + tile.columns; c++) {
      double next = sum + exps[c];
      low += VectorDoubleSums.lost(sum, exps[c], next);
      sum = next;
    }
    tile.blockSum[row] = sum;
    tile.blockSumLow[row] = low;
  }
}
