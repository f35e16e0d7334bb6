package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import java.util.Arrays;

/**
 * The second derivatives of cross-entropy, whose Hessian is {@code R·(diag p − p·pᵀ)} in each row:
 * R = (1−ε)·w_y + (ε/C)·W, or with targets (1−ε)·Σ w·q + (ε/C)·W.
 *
 * <pre>
 *   diagonal   R·p_c·(1 − p_c)
 *   product    R·p_c·(v_c − ⟨p, v⟩),  at m  R·p_m·( v_m·(1−p_m) − Σ_{k≠m} p_k·v_k )
 * </pre>
 *
 * <p>m is the class of the largest logit, the one whose p can be near 1.
 */
public final class HessianHead extends ClassHead {
  /** What a row's labels and options make of it. */
  private final boolean dense;

  private final boolean product;
  private final double smoothing;
  private final double scale;
  private final float[] classWeights;
  private final double weightSum;

  /**
   * A head.
   *
   * @param dense whether rows have a target for every class, not a label
   * @param product whether the product with upstream rows is asked for, not the diagonal
   * @param smoothing ε, from 0 to 1
   * @param scale the logit scale, which the entries have twice
   * @param classWeights w, or null
   */
  public HessianHead(
      boolean dense, boolean product, double smoothing, double scale, float[] classWeights) {
    this.dense = dense;
    this.product = product;
    this.smoothing = smoothing;
    this.scale = scale;
    this.classWeights = classWeights;
    weightSum = Weights.sum(classWeights);
  }

  @Override
  public boolean needs(Sums sum) {
    return sum == Sums.TARGETS && dense;
  }

  @Override
  public float[] classWeights() {
    return classWeights;
  }

  @Override
  boolean hasSums() {
    return product;
  }

  @Override
  void prepare(RowBlock rows) {
    if (dense) {
      setTargetWeights(rows);
    }
  }

  @Override
  void weigh(ClassRun run, SoftmaxKernel kernel) {
    Arrays.fill(run.slope, 0, run.count, 0);
    for (int i = 0; i < run.count; i++) {
      run.term[i] = run.probability[i] * run.target[i];
    }
    if (run.hasApart()) {
      run.rows.labelEntry[run.slot] = run.target[run.apart];
      run.term[run.apart] = 0;
    }
  }

  @Override
  void finish(RowBlock rows, int i) {
    double p = rows.apart[i];
    double others = rows.others[i];
    rows.targetFactor[i] = rows.upstream[i] * rows.weight[i] * scale * weight(rows, i);
    rows.shift[i] = 0;
    if (product) {
      double own = rows.labelEntry[i];
      double sum = rows.weighedSum[i];
      rows.shift[i] = sum + p * own;
      rows.labelEntry[i] = p * (own * others - sum);
    } else {
      rows.labelEntry[i] = p * others;
    }
    if (!Double.isFinite(rows.shift[i]) || !Double.isFinite(rows.targetFactor[i])) {
      rows.loss[i] = Double.NaN;
    }
  }

  /** R. */
  private double weight(RowBlock rows, int i) {
    double total = classWeights == null ? rows.classes : weightSum;
    double label = dense ? rows.targetSum[i] : 1;
    if (!dense && classWeights != null) {
      label = classWeights[rows.trueLabel(i)];
    }
    return (1 - smoothing) * label + smoothing / rows.classes * total;
  }

  @Override
  void map(ClassRun run, SoftmaxKernel kernel) {
    double[] p = run.probability;
    double factor = run.rows.targetFactor[run.slot];
    double shift = run.rows.shift[run.slot];
    if (product) {
      for (int i = 0; i < run.count; i++) {
        run.term[i] = factor * (p[i] * (run.target[i] - shift));
      }
    } else {
      for (int i = 0; i < run.count; i++) {
        run.term[i] = factor * (p[i] * (1 - p[i]));
      }
    }
    if (run.hasApart()) {
      run.term[run.apart] = factor * run.rows.labelEntry[run.slot];
    }
  }
}
