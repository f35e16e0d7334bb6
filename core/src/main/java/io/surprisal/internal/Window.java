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
    tile.contiguous = pass.logits.rowStride == columns && follow(0, rows);
    placeExps(pass, workspace);
    tile.classVector = pass.head.classWeights();
    tile.classOffset = column;
    tile.logits = rows(pass, workspace, Planes.Role.LOGITS, tile.logitsStart);
    tile.contiguous |= pass.logits.hasClassesFirst();
    tile.upstream = rows(pass, workspace, Planes.Role.UPSTREAM, tile.upstreamStart);
    tile.targets = rows(pass, workspace, Planes.Role.TARGETS, tile.targetsStart);
    placeLabels(tile, columns == pass.classes);
    if (pass.logitMap != null) {
      workspace.staged().stage(tile, pass.logitMap, pass.kernel);
    }
  }

  /** What holds the rows of a matrix, or null; where they lie, unless their classes lie apart. */
  private float[] rows(SoftmaxPass pass, Workspace workspace, Planes.Role role, int[] starts) {
    Strided matrix = Planes.matrix(pass, role);
    if (matrix.data == null) {
      return null;
    }
    if (matrix.hasClassesFirst()) {
      return workspace.planes().gather(pass, workspace, role, starts);
    }
    starts(matrix, workspace.tile.rows, starts);
    return matrix.data;
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
      tile.expsStride = pass.out.rowStride;
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
            || (tile.columns >= LEAST_IN_OUT && tile.columns == out.rowStride);
    return wideEnough && follow(0, tile.rows);
  }
}
