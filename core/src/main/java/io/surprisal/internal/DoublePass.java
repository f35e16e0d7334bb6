package io.surprisal.internal;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.concurrent.ForkJoinPool;

/**
 * One pass over a batch of logits in double: {@link SoftmaxPass} with kernels and row blocks of
 * twice the digits, on the same grid of tiles.
 *
 * <p>Heads are the same, and what they need of a row they take from {@link DoubleRows}.
 */
public final class DoublePass extends Pass implements Workers.Pieces {
  private static final Pool<DoublePass> POOL = new Pool<>(DoublePass::new);

  /** Upstream rows v; absent where there are none. */
  public final Strided upstream = new Strided();

  /** The kernel. */
  public DoubleKernel kernel;

  /** What heads are handed for exponentials of many rows. */
  public SoftmaxKernel elementary;

  /** The loss. */
  public Head head;

  /** Totals of all workers; the caller's have them only when all rows are done. */
  private final TileTotals collected = new TileTotals();

  private int rowsPerTile;

  private DoublePass() {}

  /**
   * Lends a pass whose optional parts are all absent.
   *
   * @return a pass to be filled in, run and released
   */
  public static DoublePass acquire() {
    return POOL.acquire();
  }

  @Override
  public void release() {
    super.release();
    upstream.clear();
    kernel = null;
    elementary = null;
    head = null;
    POOL.release(this);
  }

  @Override
  public void run(ForkJoinPool pool) {
    if (rows == 0) {
      return;
    }
    rowsPerTile = SoftmaxPass.rowsPerTile(classes);
    ForkJoinPool workers = isConfined() ? null : Workers.worthwhile(pool, rows, classes);
    if (workers != null && classes > DoubleTile.MAX_COLUMNS && rows < fewRows(workers)) {
      DoubleWideRows.run(this, workers);
    } else {
      Workers.run(workers, Math.ceilDiv(rows, rowsPerTile), this);
    }
    if (totals != null) {
      totals.add(collected);
      collected.clear();
    }
  }

  /** Whether memory is involved that the calling thread alone may look at. */
  private boolean isConfined() {
    return labelled.isConfined()
        || logits.isConfined()
        || out.isConfined()
        || upstream.isConfined();
  }

  /** Fewer rows than this, each a piece of work, could leave threads idle at the end. */
  private static int fewRows(ForkJoinPool pool) {
    return Math.min(4 * Workers.threads(pool), DoubleTile.MAX_ROWS);
  }

  @Override
  public void run(int first, int last, Workspace workspace) {
    DoubleWork work = workspace.doubles();
    for (int tile = first; tile < last; tile++) {
      int row = tile * rowsPerTile;
      work.rows.gather(this, row, row + Math.min(rowsPerTile, rows - row));
      if (work.rows.rows == 0) {
        continue;
      }
      if (classes > DoubleTile.MAX_COLUMNS) {
        DoubleWideRows.runSequentially(this, work);
      } else {
        runTile(work);
      }
      finish(workspace, 0, work.rows.rows);
    }
  }

  @Override
  public synchronized void end(Workspace workspace) {
    if (totals != null) {
      collected.add(workspace.totals);
      workspace.totals.clear();
    }
  }

  private void runTile(DoubleWork work) {
    place(work, work.rows, 0, work.rows.rows, 0, classes);
    reduce(work);
    work.summarize();
    if (head.needs(Head.Sums.WEIGHTED_LOGITS) || head.needs(Head.Sums.UPSTREAM)) {
      work.copyWeightedSums();
    }
    if (head.needs(Head.Sums.EXP_DOTS)) {
      work.copyDots();
    }
    head.apply(work.rows, elementary);
    if (out.isPresent()) {
      DoubleMapStep.run(this, work, work.rows, 0, 0);
    }
  }

  /** REDUCE of a tile, and the sum that the head asks for beside Σ exp(x). */
  void reduce(DoubleWork work) {
    kernel.reduce(work.tile);
    if (head.needs(Head.Sums.WEIGHTED_LOGITS)) {
      kernel.weightedSums(work.tile);
    }
    if (head.needs(Head.Sums.UPSTREAM)) {
      work.addUpstream(kernel);
    }
    if (head.needs(Head.Sums.EXP_DOTS)) {
      kernel.expDots(work.tile);
    }
  }

  /** Points the tile at a range of rows and columns. */
  void place(DoubleWork work, DoubleRows of, int firstSlot, int count, int column, int columns) {
    DoubleTile tile = work.tile;
    tile.rows = count;
    tile.columns = columns;
    tile.classVector = head.classWeights();
    tile.classOffset = column;
    tile.contiguous =
        logits.isStaged() || (logits.isDense(columns) && of.follow(firstSlot, firstSlot + count));
    tile.logits = logits.doubles;
    if (logits.isStaged()) {
      tile.logits = work.stage.bring(logits, of, firstSlot, column, tile);
      setStarts(tile.logitsStart, tile);
    } else {
      logits.rowStarts(of, firstSlot, count, column, tile.logitsStart);
    }
    placeUpstream(work, of, firstSlot, column);
    for (int i = 0; i < count; i++) {
      int label = of.label[firstSlot + i] - column;
      tile.labels[i] = label >= 0 && label < columns ? label : Tile.NO_LABEL;
    }
    placeExps(work, of, firstSlot, column);
  }

  private void placeUpstream(DoubleWork work, DoubleRows of, int firstSlot, int column) {
    DoubleTile tile = work.tile;
    tile.upstream = upstream.doubles;
    if (upstream.doubles != null) {
      upstream.rowStarts(of, firstSlot, tile.rows, column, tile.upstreamStart);
    } else if (upstream.isPresent()) {
      tile.upstream = work.upstreamStage().bring(upstream, of, firstSlot, column, tile);
      setStarts(tile.upstreamStart, tile);
    }
  }

  /** Rows that have been brought lie one behind another. */
  private static void setStarts(int[] starts, DoubleTile tile) {
    for (int i = 0; i < tile.rows; i++) {
      starts[i] = i * tile.columns;
    }
  }

  /** Where the exps go: to the place of what will be written, if that is free; else to scratch. */
  private void placeExps(DoubleWork work, DoubleRows of, int firstSlot, int column) {
    DoubleTile tile = work.tile;
    boolean even = tile.columns >= DoubleTile.NARROW || out.isDense(tile.columns);
    if (outHoldsExps()
        && (tile.rows == 1 || (even && of.follow(firstSlot, firstSlot + tile.rows)))) {
      tile.exps = out.doubles;
      tile.expsOffset = out.rowStart(of.index[firstSlot]) + column;
      tile.expsStride = out.arrayStride();
    } else {
      tile.exps = work.exps;
      tile.expsOffset = 0;
      boolean read = out.isPresent() || tile.columns < DoubleTile.NARROW;
      tile.expsStride = read ? tile.columns : 0;
    }
  }

  /** Whether there is something to write, and nothing that is still needed lies in its place. */
  boolean outHoldsExps() {
    return out.doubles != null
        && !added
        && out.doubles != logits.doubles
        && out.doubles != upstream.doubles;
  }

  /** Whether MAP reads exponentials. */
  boolean needsExps() {
    return head.form() != MapForm.LOGARITHM;
  }

  /** Row results and totals of slots from first to last − 1, which are one row tile. */
  void finish(Workspace workspace, int first, int last) {
    DoubleRows block = workspace.doubles().rows;
    writeLosses(block, first, last);
    if (totals != null) {
      boolean same = head.isLikelihood() && labelled.sampleWeights == null;
      workspace.totals.add(block, first, last, same);
    }
  }
}
