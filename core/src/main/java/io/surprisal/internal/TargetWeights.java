package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * The weight of rows with dense or sparse targets, v·Σ w·q (v where a teacher takes the place of
 * targets), found before the pass: a gradient may be divided by it.
 */
public final class TargetWeights {
  private TargetWeights() {}

  /**
   * Adds up the rows that count.
   *
   * @param pass ready to run; its weight is set where rows have targets
   */
  public static void find(SoftmaxPass pass) {
    LabelledRows labelled = pass.labelled;
    if (!labelled.hasTargets) {
      return;
    }
    Workspace workspace = Workspace.acquire();
    Tile tile = workspace.tile;
    tile.rows = 1;
    workspace.stage.kernel = pass.kernel;
    tile.classVector = pass.head.classWeights();
    for (int row = 0; row < pass.rows; row++) {
      if (!labelled.isIgnored(row)) {
        labelled.weight.add(labelled.sampleWeight(row) * of(pass, workspace, row));
      }
    }
    workspace.release();
  }

  private static double of(SoftmaxPass pass, Workspace workspace, int row) {
    if (pass.sparse.classes != null) {
      return pass.sparse.weight(row, pass.classes, pass.head.classWeights());
    }
    return pass.targets.isPresent() ? ofDense(pass, workspace, row) : 1;
  }

  /** Σ w·q of a row. */
  private static double ofDense(SoftmaxPass pass, Workspace workspace, int row) {
    Tile tile = workspace.tile;
    double sum = 0;
    for (int column = 0; column < pass.classes; column += Tile.MAX_COLUMNS) {
      tile.columns = Math.min(Tile.MAX_COLUMNS, pass.classes - column);
      tile.classOffset = column;
      Strided targets = pass.targets;
      if (targets.isStaged()) {
        tile.logits = workspace.stage.bring(targets, row, column, tile.columns);
        tile.logitsStart[0] = 0;
      } else {
        tile.logits = targets.data;
        tile.logitsStart[0] = targets.rowStart(row) + column;
      }
      pass.kernel.weightedSums(tile);
      sum += tile.weightedSum[0];
    }
    return sum;
  }
}
