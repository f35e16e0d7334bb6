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
    if (pass.head instanceof ClassHead) {
      if (tile.columns < pass.classes) {
        // Of whole rows WEIGH has set them, and has left its tile.
        WeighStep.setFactors(pass, workspace);
      }
    } else {
      MapCoefficients.set(window.block, window.firstSlot, tile, pass.head.form());
    }
    boolean staged = pass.out.isStaged();
    if (pass.added || staged) {
      tile.out = tile.exps;
      for (int i = 0; i < tile.rows; i++) {
        tile.outStart[i] = tile.expsOffset + i * tile.expsStride;
      }
    } else {
      placeOut(pass, workspace);
    }
    if (pass.head instanceof ClassHead head) {
      mapClasses(pass, head, workspace);
      fillIrregular(window, tile);
    } else {
      mapByForm(pass, workspace);
    }
    boolean capped = pass.logitMap != null && pass.logitMap.isCapped();
    for (int i = 0; capped && i < tile.rows; i++) {
      if (window.isMapped(i)) {
        workspace.staged().multiply(tile, i);
      }
    }
    if (staged) {
      workspace.stage.takeBack(pass.out, window, tile, pass.added);
    } else if (pass.added) {
      placeOut(pass, workspace);
      pass.kernel.add(tile);
    }
  }

  /** What the kernel maps, and the entries that the head has computed itself. */
  private static void mapByForm(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    Window window = workspace.window;
    float[] kept = null;
    if (pass.sparse.classes != null) {
      kept = workspace.ensureListed(tile.rows * pass.sparse.perRow);
      pass.sparse.keep(window, tile, kept);
    }
    boolean spares = pass.head.needs(Head.Sums.FINITE_CLASSES);
    if (spares) {
      workspace.finiteClasses().keep(window, tile);
    }
    pass.kernel.map(tile, pass.head.form());
    if (spares) {
      workspace.finiteClasses().overwrite(pass, window, tile);
    }
    if (kept != null) {
      pass.sparse.overwrite(workspace, kept, spares);
    }
    window.block.large.raise(window, tile);
    overwrite(window, tile);
    if (window.block.largestApart) {
      overwriteOthers(window, tile);
    }
  }

  private static void mapClasses(SoftmaxPass pass, ClassHead head, Workspace workspace) {
    if (head.classForm() == null) {
      workspace.classRun().map(pass, head, workspace);
    } else {
      head.beginMap(pass, workspace);
      pass.kernel.mapClasses(workspace.tile, head.classForm());
      head.endMap(pass, workspace);
    }
  }

  /** The entry of the class that stands apart, of each row. */
  static void overwriteLabels(Window window, Tile tile) {
    for (int i = 0; i < tile.rows; i++) {
      if (window.isMapped(i) && tile.labels[i] != Tile.NO_LABEL) {
        double entry = window.block.labelEntry[window.firstSlot + i];
        tile.out[tile.outStart[i] + tile.labels[i]] = (float) entry;
      }
    }
  }

  private static void placeOut(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    tile.out = pass.out.data;
    workspace.window.starts(pass.out, tile.rows, tile.outStart);
  }

  /** The label's entry of each row, and the rows that are not regular. */
  private static void overwrite(Window window, Tile tile) {
    overwriteLabels(window, tile);
    fillIrregular(window, tile);
  }

  private static void fillIrregular(Window window, Tile tile) {
    for (int i = 0; i < tile.rows; i++) {
      if (!window.isMapped(i)) {
        byte fill = window.block.fill[window.firstSlot + i];
        float value = fill == RowBlock.ZEROS ? 0 : Float.NaN;
        Arrays.fill(tile.out, tile.outStart[i], tile.outStart[i] + tile.columns, value);
      }
    }
  }

  /** The entry of each label that is not the class apart. */
  private static void overwriteOthers(Window window, Tile tile) {
    RowBlock block = window.block;
    for (int i = 0; i < tile.rows; i++) {
      int slot = window.firstSlot + i;
      int label = block.otherLabel[slot] - window.column;
      boolean here = block.hasOther(slot) && label >= 0 && label < tile.columns;
      if (here && block.fill[slot] == RowBlock.MAPPED) {
        tile.out[tile.outStart[i] + label] = (float) block.otherEntry[slot];
      }
    }
  }
}
