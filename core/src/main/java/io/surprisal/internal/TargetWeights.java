package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * The weight of rows with dense or sparse targets, v·Σ w·q, found before the pass: a gradient may
 * be divided by it.
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
    tile.classVector = pass.head.classWeights();
    for (int row = 0; row < pass.rows; row++) {
      if (!labelled.isIgnored(row)) {
        double sum =
            pass.sparse.classes == null
                ? ofDense(pass, workspace, row)
                : pass.sparse.weight(row, pass.classes, pass.head.classWeights());
        labelled.weight.add(labelled.sampleWeight(row) * sum);
      }
    }
    workspace.release();
  }

  /** Σ w·q of a row. */
  private static double ofDense(SoftmaxPass pass, Workspace workspace, int row) {
    Tile tile = workspace.tile;
    double sum = 0;
    for (int column = 0; column < pass.classes; column += Tile.MAX_COLUMNS) {
      tile.columns = Math.min(Tile.MAX_COLUMNS, pass.classes - column);
      tile.classOffset = column;
      if (pass.targets.hasClassesFirst()) {
        pass.targets.copy(row, column, tile.columns, workspace.exps);
        tile.logits = workspace.exps;
        tile.logitsStart[0] = 0;
      } else {
        tile.logits = pass.targets.data;
        tile.logitsStart[0] = pass.targets.rowStart(row) + column;
      }
      pass.kernel.weightedSums(tile);
      sum += tile.weightedSum[0];
    }
    return sum;
  }
}
