package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * One pass over a batch: tile, REDUCE, head, MAP, totals.
 *
 * <p>The façade sets the fields, whose arguments it has checked, and runs the pass; nothing is
 * checked again here. The batch is cut on a grid that depends on its shape alone: tiles of rows,
 * and for rows wider than a tile cells of {@link Tile#MAX_COLUMNS} columns.
 */
public final class SoftmaxPass extends Pass implements Workers.Pieces {
  /** The kernel. */
  public SoftmaxKernel kernel;

  /** The loss. */
  public Head head;

  /** What logits become first, or null. */
  public LogitMap logitMap;

  /** Upstream rows v; its data is null where there are none. */
  public final Strided upstream = new Strided();

  /** Rows of fewer columns have so few bytes that their exps are better off in scratch memory. */
  private static final int LEAST_IN_OUT = 16;

  private static final Pool<SoftmaxPass> POOL = new Pool<>(SoftmaxPass::new);

  /** Dense targets q; its data is null where there are none. */
  public final Strided targets = new Strided();

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
    upstream.data = null;
    targets.data = null;
    sparse.clear();
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

  /**
   * Finds the weight of the rows that count, v·Σ w·q, before the pass: a gradient may be divided by
   * it.
   */
  public void weighTargets() {
    if (!labelled.hasTargets) {
      return;
    }
    Workspace workspace = Workspace.acquire();
    Tile tile = workspace.tile;
    tile.rows = 1;
    tile.logits = targets.data;
    tile.classVector = head.classWeights();
    for (int row = 0; row < rows; row++) {
      if (!labelled.isIgnored(row)) {
        double sum =
            sparse.classes == null
                ? sumOfTargets(tile, row)
                : sparse.weight(row, classes, head.classWeights());
        labelled.weight.add(labelled.sampleWeight(row) * sum);
      }
    }
    workspace.release();
  }

  /** Σ w·q of a row of dense targets. */
  private double sumOfTargets(Tile tile, int row) {
    double sum = 0;
    for (int column = 0; column < classes; column += Tile.MAX_COLUMNS) {
      tile.columns = Math.min(Tile.MAX_COLUMNS, classes - column);
      tile.classOffset = column;
      tile.logitsStart[0] = targets.rowStart(row) + column;
      kernel.weightedSums(tile);
      sum += tile.weightedSum[0];
    }
    return sum;
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
    ForkJoinPool workers = Workers.worthwhile(pool, rows, classes);
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
      workspace.rows.gather(this, row, row + Math.min(rowsPerTile, rows - row));
      if (workspace.rows.rows == 0) {
        continue;
      }
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
    place(workspace, block, 0, block.rows, 0, classes);
    kernel.reduce(tile);
    sums(workspace);
    if (tile.blocks() == 1) {
      copySummaries(tile, block);
    } else {
      for (int i = 0; i < block.rows; i++) {
        summarize(tile, i, workspace.summary);
        store(workspace.summary, block, i);
      }
    }
    copySums(workspace);
    if (rowOutputs != null) {
      workspace.peakSearch().run(this, tile, block, 0, workspace.peaks);
    }
    head.apply(block, kernel);
    if (out.data != null) {
      map(workspace, block, 0, 0);
    }
  }

  /** A logit as the loss sees it. */
  float logit(int index) {
    float logit = logits.data[index];
    return logitMap == null ? logit : logitMap.of(logit);
  }

  /** Points the tile at a range of rows and columns. */
  void place(
      Workspace workspace, RowBlock block, int firstSlot, int count, int column, int columns) {
    Tile tile = workspace.tile;
    tile.rows = count;
    tile.columns = columns;
    tile.contiguous = logits.rowStride == columns && block.follow(firstSlot, firstSlot + count);
    tile.logits = logits.data;
    placeExps(workspace, block, firstSlot, column);
    tile.classVector = head.classWeights();
    tile.classOffset = column;
    tile.upstream = upstream.data;
    tile.targets = targets.data;
    logits.rowStarts(block, firstSlot, count, column, tile.logitsStart);
    if (columns == classes) {
      System.arraycopy(block.label, firstSlot, tile.labels, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        int label = block.label[firstSlot + i] - column;
        tile.labels[i] = label >= 0 && label < columns ? label : Tile.NO_LABEL;
      }
    }
    if (logitMap != null) {
      workspace.staged().stage(tile, logitMap, kernel);
    }
    if (upstream.data != null) {
      upstream.rowStarts(block, firstSlot, count, column, tile.upstreamStart);
    }
    if (targets.data != null) {
      targets.rowStarts(block, firstSlot, count, column, tile.targetsStart);
    }
  }

  /**
   * Where the exps go: to the place of what will be written, where that is free, because it is
   * fetched then while there is much to compute; else to scratch memory.
   */
  private void placeExps(Workspace workspace, RowBlock block, int firstSlot, int column) {
    Tile tile = workspace.tile;
    if (outHoldsExps() && isOutLikeExps(tile, block, firstSlot)) {
      tile.exps = out.data;
      tile.expsOffset = out.rowStart(block.index[firstSlot]) + column;
      tile.expsStride = out.rowStride;
    } else {
      tile.exps = workspace.exps;
      tile.expsOffset = 0;
      // Where nobody will read them, rows that are not narrow may lie anywhere.
      tile.expsStride = areExpsRead() || tile.columns < Tile.NARROW ? tile.columns : 0;
    }
  }

  private boolean areExpsRead() {
    return out.data != null || (rowOutputs != null && rowOutputs.needsMoments());
  }

  /** Whether the rows of out lie as those of exps may: evenly, and narrow ones without a gap. */
  private boolean isOutLikeExps(Tile tile, RowBlock block, int firstSlot) {
    boolean wideEnough =
        tile.columns >= Tile.NARROW
            || tile.rows == 1
            || (tile.columns >= LEAST_IN_OUT && tile.columns == out.rowStride);
    return wideEnough && block.follow(firstSlot, firstSlot + tile.rows);
  }

  /** Whether there is something to write, and nothing that is still needed lies in its place. */
  boolean outHoldsExps() {
    return out.data != null
        && !added
        && out.data != logits.data
        && out.data != upstream.data
        && out.data != targets.data;
  }

  /** The sums that the head asks for beside Σ exp(x), of the tile just reduced. */
  void sums(Workspace workspace) {
    Tile tile = workspace.tile;
    if (head.needs(Head.Sums.WEIGHTED_LOGITS)) {
      kernel.weightedSums(tile);
    }
    if (head.needs(Head.Sums.TARGETS)) {
      kernel.targetSums(tile);
    }
    if (head.needs(Head.Sums.EXP_DOTS)) {
      kernel.expDots(tile);
    }
    if (head.needs(Head.Sums.UPSTREAM)) {
      kernel.weightedSums(workspace.upstreamTile(tile));
    }
  }

  private void copySums(Workspace workspace) {
    RowBlock block = workspace.rows;
    if (head.needs(Head.Sums.WEIGHTED_LOGITS) || head.needs(Head.Sums.UPSTREAM)) {
      for (int i = 0; i < block.rows; i++) {
        block.weightedSum[i] = weightedSum(workspace, i);
      }
      setTailSums(block);
    }
    if (head.needs(Head.Sums.TARGETS)) {
      System.arraycopy(workspace.tile.targetSum, 0, block.targetSum, 0, block.rows);
      System.arraycopy(workspace.tile.targetDot, 0, block.targetDot, 0, block.rows);
    }
  }

  /**
   * What the tail of each row is taken of: the weighted sum, but where a class is masked without
   * the listed ones, as the tail does not lie on them.
   */
  void setTailSums(RowBlock block) {
    if (!sparse.tail || head.needs(Head.Sums.TARGETS)) {
      return;
    }
    for (int i = 0; i < block.rows; i++) {
      boolean masked = block.weightedSum[i] == Double.NEGATIVE_INFINITY && block.tailShare[i] > 0;
      block.tailSum[i] = masked ? sparse.tailSum(this, block.index[i]) : block.weightedSum[i];
    }
  }

  /** The weighted sum of a row of the tile, from wherever it was taken. */
  double weightedSum(Workspace workspace, int row) {
    if (head.needs(Head.Sums.UPSTREAM)) {
      return workspace.upstreamTile.weightedSum[row];
    }
    return workspace.tile.weightedSum[row];
  }

  /** Merges a row's blocks, in order. */
  static void summarize(Tile tile, int row, Summary summary) {
    int blocks = tile.blocks();
    summary.clear();
    for (int slot = row * blocks; slot < (row + 1) * blocks; slot++) {
      summary.merge(
          tile.blockSum[slot],
          tile.blockExponent[slot],
          tile.blockOrigin[slot],
          tile.blockDot[slot]);
    }
  }

  /** The summary of a row of one block is the block's. */
  private static void copySummaries(Tile tile, RowBlock block) {
    System.arraycopy(tile.blockSum, 0, block.sum, 0, block.rows);
    System.arraycopy(tile.blockExponent, 0, block.exponent, 0, block.rows);
    System.arraycopy(tile.blockDot, 0, block.dot, 0, block.rows);
    for (int i = 0; i < block.rows; i++) {
      block.origin[i] = tile.blockOrigin[i];
    }
  }

  static void store(Summary summary, RowBlock block, int slot) {
    block.sum[slot] = summary.sum;
    block.exponent[slot] = summary.exponent;
    block.origin[slot] = summary.origin;
    block.dot[slot] = summary.dot;
  }

  /** MAP of the tile, whose row 0 is a slot of the block and whose columns begin at a column. */
  void map(Workspace workspace, RowBlock block, int firstSlot, int column) {
    Tile tile = workspace.tile;
    MapCoefficients.set(block, firstSlot, tile, head.form());
    if (added) {
      tile.out = tile.exps;
      for (int i = 0; i < tile.rows; i++) {
        tile.outStart[i] = tile.expsOffset + i * tile.expsStride;
      }
    } else {
      placeOut(tile, block, firstSlot, column);
    }
    float[] kept = null;
    if (sparse.classes != null) {
      kept = workspace.ensureListed(tile.rows * sparse.perRow);
      sparse.keep(block, firstSlot, tile, kept);
    }
    kernel.map(tile, head.form());
    overwrite(block, firstSlot, tile);
    for (int i = 0; kept != null && i < tile.rows; i++) {
      if (block.fill[firstSlot + i] == RowBlock.MAPPED) {
        sparse.overwrite(block, firstSlot + i, tile, i, kept);
      }
    }
    for (int i = 0; logitMap != null && i < tile.rows; i++) {
      if (block.fill[firstSlot + i] == RowBlock.MAPPED) {
        workspace.staged().multiply(tile, i);
      }
    }
    if (added) {
      placeOut(tile, block, firstSlot, column);
      kernel.add(tile);
    }
  }

  private void placeOut(Tile tile, RowBlock block, int firstSlot, int column) {
    tile.out = out.data;
    out.rowStarts(block, firstSlot, tile.rows, column, tile.outStart);
  }

  /** The label's entry of each row, and the rows that are not regular. */
  private static void overwrite(RowBlock block, int firstSlot, Tile tile) {
    for (int i = 0; i < tile.rows; i++) {
      int start = tile.outStart[i];
      byte fill = block.fill[firstSlot + i];
      if (fill != RowBlock.MAPPED) {
        float value = fill == RowBlock.ZEROS ? 0 : Float.NaN;
        Arrays.fill(tile.out, start, start + tile.columns, value);
      } else if (tile.labels[i] != Tile.NO_LABEL) {
        tile.out[start + tile.labels[i]] = (float) block.labelEntry[firstSlot + i];
      }
    }
  }

  /** Row results and totals of slots from first to last − 1, which are one row tile. */
  void finish(Workspace workspace, int first, int last) {
    RowBlock block = workspace.rows;
    if (losses != null) {
      writeLosses(block, first, last);
    }
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

  private void writeLosses(RowBlock block, int first, int last) {
    if (block.follow(first, last)) {
      // The same without the index, which the compiler can make vectors of.
      int shift = block.index[first] - first;
      for (int i = first; i < last; i++) {
        losses[shift + i] = (float) block.loss[i];
      }
    } else {
      for (int i = first; i < last; i++) {
        losses[block.index[i]] = (float) block.loss[i];
      }
    }
  }
}
