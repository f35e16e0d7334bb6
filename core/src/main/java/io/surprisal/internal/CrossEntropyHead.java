package io.surprisal.internal;

import io.surprisal.spi.MapForm;

/**
 * Cross-entropy with label smoothing ε, class weights w and z-loss λ.
 *
 * <p>With labels, r of {@link LabelHead}, W = Σ w:
 *
 * <pre>
 *   loss     = v·[ (1−ε)·w_y·(−log p_y) + (ε/C)·(W·lse − Σ w_c·x_c) + λ·lse² ]
 *   gradient = s·[ P·p_c − (ε/C)·w_c ],  P = (1−ε)·w_y + (ε/C)·W + 2λ·lse,  and at the label
 *              s·[ (ε/C)·(W·p_y − w_y) + 2λ·lse·p_y − (1−ε)·w_y·(1 − p_y) ]
 * </pre>
 *
 * <p>With dense targets q, t = w·q, A = Σ t and y the class of the largest target, {@code
 * (1−ε)·w_y·(−log p_y)} becomes
 *
 * <pre>
 *   (1−ε)·[ A·(−log p_y) + (A·x_y − Σ t_c·x_c) ]
 * </pre>
 *
 * and P has A in place of w_y; a class's entry has {@code −(1−ε)·t_c} beside {@code −(ε/C)·w_c},
 * and that of y {@code (A − t_y)·p_y − t_y·(1 − p_y)}. Where y has all of the target, both brackets
 * are those of a label, to the bit. Sparse targets are the same with q mostly 0; a tail gives every
 * class a share τ, which adds τ·W to A, τ·Σ w·x to Σ t·x, and stands with ε/C in MAP.
 */
public final class CrossEntropyHead extends LabelHead {
  /** What a row is compared with. */
  public enum Target {
    /** A class. */
    LABEL(MapForm.SCALED, MapForm.SCALED_MINUS_CLASSES),
    /** A number for each class. */
    DENSE(MapForm.SCALED_MINUS_TARGETS, MapForm.SCALED_MINUS_TARGETS),
    /** Numbers for a few classes. */
    SPARSE(MapForm.SCALED, MapForm.SCALED_MINUS_CLASSES),
    /** Numbers for a few classes, and one for all others. */
    SPARSE_WITH_TAIL(MapForm.SCALED_MINUS_CLASSES, MapForm.SCALED_MINUS_CLASSES);

    private final MapForm form;
    private final MapForm smoothedForm;

    Target(MapForm form, MapForm smoothedForm) {
      this.form = form;
      this.smoothedForm = smoothedForm;
    }
  }

  /** Which classes the smoothing lies on. */
  public enum Smoothed {
    /** All. */
    ALL,
    /** Those whose logit is not −∞; their number takes the place of C, their weight that of W. */
    FINITE
  }

  private final Target target;
  private final boolean sparesMasked;
  private final double labelShare;
  private final double zLoss;
  private final float[] classWeights;
  private final double smoothing;
  private final boolean needsLogSumExp;

  /** Whether entries are differences that are taken after MAP's coefficients are rounded. */
  private final boolean subtracts;

  /** Σ w over all classes, for one number of classes: W = C without weights. */
  private final double weightSum;

  /**
   * A head.
   *
   * @param target what rows are compared with
   * @param smoothing ε, from 0 to 1
   * @param smoothed the classes that it lies on
   * @param zLoss λ, 0 or more
   * @param classWeights w, or null
   */
  public CrossEntropyHead(
      Target target, double smoothing, Smoothed smoothed, double zLoss, float[] classWeights) {
    this.target = target;
    this.sparesMasked = smoothing > 0 && smoothed == Smoothed.FINITE;
    this.smoothing = smoothing;
    this.labelShare = 1 - smoothing;
    this.zLoss = zLoss;
    this.classWeights = classWeights;
    this.needsLogSumExp = smoothing > 0 || zLoss > 0;
    this.weightSum = Weights.sum(classWeights);
    this.subtracts = target != Target.LABEL || smoothing > 0;
  }

