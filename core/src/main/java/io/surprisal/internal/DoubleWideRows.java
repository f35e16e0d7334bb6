package io.surprisal.internal;

import io.surprisal.spi.DoubleTile;
import java.util.concurrent.ForkJoinPool;

/**
 * Rows of doubles wider than a tile, cut into cells on the fixed column grid as {@link WideRows}
 * cuts those of floats. The exponentials of a row wait for MAP in the place of what it writes, or
 * are computed again where that is taken.
 */
final class DoubleWideRows {
  private DoubleWideRows() {}

  /** Runs all rows of the batch at once, cells shared out over the pool. */
  static void run(DoublePass pass, ForkJoinPool pool) {
    Workspace shared = Workspace.acquire();
    DoubleWork work = shared.doubles();
    work.rows.gather(pass, 0, pass.rows);
    int rows = work.rows.rows;
    if (rows > 0) {
      int pieces = rows * cells(pass);
      work.ensureCells(pieces);
      Workers.run(
          pool, pieces, (first, last, own) -> reduce(pass, work, own.doubles(), first, last));
      merge(pass, work);
      if (pass.out.isPresent()) {
        Workers.run(
            pool, pieces, (first, last, own) -> map(pass, work, own.doubles(), first, last));
      }
      for (int i = 0; i < rows; i++) {
        pass.finish(shared, i, i + 1);
      }
      pass.end(shared);
    }
    shared.release();
  }

  /** Runs the one row that is gathered, on the calling thread. */
  static void runSequentially(DoublePass pass, DoubleWork work) {
    int pieces = cells(pass) * work.rows.rows;
    work.ensureCells(pieces);
    reduce(pass, work, work, 0, pieces);
    merge(pass, work);
    if (pass.out.isPresent()) {
      map(pass, work, work, 0, pieces);
    }
  }

  private static int cells(DoublePass pass) {
    return Math.ceilDiv(pass.classes, DoubleTile.MAX_COLUMNS);
  }

  private static int column(DoublePass pass, int piece) {
    return piece % cells(pass) * DoubleTile.MAX_COLUMNS;
  }

  /** Points a thread's own tile at one cell of one of the shared rows. */
  private static void place(DoublePass pass, DoubleWork shared, DoubleWork own, int piece) {
    int column = column(pass, piece);
    int columns = Math.min(DoubleTile.MAX_COLUMNS, pass.classes - column);
    pass.place(own, shared.rows, piece / cells(pass), 1, column, columns);
  }

  private static void reduce(
      DoublePass pass, DoubleWork shared, DoubleWork own, int first, int last) {
    for (int piece = first; piece < last; piece++) {
      place(pass, shared, own, piece);
      pass.reduce(own);
      shared.keepCell(piece, own);
    }
  }

  private static void merge(DoublePass pass, DoubleWork shared) {
    shared.rows.sumsAreModerate = false;
    for (int row = 0; row < shared.rows.rows; row++) {
      shared.mergeCells(row, cells(pass));
    }
    pass.head.apply(shared.rows, pass.elementary);
  }

  private static void map(DoublePass pass, DoubleWork shared, DoubleWork own, int first, int last) {
    for (int piece = first; piece < last; piece++) {
      place(pass, shared, own, piece);
      if (!pass.outHoldsExps() && pass.needsExps()) {
        pass.kernel.reduce(own.tile);
      }
      shared.restoreFrames(piece, own.tile);
      DoubleMapStep.run(pass, own, shared.rows, piece / cells(pass), column(pass, piece));
    }
  }
}
