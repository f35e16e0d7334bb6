package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import java.util.concurrent.ForkJoinPool;

/**
 * Rows wider than a tile, cut into cells on the fixed column grid: reduced cell by cell, merged in
 * the order of the grid, mapped cell by cell. One row can so use every thread.
 *
 * <p>The exponentials of a row wait for MAP in the place of what it writes. Where that is taken, by
 * the logits themselves or by what is added to, they wait in scratch memory if a row fits there and
 * one thread does all of it; else they are computed again.
 */
final class WideRows {
  /**
   * Most columns whose exponentials are kept in scratch memory: half a megabyte, which is half of a
   * small L2.
   */
  private static final int KEPT_COLUMNS = 131_072;

  private WideRows() {}

  /** What is done with one cell, in a thread's own workspace. */
  private interface CellWork {
    void run(SoftmaxPass pass, Workspace shared, Workspace own, int piece);
  }

  /** Runs all rows of the batch at once, cells shared out over the pool. */
  static void run(SoftmaxPass pass, ForkJoinPool pool) {
    Workspace shared = Workspace.acquire();
    shared.rows.gather(pass, shared.stage, 0, pass.rows);
    int rows = shared.rows.rows;
    if (rows > 0) {
      Companions.gather(pass, shared);
      ensureCells(pass, shared);
      share(pass, shared, pool, WideRows::reduce);
      merge(pass, shared);
      if (addsUp(pass)) {
        share(pass, shared, pool, WideRows::weigh);
      }
      if (pass.head.weighs()) {
        mergeWeighed(pass, shared);
      }
      if (pass.out.isPresent()) {
        share(pass, shared, pool, WideRows::map);
      }
      for (int i = 0; i < rows; i++) {
        pass.finish(shared, i, i + 1);
      }
      pass.end(shared);
    }
    shared.release();
  }

  /** Whether WEIGH has sums to leave. */
  private static boolean addsUp(SoftmaxPass pass) {
    return pass.head.weighs() && !(pass.head instanceof ClassHead head && !head.hasSums());
  }

  private static void share(SoftmaxPass pass, Workspace shared, ForkJoinPool pool, CellWork work) {
    int most = Workers.most((addsUp(pass) ? 3 : 2) * pass.passes);
    Workers.run(
        pool,
        Math.min(most, Workers.threads(pool)),
        shared.rows.rows * cells(pass),
        (first, last, own) -> {
          for (int piece = first; piece < last; piece++) {
            work.run(pass, shared, own, piece);
          }
        });
  }

  /** Runs the one row that is gathered, on the calling thread. */
  static void runSequentially(SoftmaxPass pass, Workspace workspace) {
    int pieces = cells(pass) * workspace.rows.rows;
    ensureCells(pass, workspace);
    for (int piece = 0; piece < pieces; piece++) {
      reduce(pass, workspace, workspace, piece);
    }
    merge(pass, workspace);
    for (int piece = 0; addsUp(pass) && piece < pieces; piece++) {
      weigh(pass, workspace, workspace, piece);
    }
    if (pass.head.weighs()) {
      mergeWeighed(pass, workspace);
    }
    if (pass.out.isPresent()) {
      for (int piece = 0; piece < pieces; piece++) {
        map(pass, workspace, workspace, piece);
      }
    }
  }

