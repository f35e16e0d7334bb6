package io.surprisal.internal;

import java.util.concurrent.ForkJoinPool;

/** Negative log-likelihood of labels under given log-probabilities: one number read a row. */
public final class LikelihoodPass extends Pass {
  private static final Pool<LikelihoodPass> POOL = new Pool<>(LikelihoodPass::new);

  private LikelihoodPass() {}

  /**
   * Lends a pass.
   *
   * @return a pass to be filled in, run and released
   */
  public static LikelihoodPass acquire() {
    return POOL.acquire();
  }

  @Override
  public void release() {
    super.release();
    POOL.release(this);
  }

  @Override
  public void run(ForkJoinPool pool) {
    if (rows > 0) {
      Workspace workspace = Workspace.acquire();
      int rowsPerTile = SoftmaxPass.rowsPerTile(classes);
      for (int first = 0, last; first < rows; first = last) {
        last = first + Math.min(rowsPerTile, rows - first);
        runTile(workspace, first, last);
      }
      workspace.release();
    }
  }

  private void runTile(Workspace workspace, int first, int last) {
    RowBlock block = workspace.rows;
    block.rows = 0;
    for (int row = first; row < last; row++) {
      if (labelled.isIgnored(row)) {
        writeIgnored(row);
      } else {
        runRow(block, row);
      }
    }
    if (totals != null) {
      totals.add(block, 0, block.rows, false);
    }
  }

  private void runRow(RowBlock block, int row) {
    int label = labelled.label(row);
    double weight = labelled.weight(row);
    double logProbability = logits.getDouble(row, label);
    // Negating a NaN would turn its sign.
    double likelihood = Double.isNaN(logProbability) ? Double.NaN : -logProbability;
    double loss = Weights.times(weight, likelihood);
    block.likelihood[block.rows] = likelihood;
    block.loss[block.rows] = loss;
    block.rows++;
    // Losses may take the place of the upstream numbers.
    double entry = -(upstream(row) * weight);
    if (losses != null) {
      losses[row] = (float) loss;
    }
    if (doubleLosses != null) {
      doubleLosses[row] = loss;
    }
    if (out.isPresent()) {
      write(row, label, entry);
    }
  }

  private void write(int row, int label, double entry) {
    if (!added) {
      out.clear(row, classes);
    }
    if (out.hasDoubles()) {
      out.setDouble(row, label, added ? out.getDouble(row, label) + entry : entry);
    } else if (added) {
      out.add(row, label, (float) entry);
    } else {
      out.set(row, label, (float) entry);
    }
  }
}
