package io.surprisal.internal;

import io.surprisal.spi.Tile;
import java.util.Arrays;

/** MAP of a tile that has been reduced and whose rows have been through the head. */
final class MapStep {
  private MapStep() {}

  /** Writes or adds what the head's form says, the label's entry and what sparse targets list. */
  static void run(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    Window window = workspace.window;
    MapCoefficients.set(window.block, window.firstSlot, tile, pass.head.form());
    boolean apart = pass.out.hasClassesFirst();
    if (pass.added || apart) {
      tile.out = tile.exps;
      for (int i = 0; i < tile.rows; i++) {
        tile.outStart[i] = tile.expsOffset + i * tile.expsStride;
      }
    } else {
      placeOut(pass, workspace);
    }
    float[] kept = null;
    if (pass.sparse.classes != null) {
      kept = workspace.ensureListed(tile.rows * pass.sparse.perRow);
      pass.sparse.keep(window, tile, kept);
    }
    pass.kernel.map(tile, pass.head.form());
    overwrite(window, tile);
    if (kept != null) {
      pass.sparse.overwrite(window, tile, kept);
    }
    for (int i = 0; pass.logitMap != null && i < tile.rows; i++) {
      if (window.isMapped(i)) {
        workspace.staged().multiply(tile, i);
      }
    }
    if (apart) {
      workspace.planes().scatter(pass, workspace);
    } else if (pass.added) {
      placeOut(pass, workspace);
      pass.kernel.add(tile);
    }
  }

  private static void placeOut(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    tile.out = pass.out.data;
    workspace.window.starts(pass.out, tile.rows, tile.outStart);
  }

  /** The label's entry of each row, and the rows that are not regular. */
  private static void overwrite(Window window, Tile tile) {
    RowBlock block = window.block;
    for (int i = 0; i < tile.rows; i++) {
      int start = tile.outStart[i];
      byte fill = block.fill[window.firstSlot + i];
      if (fill != RowBlock.MAPPED) {
        float value = fill == RowBlock.ZEROS ? 0 : Float.NaN;
        Arrays.fill(tile.out, start, start + tile.columns, value);
      } else if (tile.labels[i] != Tile.NO_LABEL) {
        tile.out[start + tile.labels[i]] = (float) block.labelEntry[window.firstSlot + i];
      }
    }
  }
}
