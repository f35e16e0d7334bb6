package io.surprisal.internal;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;

/**
 * The labels' part of a distillation whose divergence the kernel computes: −log P_y, and λ·w·(P −
 * δ) of every class, P the probabilities at temperature 1.
 */
final class HardLoss {
  private HardLoss() {}

  /** The workspace of the student's logits at temperature 1. */
  private static Workspace hard(SoftmaxPass pass, Workspace workspace) {
    return pass.companion.companion == null ? workspace : workspace.companion().companion();
  }

  /** The column of a row's label in the tile, or {@link Tile#NO_LABEL}. */
  private static int label(Workspace workspace, int row) {
    Window window = workspace.window;
    int label = window.block.trueLabel(window.firstSlot + row) - window.column;
    return label >= 0 && label < workspace.tile.columns ? label : Tile.NO_LABEL;
  }

  /** Sets −log P_y of every row whose label is in the tile. */
  static void setLikelihoods(SoftmaxPass pass, Workspace workspace) {
    Tile hard = hard(pass, workspace).tile;
    for (int row = 0; row < hard.rows; row++) {
      int label = label(workspace, row);
      if (label != Tile.NO_LABEL) {
        double surprisal = PlainClasses.surprisal(hard, row, label);
        int slot = workspace.window.firstSlot + row;
        workspace.window.block.likelihood[slot] = ClassRun.limited(surprisal);
      }
    }
  }

  /** Computes the labels' entries, before MAP writes over what they are made of. */
  static void keepEntries(SoftmaxPass pass, Workspace workspace, ClassForm form) {
    Workspace hard = hard(pass, workspace);
    RowBlock block = workspace.window.block;
    for (int row = 0; row < workspace.tile.rows; row++) {
      int label = label(workspace, row);
      if (label != Tile.NO_LABEL) {
        int slot = workspace.window.firstSlot + row;
        boolean apart = hard.tile.labels[row] == label;
        double others =
            apart
                ? hard.window.block.others[hard.window.firstSlot + row]
                : 1 - PlainClasses.probability(hard.tile, row, label);
        double soft = PlainClasses.entry(workspace.tile, form, row, label);
        block.otherEntry[slot] = soft - block.labelEntry[slot] * others;
      }
    }
  }

  /** Adds λ·w·P to what has been mapped. */
  static void add(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    Tile hard = hard(pass, workspace).tile;
    for (int row = 0; row < tile.rows; row++) {
      double factor = workspace.window.block.labelEntry[workspace.window.firstSlot + row];
      MapCoefficients.multiplyFactors(hard, row, factor);
      hard.outStart[row] = hard.expsOffset + row * hard.expsStride;
    }
    hard.out = hard.exps;
    pass.kernel.map(hard, MapForm.SCALED);
    hard.out = tile.out;
    System.arraycopy(tile.outStart, 0, hard.outStart, 0, tile.rows);
    pass.kernel.add(hard);
  }

  /** Writes the labels' entries. */
  static void overwrite(Workspace workspace) {
    Tile tile = workspace.tile;
    Window window = workspace.window;
    for (int row = 0; row < tile.rows; row++) {
      int label = label(workspace, row);
      if (label != Tile.NO_LABEL && window.isMapped(row)) {
        double entry = window.block.otherEntry[window.firstSlot + row];
        tile.out[tile.outStart[row] + label] = (float) entry;
      }
    }
  }
}
