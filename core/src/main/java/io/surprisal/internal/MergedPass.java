package io.surprisal.internal;

/** Losses and totals of rows from their merged summaries alone: no logits are read. */
public final class MergedPass {
  private MergedPass() {}

  /**
   * Runs a pass that has no logits, on the calling thread: it is a few operations a row.
   *
   * @param pass its head a {@link MergedHead}
   */
  public static void run(SoftmaxPass pass) {
    Workspace workspace = Workspace.acquire();
    int rowsPerTile = SoftmaxPass.rowsPerTile(pass.classes);
    for (int row = 0; row < pass.rows; row += rowsPerTile) {
      RowBlock block = workspace.rows;
      block.gather(pass, row, Math.min(pass.rows, row + rowsPerTile));
      if (block.rows > 0) {
        pass.head.apply(block, pass.kernel);
        pass.finish(workspace, 0, block.rows);
      }
    }
    if (pass.totals != null) {
      pass.totals.add(workspace.totals);
      workspace.totals.clear();
    }
    workspace.release();
  }
}
