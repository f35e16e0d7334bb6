package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.concurrent.ForkJoinPool;

/**
 * One pass over a batch: tile, REDUCE, head, MAP, totals.
 *
 * <p>The façade sets the fields, whose arguments it has checked, and runs the pass; nothing is
 * checked again here. The batch is cut on a grid that depends on its shape alone: tiles of rows,
 * and for rows wider than a tile cells of {@link Tile#MAX_COLUMNS} columns.
 */
public final class SoftmaxPass extends Pass implements Workers.Pieces {
  private static final Pool<SoftmaxPass> POOL = new Pool<>(SoftmaxPass::new);

  /** The kernel. */
  public SoftmaxKernel kernel;

  /** The loss. */
  public Head head;

  /** What logits become first, or null. */
  public LogitMap logitMap;

  /** Upstream rows v; absent where there are none. */
  public final Strided upstream = new Strided();

  /** Dense targets q; absent where there are none. */
  public final Strided targets = new Strided();

  /** A pass on the same rows whose probabilities the head reads too, or null. */
  public SoftmaxPass companion;

  /** Targets of a few classes a row. */
  public final SparseRows sparse = new SparseRows();

  /** Totals of all workers; the caller's have them only when all rows are done. */
  private final TileTotals collected = new TileTotals();

  /** What all workers have counted, like {@link #collected}. */
  private final EvaluationCounts counted = new EvaluationCounts(1, 1);

  private int rowsPerTile;

  private SoftmaxPass() {}

  /**
   * Lends a pass whose optional parts are all absent.
   *
   * @return a pass to be filled in, run and released
   */
  public static SoftmaxPass acquire() {
    return POOL.acquire();
  }

  @Override
  public void release() {
    super.release();
    kernel = null;
    head = null;
    logitMap = null;
    upstream.clear();
    targets.clear();
    sparse.clear();
    if (companion != null) {
      companion.release();
      companion = null;
    }
    POOL.release(this);
  }

  /**
   * Rows of a tile, for rows of so many classes.
   *
   * @param classes number of classes
   * @return the number that {@link io.surprisal.Totals} documents
   */
  public static int rowsPerTile(int classes) {
    return Math.clamp(Tile.MAX_COLUMNS / classes, 1, Tile.MAX_ROWS);
  }

  @Override
  public void run(ForkJoinPool pool) {
    if (rows == 0) {
      return;
    }
    rowsPerTile = rowsPerTile(classes);
    EvaluationCounts evaluation = rowOutputs == null ? null : rowOutputs.evaluation();
    if (evaluation != null) {
      counted.fit(evaluation);
    }
    ForkJoinPool workers = isConfined() ? null : Workers.worthwhile(pool, rows, classes);
    if (workers != null && classes > Tile.MAX_COLUMNS && rows < fewRows(workers)) {
      WideRows.run(this, workers);
    } else {
      Workers.run(workers, Math.ceilDiv(rows, rowsPerTile), this);
    }
    if (totals != null) {
      if (labelled.hasTargets) {
        labelled.weight.clear();
        collected.moveWeights(labelled.weight);
      }
      totals.add(collected);
      collected.clear();
    }
    if (evaluation != null) {
      evaluation.add(counted);
      counted.clear();
    }
  }

  /** Fewer rows than this, each a piece of work, could leave threads idle at the end. */
  private static int fewRows(ForkJoinPool pool) {
    return Math.min(4 * Workers.threads(pool), Tile.MAX_ROWS);
  }

  @Override
  public void run(int first, int last, Workspace workspace) {
    for (int tile = first; tile < last; tile++) {
      int row = tile * rowsPerTile;
      workspace.rows.gather(this, workspace.stage, row, row + Math.min(rowsPerTile, rows - row));
      if (workspace.rows.rows == 0) {
        continue;
      }
      Companions.gather(this, workspace);
      if (classes > Tile.MAX_COLUMNS) {
        WideRows.runSequentially(this, workspace);
      } else {
        runTile(workspace);
      }
      finish(workspace, 0, workspace.rows.rows);
    }
  }

  @Override
  public synchronized void end(Workspace workspace) {
    if (totals != null) {
      collected.add(workspace.totals);
      workspace.totals.clear();
    }
    if (rowOutputs != null && rowOutputs.evaluation() != null) {
      workspace.counts.fit(counted);
      counted.add(workspace.counts);
      workspace.counts.clear();
    }
  }

  private void runTile(Workspace workspace) {
    RowBlock block = workspace.rows;
    Tile tile = workspace.tile;
    workspace.window.at(block, 0, 0);
    workspace.window.open(this, workspace, block.rows, classes);
    ReduceStep.run(this, workspace);
    ReduceStep.collect(this, workspace);
    if (rowOutputs != null) {
      workspace.peakSearch().run(this, tile, block, 0, workspace.peaks);
    }
    head.apply(block, kernel);
    if (head.weighs()) {
      Companions.reduce(this, workspace);
      Companions.spoil(this, workspace);
      WeighStep.run(this, workspace);
      WeighStep.collect(this, workspace);
    }
    if (out.isPresent()) {
      MapStep.run(this, workspace);
    }
  }

  /** Whether memory is involved that the calling thread alone may look at. */
  private boolean isConfined() {
    return labelled.isConfined()
        || logits.isConfined()
        || out.isConfined()
        || upstream.isConfined()
        || targets.isConfined()
        || (companion != null && companion.isConfined());
  }

  /** A scale without a cap: the slopes of a cap differ, and are multiplied in after MAP. */
  @Override
  double slope() {
    boolean scaled = logitMap != null && !logitMap.isCapped() && head.takesSlopes();
    return scaled ? logitMap.scale() : 1;
  }

  /** A logit as the loss sees it. */
  float logit(int row, int column) {
    float logit = logits.get(row, column);
    return logitMap == null ? logit : logitMap.of(logit);
  }

  /**
   * Whether the class that stands apart is that of the largest target, which is found when a tile
   * has all of its rows.
   */
  boolean hasTilePeaks() {
    return targets.isPresent() && !head.weighs() && classes <= Tile.MAX_COLUMNS;
  }

  /** Whether anything will be taken of the exps beside their sum. */
  boolean readsExps() {
    return out.isPresent() || head.weighs() || (rowOutputs != null && rowOutputs.needsMoments());
  }

  /** Whether there is something to write, and nothing that is still needed lies in its place. */
  boolean outHoldsExps() {
    return out.data != null
        && !added
        && !out.isStaged()
        && out.data != logits.data
        && out.data != upstream.data
        && out.data != targets.data;
  }

  /** Row results and totals of slots from first to last − 1, which are one row tile. */
  void finish(Workspace workspace, int first, int last) {
    RowBlock block = workspace.rows;
    writeLosses(block, first, last);
    if (rowOutputs != null) {
      workspace.counts.fit(counted);
      rowOutputs.write(block, workspace.peaks, first, last, workspace.counts);
    }
    if (totals != null) {
      boolean same = head.isLikelihood() && labelled.sampleWeights == null;
      workspace.totals.add(block, first, last, same);
      if (labelled.hasTargets) {
        workspace.totals.addWeights(block, first, last);
      }
    }
  }
}
