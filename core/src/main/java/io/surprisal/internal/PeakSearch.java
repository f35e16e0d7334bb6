package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/** Finds the {@link Peaks} of a tile that has been reduced, while it is in cache. */
final class PeakSearch {
  /** Those of the tile's blocks. */
  private final Peaks blocks = new Peaks(Tile.MAX_ROWS);

  /** The exponentials of the peaks, which are left out of the sums. */
  private final float[] kept = new float[Tile.MAX_ROWS];

  PeakSearch() {}

  /**
   * Finds what is asked for, of each row of the tile.
   *
   * @param pass whose tile it is
   * @param tile reduced
   * @param rows where the labels' logits are
   * @param first the slot there of the tile's first row
   * @param found the peaks, from slot 0 on; classes are counted from the tile's first column
   */
  void run(SoftmaxPass pass, Tile tile, RowBlock rows, int first, Peaks found) {
    RowOutputs outputs = pass.rowOutputs;
    if (outputs.needsPeaks()) {
      findPeaks(pass.kernel, tile);
    }
    if (outputs.needsMoments()) {
      takeMoments(pass.kernel, tile);
    }
    for (int row = 0; row < tile.rows; row++) {
      found.clear(row);
      if (outputs.needsPeaks()) {
        for (int slot = row * tile.blocks(); slot < (row + 1) * tile.blocks(); slot++) {
          found.merge(row, blocks, slot, 0);
        }
      }
      if (outputs.needsRanks()) {
        int start = tile.logitsStart[row];
        float label = rows.trueLogit(first + row);
        found.greater[row] = pass.kernel.countGreater(tile.logits, start, tile.columns, label);
      }
    }
  }

  private void findPeaks(SoftmaxKernel kernel, Tile tile) {
    int blocksPerRow = tile.blocks();
    for (int slot = 0; slot < tile.rows * blocksPerRow; slot++) {
      int start = tile.logitsStart[slot / blocksPerRow];
      int column = slot % blocksPerRow * Tile.BLOCK;
      int count = tile.blockColumns(slot % blocksPerRow);
      int place = kernel.argMax(tile.logits, start + column, count);
      blocks.clear(slot);
      if (place >= 0) {
        blocks.column[slot] = column + place;
        blocks.logit[slot] = tile.logits[start + column + place];
      }
    }
  }

  private void takeMoments(SoftmaxKernel kernel, Tile tile) {
    int blocksPerRow = tile.blocks();
    int slots = tile.rows * blocksPerRow;
    for (int row = 0; row < tile.rows; row++) {
      if (tile.labels[row] != Tile.NO_LABEL) {
        // What the kernel left there may be anything; MAP's is overwritten.
        tile.exps[exps(tile, row) + tile.labels[row]] = 0;
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      boolean found = Math.abs(blocks.logit[slot]) <= Float.MAX_VALUE;
      tile.pivot[slot] = found ? blocks.logit[slot] : 0;
      int peak = exps(tile, slot / blocksPerRow) + Math.max(0, blocks.column[slot]);
      kept[slot] = tile.exps[peak];
      if (found) {
        tile.exps[peak] = 0;
      }
    }
    kernel.moments(tile);
    for (int slot = 0; slot < slots; slot++) {
      int peak = exps(tile, slot / blocksPerRow) + Math.max(0, blocks.column[slot]);
      tile.exps[peak] = kept[slot];
      setMoments(tile, slot);
    }
  }

  private static int exps(Tile tile, int row) {
    return tile.expsOffset + row * tile.expsStride;
  }

  /** From the frame of a block to that of its peak. */
  private void setMoments(Tile tile, int slot) {
    int row = slot / tile.blocks();
    int label = tile.labels[row];
    boolean isLabel = label == blocks.column[slot];
    // A block of which nothing is left has exponentials without meaning.
    if (tile.blockSum[slot] > 0) {
      double origin = (double) tile.blockOrigin[slot] - tile.pivot[slot];
      double factor = Peaks.factor(Summary.logFrame(tile.blockExponent[slot], origin));
      blocks.rest[slot] = tile.blockExps[slot] * factor;
      blocks.spread[slot] = tile.blockSpread[slot] * factor;
      blocks.squares[slot] = tile.blockSquares[slot] * factor * factor;
    }
    if (isLabel) {
      return;
    }
    blocks.squares[slot] += 1;
    if (label != Tile.NO_LABEL && label / Tile.BLOCK == slot % tile.blocks()) {
      blocks.addLabel(slot, tile.logits[tile.logitsStart[row] + label]);
    }
  }
}