  @Override
  public boolean needs(Sums sum) {
    return switch (sum) {
      case WEIGHTED_LOGITS -> smoothing > 0 || target == Target.SPARSE_WITH_TAIL;
      case FINITE_CLASSES -> sparesMasked;
      case TARGETS -> target == Target.DENSE;
      case EXP_DOTS, UPSTREAM -> false;
    };
  }

  @Override
  public float[] classWeights() {
    return classWeights;
  }

  @Override
  public MapForm form() {
    return smoothing > 0 ? target.smoothedForm : target.form;
  }

  @Override
  public boolean isLikelihood() {
    return !needsLogSumExp && (classWeights == null || target != Target.LABEL);
  }

  private double weightSum(RowBlock rows) {
    return classWeights == null ? rows.classes : weightSum;
  }

  /** Σ w of the classes that the smoothing lies on. */
  private double smoothedWeight(RowBlock rows, int i) {
    boolean some = sparesMasked && rows.finiteClasses[i] < rows.classes;
    return some ? rows.finiteWeight[i] : weightSum(rows);
  }

  /** Whether the smoothing leaves the class that stands apart out. */
  private boolean isSpared(RowBlock rows, int i) {
    return sparesMasked && rows.labelLogit[i] == Float.NEGATIVE_INFINITY;
  }

  @Override
  void prepare(RowBlock rows) {
    if (target == Target.LABEL) {
      return;
    }
    if (target == Target.SPARSE_WITH_TAIL) {
      addTails(rows, weightSum(rows));
    }
    setTargetWeights(rows);
  }

  @Override
  boolean setLosses(RowBlock rows) {
    if (target == Target.LABEL && isLikelihood()) {
      rows.setPlainLosses();
      return true;
    }
    return false;
  }

  @Override
  void setLoss(RowBlock rows, int i, double label, double others, double logSumExp) {
    double weight = classWeights == null ? 1 : classWeights[rows.label[i]];
    double share = labelShare * weight;
    double factor = share;
    double loss;
    double labelEntry;
    if (target == Target.LABEL) {
      loss = Weights.times(share, rows.likelihood[i]);
      labelEntry = -share * others;
    } else {
      double sum = rows.targetSum[i];
      double labelTarget = weight * rows.labelTarget[i];
      loss = crossEntropy(rows, i, labelShare, logSumExp);
      rows.likelihood[i] = crossEntropy(rows, i, 1, logSumExp);
      factor = labelShare * sum;
      labelEntry = -(labelShare * labelTarget) * others;
      if (sum != labelTarget) {
        labelEntry += labelShare * (sum - labelTarget) * label;
      }
    }
    double classShift = 0;
    double tailShift = 0;
    if (target == Target.SPARSE_WITH_TAIL) {
      tailShift = labelShare * rows.tailShare[i];
    }
    if (needsLogSumExp) {
      double zSlope = 2 * zLoss * logSumExp;
      double total = smoothedWeight(rows, i);
      classShift = smoothing / (sparesMasked ? rows.finiteClasses[i] : rows.classes);
      if (smoothing > 0) {
        loss += classShift * (total * logSumExp - rows.weightedSum[i]);
      }
      double own = isSpared(rows, i) ? 0 : weight;
      if (zLoss > 0) {
        loss += zLoss * logSumExp * logSumExp;
      }
      factor += classShift * total + zSlope;
      labelEntry += classShift * (total * label - own) + zSlope * label;
    }
    setCoefficients(rows, i, loss, factor, labelEntry);
    double upstream = rows.upstream[i] * rows.weight[i];
    rows.shift[i] = upstream * (classShift + tailShift);
    rows.targetFactor[i] = upstream * labelShare;
    if (subtracts) {
      rows.lowerLarge(i);
    }
  }
}
