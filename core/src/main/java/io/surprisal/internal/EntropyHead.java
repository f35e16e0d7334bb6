package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import java.util.Arrays;

/**
 * Entropy of softmax probabilities; s = −log p:
 *
 * <pre>
 *   H = Σ p_c·s_c      entries p_c·(s_c − H)
 * </pre>
 *
 * <p>All terms of H are positive, and s of the class of the largest logit, the one whose p can be
 * near 1, comes from the sum of the others: a confident row keeps its digits. Labels only say which
 * rows count.
 */
public final class EntropyHead extends ClassHead {
  /** The only one. */
  public static final EntropyHead STANDARD = new EntropyHead();

  private EntropyHead() {}

  @Override
  void prepare(RowBlock rows) {
    System.arraycopy(rows.weight, 0, rows.rowWeight, 0, rows.rows);
  }

  @Override
  void begin(RowBlock rows, int i, double logSumExp) {
    if (!rows.hasLabels) {
      rows.likelihood[i] = Double.NaN;
    } else if (rows.hasOther(i)) {
      rows.likelihood[i] -= (double) rows.otherLogit[i] - rows.labelLogit[i];
    }
  }

  @Override
  void weigh(ClassRun run, SoftmaxKernel kernel) {
    double[] p = run.probability;
    double[] s = run.surprisal;
    for (int i = 0; i < run.count; i++) {
      run.term[i] = p[i] * s[i];
    }
    Arrays.fill(run.slope, 0, run.count, 0);
  }

  @Override
  void finish(RowBlock rows, int i) {
    double entropy = rows.weighedSum[i];
    rows.loss[i] = Weights.times(rows.weight[i], entropy);
    rows.targetFactor[i] = rows.upstream[i] * rows.weight[i];
    rows.shift[i] = entropy;
  }

  @Override
  void map(ClassRun run, SoftmaxKernel kernel) {
    double[] p = run.probability;
    double[] s = run.surprisal;
    double factor = run.rows.targetFactor[run.slot];
    double entropy = run.rows.shift[run.slot];
    for (int i = 0; i < run.count; i++) {
      run.term[i] = factor * (p[i] * (s[i] - entropy));
    }
  }
}
