package io.surprisal.internal;

import io.surprisal.spi.Tile;

/** WEIGH of a tile that has been reduced and whose rows have been through the head once. */
final class WeighStep {
  private WeighStep() {}

  /** Leaves the sums in the tile. */
  static void run(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    setFactors(pass, workspace);
    if (pass.head instanceof ClassHead head) {
      if (head.classForm() != null) {
        pass.kernel.weighClasses(tile, head.classForm());
        head.endWeigh(pass, workspace);
      } else if (head.hasSums()) {
        workspace.classRun().weigh(pass, head, workspace);
      }
    } else {
      pass.kernel.weigh(tile, pass.head.weighForm());
    }
  }

  /** What makes probabilities of exponentials, and of a form the peaks. */
  static void setFactors(SoftmaxPass pass, Workspace workspace) {
    Companions.setFactors(pass, workspace);
    if (pass.head instanceof ClassHead head && head.classForm() != null) {
      Companions.setPeaks(pass, workspace);
    }
  }

  /** Brings them from a tile of whole rows to the block, and takes the head to its end. */
  static void collect(SoftmaxPass pass, Workspace workspace) {
    RowBlock block = workspace.rows;
    System.arraycopy(workspace.tile.weighedSum, 0, block.weighedSum, 0, block.rows);
    System.arraycopy(workspace.tile.weighedDot, 0, block.weighedDot, 0, block.rows);
    pass.head.applyWeighed(block);
  }
}
