package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * What part of a batch a workspace's tile stands for: {@code tile.rows} slots of a block and {@code
 * tile.columns} columns.
 */
final class Window {
  /** Rows of fewer columns have so few bytes that their exps are better off in scratch memory. */
  private static final int LEAST_IN_OUT = 16;

  /** The block, which may be another workspace's. */
  RowBlock block;

  /** The slot of the tile's row 0. */
  int firstSlot;

  /** The batch's column that is the tile's column 0. */
  int column;

  /** Moves to a slot and a column; {@link #open} comes next. */
  void at(RowBlock newBlock, int slot, int newColumn) {
    block = newBlock;
    firstSlot = slot;
    column = newColumn;
  }

  /** Which row of the batch a row of the tile is. */
  int row(int tileRow) {
    return block.index[firstSlot + tileRow];
  }

  /** Whether the tile's rows from first to last − 1 follow each other in the batch. */
  boolean follow(int first, int last) {
    return block.follow(firstSlot + first, firstSlot + last);
  }

  /** Whether MAP writes a row of the tile. */
  boolean isMapped(int tileRow) {
    return block.fill[firstSlot + tileRow] == RowBlock.MAPPED;
  }

  /** Points the workspace's tile at a number of rows and columns from here. */
  void open(SoftmaxPass pass, Workspace workspace, int rows, int columns) {
    Tile tile = workspace.tile;
    tile.rows = rows;
    tile.columns = columns;
    Stage stage = workspace.stage;
    stage.kernel = pass.kernel;
    tile.contiguous = pass.logits.isStaged() || isTogether(pass.logits, tile);
    tile.logits = stage.place(pass.logits, this, tile, stage.logits, tile.logitsStart);
    placeExps(pass, workspace);
    tile.classVector = pass.head.classWeights();
    tile.classOffset = column;
    tile.upstream = stage.place(pass.upstream, this, tile, stage.upstream, tile.upstreamStart);
    tile.targets = stage.place(pass.targets, this, tile, stage.targets, tile.targetsStart);
    if (pass.logitMap != null) {
      workspace.staged().stage(tile, pass.logitMap, pass.kernel);
    }
    if (pass.hasTilePeaks()) {
      pass.kernel.targetPeaks(tile);
      block.takePeaks(tile);
    }
    placeLabels(tile, columns == pass.classes);
    if (pass.logits.isStaged() && columns == pass.classes) {
      block.takeLabelLogits(tile);
    }
  }

  /** Whether nothing lies between the rows of the tile in a matrix of the batch's shape. */
  boolean isTogether(Strided matrix, Tile tile) {
    return matrix.isDense(tile.columns) && follow(0, tile.rows);
  }

  /** Where the rows of another matrix of the batch's shape start. */
  void starts(Strided matrix, int rows, int[] starts) {
    matrix.rowStarts(block, firstSlot, rows, column, starts);
  }

  private void placeLabels(Tile tile, boolean wholeRows) {
    if (wholeRows) {
      System.arraycopy(block.label, firstSlot, tile.labels, 0, tile.rows);
      return;
    }
    for (int i = 0; i < tile.rows; i++) {
      int label = block.label[firstSlot + i] - column;
      tile.labels[i] = label >= 0 && label < tile.columns ? label : Tile.NO_LABEL;
    }
  }

  /**
   * Where the exps go: to the place of what will be written, where that is free, because it is
   * fetched then while there is much to compute; else to scratch memory.
   */
  private void placeExps(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    if (pass.outHoldsExps() && isOutLikeExps(tile, pass.out)) {
      tile.exps = pass.out.data;
      tile.expsOffset = pass.out.rowStart(row(0)) + column;
      tile.expsStride = pass.out.arrayStride();
    } else {
      tile.exps = workspace.exps;
      tile.expsOffset = 0;
      // Where nobody will read them, rows that are not narrow may lie anywhere.
      tile.expsStride = pass.readsExps() || tile.columns < Tile.NARROW ? tile.columns : 0;
    }
  }

  /** Whether the rows of out lie as those of exps may: evenly, and narrow ones without a gap. */
  private boolean isOutLikeExps(Tile tile, Strided out) {
    boolean wideEnough =
        tile.columns >= Tile.NARROW
            || tile.rows == 1
            || (tile.columns >= LEAST_IN_OUT && out.isDense(tile.columns));
    return wideEnough && follow(0, tile.rows);
  }
}
