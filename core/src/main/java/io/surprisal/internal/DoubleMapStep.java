package io.surprisal.internal;

import io.surprisal.spi.DoubleTile;

/** MAP of a tile of doubles, and what becomes of its results. */
final class DoubleMapStep {
  private DoubleMapStep() {}

  /** MAP of the tile, whose row 0 is a slot of the block and whose columns begin at a column. */
  static void run(DoublePass pass, DoubleWork work, DoubleRows of, int firstSlot, int column) {
    DoubleTile tile = work.tile;
    DoubleCoefficients.set(of, firstSlot, tile, pass.head.form());
    if (pass.added || pass.out.isStaged()) {
      tile.out = tile.exps;
      for (int i = 0; i < tile.rows; i++) {
        tile.outStart[i] = tile.expsOffset + i * tile.expsStride;
      }
    } else {
      placeOut(pass, tile, of, firstSlot, column);
    }
    pass.kernel.map(tile, pass.head.form());
    work.overwrite(of, firstSlot);
    if (pass.added && pass.out.isStaged()) {
      work.sums.add(pass.out, of, firstSlot, column, tile);
    } else if (pass.out.isStaged()) {
      work.stage.takeBack(pass.out, of, firstSlot, column, tile);
    } else if (pass.added) {
      placeOut(pass, tile, of, firstSlot, column);
      pass.kernel.add(tile);
    }
  }

  private static void placeOut(
      DoublePass pass, DoubleTile tile, DoubleRows of, int firstSlot, int column) {
    tile.out = pass.out.doubles;
    pass.out.rowStarts(of, firstSlot, tile.rows, column, tile.outStart);
  }
}
