package io.surprisal.internal;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.SoftmaxKernel;
import java.util.Arrays;

/**
 * Focal loss with targets for every class, or for a few and a tail; t = α·q, s = −log p:
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

  /** Most halves of γ for which a power is products and a root. */
  private static final int MOST_HALVES = 16;

  private final CrossEntropyHead.Target target;
  private final double gamma;

  /** 2γ where that is a small integer, else −1. */
  private final int halves;

  private final float[] classWeights;

  /** Σ α over all classes. */
  private final double weightSum;

  /**
   * A head.
   *
   * @param target what rows are compared with; no labels
   * @param gamma γ, 0 or more
   * @param classWeights the weight α of each class, or null
   */
  public DenseFocalHead(CrossEntropyHead.Target target, double gamma, float[] classWeights) {
    this.target = target;
    this.gamma = gamma;
    this.halves =
        2 * gamma == Math.rint(2 * gamma) && 2 * gamma <= MOST_HALVES ? (int) (2 * gamma) : -1;
    this.classWeights = classWeights;
    weightSum = Weights.sum(classWeights);
  }

  @Override
  ClassForm classForm() {
    boolean squared = gamma == 2 && target == CrossEntropyHead.Target.DENSE;
    return squared ? ClassForm.SQUARED_FOCAL : null;
  }

  @Override
  void endMap(SoftmaxPass pass, Workspace workspace) {
    MapStep.overwriteLabels(workspace.window, workspace.tile);
  }

  @Override
  public boolean needs(Sums sum) {
    return switch (sum) {
      case TARGETS -> target == CrossEntropyHead.Target.DENSE;
      case WEIGHTED_LOGITS -> target == CrossEntropyHead.Target.SPARSE_WITH_TAIL;
      case FINITE_CLASSES, EXP_DOTS, UPSTREAM -> false;
    };
  }

  @Override
  public float[] classWeights() {
    return classWeights;
  }

  @Override
  void prepare(RowBlock rows) {
    if (target == CrossEntropyHead.Target.SPARSE_WITH_TAIL) {
      addTails(rows, classWeights == null ? rows.classes : weightSum);
    }
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
      term[run.apart] = 0;
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
    setPowers(run, complement, kernel);
    for (int i = 0; i < run.count; i++) {
      double share = gamma * p[i] * (run.surprisal[i] / complement[i]);
      run.slope[i] = -run.target[i] * power[i] * (1 + share);
    }
  }

  private void setPowers(ClassRun run, double[] base, SoftmaxKernel kernel) {
    double[] power = run.spare;
    if (halves >= 0) {
      for (int i = 0; i < run.count; i++) {
        power[i] = Math.sqrt(base[i]);
      }
      if (halves % 2 == 0) {
        Arrays.fill(power, 0, run.count, 1);
      }
      for (int k = 0; k < halves / 2; k++) {
        for (int i = 0; i < run.count; i++) {
          power[i] *= base[i];
        }
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
    double target = rows.labelTarget[i];
    if (classWeights != null) {
      target *= classWeights[rows.label[i]];
    }
    double p = rows.apart[i];
    double others = rows.others[i];
    double power = target * power(p, others);
    double share = others == 0 ? 1 : p * (rows.apartSurprisal[i] / others);
    double peak = -power * (1 + gamma * share);
    double sum = ClassRun.limited(rows.weighedSum[i] + power * rows.apartSurprisal[i]);
    double upstream = rows.upstream[i] * rows.weight[i];
    double total = rows.weighedDot[i] + peak;
    rows.loss[i] = Double.isFinite(total) ? Weights.times(rows.weight[i], sum) : Double.NaN;
    rows.targetFactor[i] = upstream;
    rows.shift[i] = total;
    rows.labelEntry[i] = upstream * (peak * others - p * rows.weighedDot[i]);
  }

  /** (1 − p)^γ of one class. */
  private double power(double p, double others) {
    if (halves >= 0) {
      double power = halves % 2 == 0 ? 1 : Math.sqrt(others);
      for (int k = 0; k < halves / 2; k++) {
        power *= others;
      }
      return power;
    }
    double odds = others == 0 ? MOST_ODDS : Math.min(p / others, MOST_ODDS);
    return Elementary.exp(Math.max(-gamma * Elementary.log1p(odds), LEAST));
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
      run.term[run.apart] = run.rows.labelEntry[run.slot];
    }
  }
}
