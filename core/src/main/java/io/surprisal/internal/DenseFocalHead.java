package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/**
 * Focal loss with a target for every class; t = α·q, s = −log p:
 *
 * <pre>
 *   loss     = v·Σ t_c·(1−p_c)^γ·s_c
 *   h_c      = −t_c·(1−p_c)^γ·[ 1 + γ·p_c·s_c/(1−p_c) ]
 *   gradient = s·( h_c − p_c·Σ h_k ),   at m  s·( h_m·(1−p_m) − p_m·Σ_{k≠m} h_k )
 * </pre>
 *
 * <p>m is the class of the largest logit, the one whose p can be near 1: its 1 − p comes from the
 * sum of the others, and its gradient subtracts nothing that is nearly equal. −(log p)/(1−p) tends
 * to 1 there, so that no γ below 1 makes an infinity.
 */
public final class DenseFocalHead extends ClassHead {
  /** Least −γ·log(1 − p) that the kernel takes an exponential of. */
  private static final double LEAST = -700;

  /** Stands for p/(1 − p) where 1 − p is 0. */
  private static final double MOST_ODDS = 0x1p1000;

  private final double gamma;
  private final float[] classWeights;

  /**
   * A head.
   *
   * @param gamma γ, 0 or more
   * @param classWeights the weight α of each class, or null
   */
  public DenseFocalHead(double gamma, float[] classWeights) {
    this.gamma = gamma;
    this.classWeights = classWeights;
  }

  @Override
  public boolean needs(Sums sum) {
    return sum == Sums.TARGETS;
  }

  @Override
  public float[] classWeights() {
    return classWeights;
  }

  @Override
  void prepare(RowBlock rows) {
    setTargetWeights(rows);
  }

  @Override
  void begin(RowBlock rows, int i, double logSumExp) {
    rows.likelihood[i] = crossEntropy(rows, i, 1, logSumExp);
  }

  @Override
  void weigh(ClassRun run, SoftmaxKernel kernel) {
    setSlopes(run, kernel);
    double[] term = run.term;
    for (int i = 0; i < run.count; i++) {
      term[i] = run.target[i] * run.spare[i] * run.surprisal[i];
    }
    if (run.hasApart()) {
      run.rows.labelEntry[run.slot] = run.slope[run.apart];
      run.slope[run.apart] = 0;
    }
  }

  /** h into {@code slope}, and (1 − p)^γ into {@code spare}. */
  private void setSlopes(ClassRun run, SoftmaxKernel kernel) {
    double[] p = run.probability;
    double[] complement = run.term;
    double[] power = run.spare;
    for (int i = 0; i < run.count; i++) {
      complement[i] = 1 - p[i];
    }
    if (run.hasApart()) {
      complement[run.apart] = run.rows.others[run.slot];
    }
    setPowers(run, complement, kernel);
    for (int i = 0; i < run.count; i++) {
      double share = gamma * p[i] * (run.surprisal[i] / complement[i]);
      run.slope[i] = -run.target[i] * power[i] * (1 + share);
    }
    if (run.hasApart() && complement[run.apart] == 0) {
      run.slope[run.apart] = -run.target[run.apart] * power[run.apart] * (1 + gamma);
    }
  }

  private void setPowers(ClassRun run, double[] base, SoftmaxKernel kernel) {
    double[] power = run.spare;
    if (gamma == 2) {
      for (int i = 0; i < run.count; i++) {
        power[i] = base[i] * base[i];
      }
      return;
    }
    for (int i = 0; i < run.count; i++) {
      power[i] = Math.min(run.probability[i] / base[i], MOST_ODDS);
    }
    kernel.log1p(power, 0, run.count);
    for (int i = 0; i < run.count; i++) {
      power[i] = Math.max(-gamma * power[i], LEAST);
    }
    kernel.exp(power, 0, run.count);
  }

  @Override
  void finish(RowBlock rows, int i) {
    double sum = ClassRun.limited(rows.weighedSum[i]);
    double upstream = rows.upstream[i] * rows.weight[i];
    double peak = rows.labelEntry[i];
    double total = rows.weighedDot[i] + peak;
    rows.loss[i] = Double.isFinite(total) ? Weights.times(rows.weight[i], sum) : Double.NaN;
    rows.targetFactor[i] = upstream;
    rows.shift[i] = total;
    rows.labelEntry[i] = peak * rows.others[i] - rows.apart[i] * rows.weighedDot[i];
  }

  @Override
  void map(ClassRun run, SoftmaxKernel kernel) {
    setSlopes(run, kernel);
    double upstream = run.rows.targetFactor[run.slot];
    double total = run.rows.shift[run.slot];
    for (int i = 0; i < run.count; i++) {
      run.term[i] = upstream * (run.slope[i] - run.probability[i] * total);
    }
    if (run.hasApart()) {
      run.term[run.apart] = upstream * run.rows.labelEntry[run.slot];
    }
  }
}
