package io.surprisal.internal;

import io.surprisal.spi.Tile;
import java.util.concurrent.ForkJoinPool;

/**
 * Rows wider than a tile, cut into cells on the fixed column grid: reduced cell by cell, merged in
 * the order of the grid, mapped cell by cell. One row can so use every thread.
 *
 * <p>The exponentials of a cell are computed again for MAP instead of being stored: the row has
 * left the cache in between, and reading it again costs less than writing and reading its
 * exponentials.
 */
final class WideRows {
  private WideRows() {}

  /** Runs all rows of the batch at once, cells shared out over the pool. */
  static void run(SoftmaxPass pass, ForkJoinPool pool) {
    Workspace shared = Workspace.acquire();
    shared.rows.gather(pass, 0, pass.rows);
    int rows = shared.rows.rows;
    if (rows > 0) {
      int cells = cells(pass);
      shared.ensureCells(rows * cells);
      Workers.run(
          pool,
          rows * cells,
          (first, last, own) -> {
            for (int piece = first; piece < last; piece++) {
              reduce(pass, shared, own, piece);
            }
          });
      merge(pass, shared);
      if (pass.out.data != null) {
        Workers.run(
            pool,
            rows * cells,
            (first, last, own) -> {
              for (int piece = first; piece < last; piece++) {
                map(pass, shared, own, piece);
              }
            });
      }
      for (int i = 0; i < rows; i++) {
        pass.finish(shared, i, i + 1);
      }
      pass.end(shared);
    }
    shared.release();
  }

  /** Runs the one row that is gathered, on the calling thread. */
  static void runSequentially(SoftmaxPass pass, Workspace workspace) {
    int pieces = cells(pass) * workspace.rows.rows;
    workspace.ensureCells(pieces);
    for (int piece = 0; piece < pieces; piece++) {
      reduce(pass, workspace, workspace, piece);
    }
    merge(pass, workspace);
    if (pass.out.data != null) {
      for (int piece = 0; piece < pieces; piece++) {
        map(pass, workspace, workspace, piece);
      }
    }
  }

  private static int cells(SoftmaxPass pass) {
    return Math.ceilDiv(pass.classes, Tile.MAX_COLUMNS);
  }

  /** Points a thread's own tile at one cell of one of the shared rows. */
  private static void place(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    int cells = cells(pass);
    int column = piece % cells * Tile.MAX_COLUMNS;
    int columns = Math.min(Tile.MAX_COLUMNS, pass.classes - column);
    pass.place(own, shared.rows, piece / cells, 1, column, columns);
  }

  private static void reduce(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    place(pass, shared, own, piece);
    pass.kernel.reduce(own.tile);
    pass.sums(own);
    SoftmaxPass.summarize(own.tile, 0, own.summary);
    shared.cellSum[piece] = own.summary.sum;
    shared.cellExponent[piece] = own.summary.exponent;
    shared.cellOrigin[piece] = own.summary.origin;
    shared.cellDot[piece] = own.summary.dot;
    shared.cellWeightedSum[piece] = pass.weightedSum(own, 0);
    shared.cellTargetSum[piece] = own.tile.targetSum[0];
    shared.cellTargetDot[piece] = own.tile.targetDot[0];
  }

  private static void merge(SoftmaxPass pass, Workspace shared) {
    RowBlock block = shared.rows;
    int cells = cells(pass);
    Summary summary = shared.summary;
    for (int i = 0; i < block.rows; i++) {
      summary.clear();
      double weightedSum = 0;
      double targetSum = 0;
      double targetDot = 0;
      for (int cell = i * cells; cell < (i + 1) * cells; cell++) {
        summary.merge(
            shared.cellSum[cell],
            shared.cellExponent[cell],
            shared.cellOrigin[cell],
            shared.cellDot[cell]);
        weightedSum += shared.cellWeightedSum[cell];
        targetSum += shared.cellTargetSum[cell];
        targetDot += shared.cellTargetDot[cell];
      }
      SoftmaxPass.store(summary, block, i);
      block.weightedSum[i] = weightedSum;
      if (pass.head.needs(Head.Sums.TARGETS)) {
        block.targetSum[i] = targetSum;
        block.targetDot[i] = targetDot;
      }
    }
    if (pass.head.needs(Head.Sums.WEIGHTED_LOGITS)) {
      pass.correctTails(block);
    }
    pass.head.apply(block, pass.kernel);
  }

  private static void map(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    place(pass, shared, own, piece);
    pass.kernel.reduce(own.tile);
    int cells = cells(pass);
    pass.map(own, shared.rows, piece / cells, piece % cells * Tile.MAX_COLUMNS);
  }
}