  private static void ensureCells(SoftmaxPass pass, Workspace workspace) {
    workspace.ensureCells(cells(pass) * workspace.rows.rows);
    if (pass.companion != null) {
      ensureCells(pass.companion, workspace.companion());
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
    own.window.at(shared.rows, piece / cells, column);
    own.window.open(pass, own, 1, columns);
    if (isKept(pass, shared, own) && !pass.outHoldsExps()) {
      own.tile.exps = own.wideExps(pass.classes);
      own.tile.expsOffset = column;
    }
  }

  /** Whether exponentials of a cell will still be there when it is mapped. */
  private static boolean isKept(SoftmaxPass pass, Workspace shared, Workspace own) {
    return pass.readsExps()
        && (pass.outHoldsExps() || (shared == own && pass.classes <= KEPT_COLUMNS));
  }

  private static void reduce(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    place(pass, shared, own, piece);
    ReduceStep.run(pass, own);
    shared.keepFrames(piece, own.tile);
    if (pass.rowOutputs != null) {
      own.peakSearch().run(pass, own.tile, shared.rows, piece / cells(pass), own.peaks);
      shared.cellPeaks.clear(piece);
      shared.cellPeaks.merge(piece, own.peaks, 0, 0);
    }
    own.summary.mergeBlocks(own.tile, 0);
    shared.cellSum[piece] = own.summary.sum;
    shared.cellExponent[piece] = own.summary.exponent;
    shared.cellOrigin[piece] = own.summary.origin;
    shared.cellDot[piece] = own.summary.dot;
    shared.cellWeightedSum[piece] = ReduceStep.weightedSum(pass, own, 0);
    if (pass.head.needs(Head.Sums.FINITE_CLASSES)) {
      shared.cellFiniteClasses[piece] = own.finiteClasses().count[0];
      shared.cellFiniteWeight[piece] = own.finiteClasses().weight[0];
    }
    shared.cellTargetSum[piece] = own.tile.targetSum[0];
    shared.cellTargetDot[piece] = own.tile.targetDot[0];
    if (pass.companion != null) {
      reduce(pass.companion, shared.companion(), own.companion(), piece);
    }
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
      if (pass.rowOutputs != null) {
        shared.mergePeaks(i, i * cells, cells);
      }
      summary.copyTo(block, i);
      block.weightedSum[i] = weightedSum;
      if (pass.head.needs(Head.Sums.TARGETS)) {
        block.targetSum[i] = targetSum;
        block.targetDot[i] = targetDot;
      }
    }
    if (pass.head.needs(Head.Sums.FINITE_CLASSES)) {
      mergeFiniteClasses(shared, cells);
    }
    if (pass.head.needs(Head.Sums.WEIGHTED_LOGITS)) {
      ReduceStep.setTailSums(pass, block);
    }
    pass.head.apply(block, pass.kernel);
    if (pass.companion != null) {
      merge(pass.companion, shared.companion());
      Companions.spoil(pass, shared);
    }
  }

  private static void mergeFiniteClasses(Workspace shared, int cells) {
    RowBlock block = shared.rows;
    for (int i = 0; i < block.rows; i++) {
      block.finiteClasses[i] = 0;
      block.finiteWeight[i] = 0;
      for (int cell = i * cells; cell < (i + 1) * cells; cell++) {
        block.finiteClasses[i] += shared.cellFiniteClasses[cell];
        block.finiteWeight[i] += shared.cellFiniteWeight[cell];
      }
    }
  }

  /** Points the tile at a cell again, its exponentials and frames as they were. */
  private static void revisit(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    place(pass, shared, own, piece);
    shared.restoreFrames(piece, own.tile);
    if (!isKept(pass, shared, own) && pass.head.form() != MapForm.LOGARITHM) {
      pass.kernel.reduce(own.tile);
    }
    if (pass.companion != null) {
      revisit(pass.companion, shared.companion(), own.companion(), piece);
    }
  }

  private static void weigh(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    revisit(pass, shared, own, piece);
    WeighStep.run(pass, own);
    shared.cellWeighedSum[piece] = own.tile.weighedSum[0];
    shared.cellWeighedDot[piece] = own.tile.weighedDot[0];
  }

  private static void mergeWeighed(SoftmaxPass pass, Workspace shared) {
    RowBlock block = shared.rows;
    int cells = cells(pass);
    for (int i = 0; i < block.rows; i++) {
      double sum = 0;
      double dot = 0;
      for (int cell = i * cells; cell < (i + 1) * cells; cell++) {
        sum += shared.cellWeighedSum[cell];
        dot += shared.cellWeighedDot[cell];
      }
      block.weighedSum[i] = sum;
      block.weighedDot[i] = dot;
    }
    pass.head.applyWeighed(block);
  }

  private static void map(SoftmaxPass pass, Workspace shared, Workspace own, int piece) {
    revisit(pass, shared, own, piece);
    MapStep.run(pass, own);
  }
}
