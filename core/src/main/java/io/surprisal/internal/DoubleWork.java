package io.surprisal.internal;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import java.util.Arrays;

/** The scratch memory of one thread at work on logits in double. */
final class DoubleWork {
  /** Blocks of a cell. */
  private static final int CELL_BLOCKS = DoubleTile.MAX_COLUMNS / DoubleTile.BLOCK;

  final DoubleTile tile = new DoubleTile();
  final DoubleRows rows = new DoubleRows();
  final DoubleSummary summary = new DoubleSummary();

  /** Where what kernels cannot take as it lies goes. */
  final DoubleStage stage = new DoubleStage();

  /** The same for upstream rows. */
  private DoubleStage upstreamStage;

  /** A second tile, for sums over upstream rows; null until there are some. */
  private DoubleTile upstreamTile;

  private final FramedDot dot = new FramedDot();

  /** What results in other memory are added to. */
  final DoubleStage sums = new DoubleStage();

  final double[] exps = new double[DoubleTile.MAX_COLUMNS];

  /** Summaries of the column cells of wide rows, one slot a row and cell. */
  double[] cellSum = new double[0];

  double[] cellLow = new double[0];
  int[] cellExponent = new int[0];
  double[] cellOrigin = new double[0];
  double[] cellDot = new double[0];
  double[] cellDotLow = new double[0];
  double[] cellWeightedSum = new double[0];
  double[] cellWeightedSumLow = new double[0];

  /** Frames of the blocks of those cells. */
  private double[] blockSum = new double[0];

  private int[] blockExponent = new int[0];
  private double[] blockOrigin = new double[0];

  DoubleWork() {}

  /** Forgets the caller's arrays. */
  void release() {
    tile.logits = null;
    tile.exps = null;
    tile.out = null;
    tile.classVector = null;
    tile.upstream = null;
    if (upstreamTile != null) {
      upstreamTile.logits = null;
    }
  }

  /** Where upstream rows in other memory are brought. */
  DoubleStage upstreamStage() {
    if (upstreamStage == null) {
      upstreamStage = new DoubleStage();
    }
    return upstreamStage;
  }

  /** Σ v of each row of the tile, in the place of its weighted sum. */
  void addUpstream(DoubleKernel kernel) {
    if (upstreamTile == null) {
      upstreamTile = new DoubleTile();
    }
    upstreamTile.rows = tile.rows;
    upstreamTile.columns = tile.columns;
    upstreamTile.logits = tile.upstream;
    System.arraycopy(tile.upstreamStart, 0, upstreamTile.logitsStart, 0, tile.rows);
    kernel.weightedSums(upstreamTile);
    System.arraycopy(upstreamTile.weightedSum, 0, tile.weightedSum, 0, tile.rows);
    System.arraycopy(upstreamTile.weightedSumLow, 0, tile.weightedSumLow, 0, tile.rows);
  }

  /** Makes room for the summaries of so many cells. */
  void ensureCells(int cells) {
    if (cellSum.length < cells) {
      int length = Math.max(cells, 2 * cellSum.length);
      cellSum = new double[length];
      cellLow = new double[length];
      cellExponent = new int[length];
      cellOrigin = new double[length];
      cellDot = new double[length];
      cellDotLow = new double[length];
      cellWeightedSum = new double[length];
      cellWeightedSumLow = new double[length];
      blockSum = new double[length * CELL_BLOCKS];
      blockExponent = new int[length * CELL_BLOCKS];
      blockOrigin = new double[length * CELL_BLOCKS];
    }
  }

  /** The summary of every row of the tile, from its blocks. */
  void summarize() {
    rows.sumsAreModerate = SingleBlocks.summarize(tile, rows);
    if (rows.sumsAreModerate) {
      return;
    }
    for (int i = 0; i < tile.rows; i++) {
      summarize(tile, i, summary);
      store(summary, rows, i);
    }
  }

  /** Merges the blocks of a row of the tile, in order, into the summary. */
  static void summarize(DoubleTile tile, int row, DoubleSummary summary) {
    int blocks = tile.blocks();
    summary.clear();
    for (int slot = row * blocks; slot < (row + 1) * blocks; slot++) {
      summary.merge(
          tile.blockSum[slot],
          tile.blockSumLow[slot],
          tile.blockExponent[slot],
          tile.blockOrigin[slot]);
    }
  }

