package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.Transposition;

/**
 * Rows of matrices whose classes come first, brought together for a tile and taken apart again.
 *
 * <p>A kernel sees rows whose classes lie one behind another and no others, so that every result
 * has the same bits in either layout.
 */
final class Planes {
  private final Transposition transposition = new Transposition();

  Planes() {}

  /**
   * Brings the rows of a window together, one behind another.
   *
   * @param kernel turns them round
   * @param matrix with classes first
   * @param window which rows and columns
   * @param tile how many
   * @param to written from its start
   */
  void gather(SoftmaxKernel kernel, Strided matrix, Window window, Tile tile, float[] to) {
    Transposition runs = transposition;
    runs.from = matrix.data;
    runs.fromStride = matrix.classStride();
    runs.to = to;
    runs.toStride = tile.columns;
    runs.columns = tile.columns;
    for (int i = 0; i < tile.rows; i += runs.rows) {
      runs.rows = run(window, tile, matrix, i);
      runs.fromStart = (int) matrix.place(window.row(i), window.column);
      runs.toStart = i * tile.columns;
      kernel.transpose(runs);
    }
  }

  /**
   * Takes the rows of a tile's out, evenly apart, to their places.
   *
   * @param kernel turns them round
   * @param matrix with classes first
   * @param window which rows and columns
   * @param tile its out holds the rows
   */
  void scatter(SoftmaxKernel kernel, Strided matrix, Window window, Tile tile) {
    Transposition runs = transposition;
    runs.from = tile.out;
    runs.fromStride = tile.rows == 1 ? tile.columns : tile.outStart[1] - tile.outStart[0];
    runs.to = matrix.data;
    runs.toStride = matrix.classStride();
    runs.rows = tile.columns;
    for (int i = 0; i < tile.rows; i += runs.columns) {
      runs.columns = run(window, tile, matrix, i);
      runs.fromStart = tile.outStart[i];
      runs.toStart = (int) matrix.place(window.row(i), window.column);
      kernel.transpose(runs);
    }
  }

  /** Forgets the caller's arrays. */
  void clear() {
    transposition.from = null;
    transposition.to = null;
  }

  /** How many rows of the tile from this one on lie beside each other. */
  private static int run(Window window, Tile tile, Strided matrix, int first) {
    int last = Math.min(tile.rows, first + matrix.rowsToEndOfBatch(window.row(first)));
    if (window.follow(first, last)) {
      return last - first;
    }
    int next = first + 1;
    while (window.follow(next - 1, next + 1)) {
      next++;
    }
    return next - first;
  }
}
