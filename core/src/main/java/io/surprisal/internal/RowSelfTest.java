package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.Transposition;
import java.util.Arrays;

/** What a kernel must get right of a row beside its sum of exponentials. */
final class RowSelfTest {
  private static final int COLUMNS = 133;
  private static final float PIVOT = 3.5f;

  private RowSelfTest() {}

  /** Throws if the kernel is wrong. */
  static void check(String name, SoftmaxKernel kernel) {
    checkCount(name, kernel);
    checkTransposition(name, kernel, 21, 9);
    checkTransposition(name, kernel, 9, 21);
    for (int columns : new int[] {5, COLUMNS, Tile.BLOCK + 70}) {
      checkMoments(name, kernel, columns);
    }
  }

  /** A matrix of more rows than columns, and one of more columns than rows. */
  private static void checkTransposition(String name, SoftmaxKernel kernel, int rows, int columns) {
    Transposition matrix = new Transposition();
    matrix.rows = rows;
    matrix.columns = columns;
    matrix.from = new float[rows * columns];
    matrix.fromStride = rows;
    matrix.to = new float[rows * columns];
    matrix.toStride = columns;
    for (int i = 0; i < matrix.from.length; i++) {
      matrix.from[i] = i;
    }
    kernel.transpose(matrix);
    for (int i = 0; i < matrix.to.length; i++) {
      int expected = i % columns * rows + i / columns;
      SelfTest.require(name, "cell " + i + " of a matrix turned round", matrix.to[i], expected);
    }
  }

  private static void checkCount(String name, SoftmaxKernel kernel) {
    float[] values = new float[COLUMNS + 2];
    SelfTest.fill(values, 0);
    values[0] = 80;
    values[2] = Float.NaN;
    values[COLUMNS + 1] = 80;
    for (float threshold : new float[] {Float.NEGATIVE_INFINITY, -2, values[COLUMNS], 81}) {
      int expected = 0;
      for (int i = 1; i <= COLUMNS; i++) {
        expected += values[i] > threshold ? 1 : 0;
      }
      int found = kernel.countGreater(values, 1, COLUMNS, threshold);
      SelfTest.require(name, "how many are greater than " + threshold, found, expected);
    }
    int found = kernel.countGreater(values, 1, COLUMNS, Float.NaN);
    SelfTest.require(name, "how many are greater than NaN", found, 0);
  }

  /** Two rows; one exponential in five is 0, at a logit that may be −∞. */
  private static void checkMoments(String name, SoftmaxKernel kernel, int columns) {
    Tile tile = new Tile();
    tile.rows = 2;
    tile.columns = columns;
    tile.logits = new float[2 * columns];
    tile.exps = new float[2 * columns];
    tile.expsStride = columns;
    tile.logitsStart[1] = columns;
    SelfTest.fill(tile.logits, 0);
    for (int i = 0; i < tile.exps.length; i++) {
      boolean masked = tile.logits[i] == Float.NEGATIVE_INFINITY;
      tile.exps[i] = masked || i % 5 == 4 ? 0 : 1 + i % 3;
      // On one side of the pivot, so that nothing cancels.
      tile.logits[i] = masked ? tile.logits[i] : -Math.abs(tile.logits[i]);
    }
    Arrays.fill(tile.pivot, PIVOT);
    kernel.moments(tile);
    for (int slot = 0; slot < 2 * tile.blocks(); slot++) {
      checkSlot(name, tile, slot);
    }
  }

  private static void checkSlot(String name, Tile tile, int slot) {
    int block = slot % tile.blocks();
    int first = slot / tile.blocks() * tile.columns + block * Tile.BLOCK;
    double sum = 0;
    double spread = 0;
    double squares = 0;
    for (int i = first; i < first + tile.blockColumns(block); i++) {
      double e = tile.exps[i];
      sum += e;
      spread += e == 0 ? 0 : e * (tile.logits[i] - PIVOT);
      squares += e * e;
    }
    SelfTest.require(name, "Σ e of slot " + slot, tile.blockExps[slot], sum);
    SelfTest.require(name, "Σ e·(x − h) of slot " + slot, tile.blockSpread[slot], spread);
    SelfTest.require(name, "Σ e² of slot " + slot, tile.blockSquares[slot], squares);
  }
}