  /** Keeps the summary of a row as that of a slot. */
  static void store(DoubleSummary summary, DoubleRows rows, int slot) {
    rows.sum[slot] = summary.sum;
    rows.sumLow[slot] = summary.low;
    rows.exponent[slot] = summary.exponent;
    rows.origin[slot] = summary.origin;
  }

  /** Keeps sums and frames of a cell that another thread has reduced. */
  void keepCell(int cell, DoubleWork reduced) {
    DoubleTile from = reduced.tile;
    summarize(from, 0, reduced.summary);
    cellSum[cell] = reduced.summary.sum;
    cellLow[cell] = reduced.summary.low;
    cellExponent[cell] = reduced.summary.exponent;
    cellOrigin[cell] = reduced.summary.origin;
    FramedDot reducedDot = reduced.dot;
    reducedDot.clear(cellExponent[cell], cellOrigin[cell]);
    reducedDot.addBlocks(from, 0);
    cellDot[cell] = reducedDot.sum;
    cellDotLow[cell] = reducedDot.low;
    cellWeightedSum[cell] = from.weightedSum[0];
    cellWeightedSumLow[cell] = from.weightedSumLow[0];
    int first = cell * CELL_BLOCKS;
    System.arraycopy(from.blockSum, 0, blockSum, first, from.blocks());
    System.arraycopy(from.blockExponent, 0, blockExponent, first, from.blocks());
    System.arraycopy(from.blockOrigin, 0, blockOrigin, first, from.blocks());
  }

  /** Gives the frames back to the tile that maps the cell. */
  void restoreFrames(int cell, DoubleTile mapped) {
    int first = cell * CELL_BLOCKS;
    System.arraycopy(blockSum, first, mapped.blockSum, 0, mapped.blocks());
    System.arraycopy(blockExponent, first, mapped.blockExponent, 0, mapped.blocks());
    System.arraycopy(blockOrigin, first, mapped.blockOrigin, 0, mapped.blocks());
  }

  /** Merges the cells of a row, in order. */
  void mergeCells(int row, int cells) {
    summary.clear();
    double sum = 0;
    double low = 0;
    for (int cell = row * cells; cell < (row + 1) * cells; cell++) {
      summary.merge(cellSum[cell], cellLow[cell], cellExponent[cell], cellOrigin[cell]);
      double next = sum + cellWeightedSum[cell];
      low += ElementaryPairs.lost(sum, cellWeightedSum[cell], next) + cellWeightedSumLow[cell];
      sum = next;
    }
    store(summary, rows, row);
    rows.weightedSum[row] = Double.isFinite(sum) ? sum + low : sum;
    mergeDots(row, cells);
  }

  private void mergeDots(int row, int cells) {
    dot.clear(rows.exponent[row], rows.origin[row]);
    for (int cell = row * cells; cell < (row + 1) * cells; cell++) {
      dot.add(cellDot[cell], cellDotLow[cell], cellExponent[cell], cellOrigin[cell]);
    }
    dot.copyTo(rows, row);
  }

  /** The dots of the rows of the tile. */
  void copyDots() {
    for (int i = 0; i < tile.rows; i++) {
      dot.clear(rows.exponent[i], rows.origin[i]);
      dot.addBlocks(tile, i);
      dot.copyTo(rows, i);
    }
  }

  /** The weighted sums of the rows of the tile, rounded. */
  void copyWeightedSums() {
    for (int i = 0; i < tile.rows; i++) {
      rows.weightedSum[i] = tile.weightedSum[i] + tile.weightedSumLow[i];
    }
  }

  /** Fills the rows of the tile whose results are none, and writes the labels' entries. */
  void overwrite(DoubleRows of, int firstSlot) {
    for (int i = 0; i < tile.rows; i++) {
      int start = tile.outStart[i];
      byte fill = of.fill[firstSlot + i];
      if (fill != RowBlock.MAPPED) {
        double value = fill == RowBlock.ZEROS ? 0 : Double.NaN;
        Arrays.fill(tile.out, start, start + tile.columns, value);
      } else if (tile.labels[i] >= 0) {
        tile.out[start + tile.labels[i]] = of.labelEntry[firstSlot + i];
      }
    }
  }
}
