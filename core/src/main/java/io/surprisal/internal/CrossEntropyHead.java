package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import java.util.Arrays;

/**
 * Cross-entropy with class labels, label smoothing ε, class weights w and z-loss λ.
 *
 * <p>With S' the sum without the label's term, c the logarithm of its frame less the label's logit,
 * and {@code r = S'·e^c = (1 − p_y)/p_y}:
 *
 * <pre>
 *   −log p_y = log1p(r)      p_y = 1/(1 + r)      1 − p_y = r/(1 + r)
 *   loss     = v·[ (1−ε)·w_y·(−log p_y) + (ε/C)·(W·lse − Σ w_c·x_c) + λ·lse² ]
 *   gradient = s·[ P·p_c − (ε/C)·w_c ],  P = (1−ε)·w_y + (ε/C)·W + 2λ·lse,  and at the label
 *              s·[ (ε/C)·(W·p_y − w_y) + 2λ·lse·p_y − (1−ε)·w_y·(1 − p_y) ]
 * </pre>
 *
 * <p>Nothing is ever subtracted from 1, so that a confident row keeps its digits.
 */
public final class CrossEntropyHead implements Head {
  private final double labelShare;
  private final double zLoss;
  private final float[] classWeights;
  private final double smoothing;
  private final boolean needsLogSumExp;

  /** Σ w over all classes, for one number of classes: W = C without weights. */
  private final double weightSum;

  /**
   * A head.
   *
   * @param smoothing ε, from 0 to 1
   * @param zLoss λ, 0 or more
   * @param classWeights w, or null
   */
  public CrossEntropyHead(double smoothing, double zLoss, float[] classWeights) {
    this.smoothing = smoothing;
    this.labelShare = 1 - smoothing;
    this.zLoss = zLoss;
    this.classWeights = classWeights;
    this.needsLogSumExp = smoothing > 0 || zLoss > 0;
    double sum = 0;
    if (classWeights != null) {
      for (float weight : classWeights) {
        sum += weight;
      }
    }
    this.weightSum = sum;
  }

  @Override
  public Sums sums() {
    return smoothing > 0 ? Sums.WEIGHTED_LOGITS : Sums.NONE;
  }

  @Override
  public float[] classWeights() {
    return classWeights;
  }

  @Override
  public MapForm form() {
    return smoothing > 0 ? MapForm.SCALED_MINUS_CLASSES : MapForm.SCALED;
  }

  @Override
  public boolean isLikelihood() {
    return !needsLogSumExp && classWeights == null;
  }

  @Override
  public void apply(RowBlock rows, SoftmaxKernel kernel) {
    boolean near = rows.takeRatios(kernel);
    if (near && isLikelihood()) {
      applyPlain(rows);
      return;
    }
    for (int i = 0; i < rows.rows; i++) {
      applyRow(rows, i);
    }
  }

  /** What {@link #applyRow} does without options, as a loop without branches. */
  private static void applyPlain(RowBlock rows) {
    Arrays.fill(rows.fill, 0, rows.rows, RowBlock.MAPPED);
    for (int i = 0; i < rows.rows; i++) {
      double label = 1 / (1 + rows.ratio[i]);
      double upstream = rows.upstream[i] * rows.weight[i];
      rows.loss[i] = rows.weight[i] * rows.likelihood[i];
      rows.factor[i] = upstream * (rows.scale[i] * label);
      rows.labelEntry[i] = upstream * -(rows.ratio[i] * label);
    }
  }

  private void applyRow(RowBlock rows, int i) {
    double ratio = rows.ratio[i];
    if (!rows.isNear(i)) {
      applyFarRow(rows, i);
      return;
    }
    double label = 1 / (1 + ratio);
    double logSumExp = rows.labelLogit[i] + rows.likelihood[i];
    rows.fill[i] = RowBlock.MAPPED;
    setLoss(rows, i, label, ratio * label, logSumExp);
    rows.factor[i] *= rows.scale[i] * label;
  }

  /** A row that is not finite, or whose label is far from the others. */
  private void applyFarRow(RowBlock rows, int i) {
    double c = rows.labelGap[i];
    double sum = rows.sum[i];
    boolean noClass = sum == 0 && c == Double.POSITIVE_INFINITY;
    if (noClass || !Double.isFinite(sum) || !(c > Double.NEGATIVE_INFINITY)) {
      rows.loss[i] = Double.NaN;
      rows.likelihood[i] = Double.NaN;
      rows.fill[i] = RowBlock.NANS;
      return;
    }
    rows.fill[i] = Double.isFinite(rows.upstream[i]) ? RowBlock.MAPPED : RowBlock.NANS;
    if (Math.abs(c) <= RowBlock.NEAR) {
      rows.likelihood[i] = Elementary.log1p(rows.ratio[i]);
      setLoss(rows, i, 1, 0, rows.labelLogit[i] + rows.likelihood[i]);
    } else if (c < 0 || sum == 0) {
      // The others are nothing beside the label's term: 1 − p_y < 1e-200.
      rows.likelihood[i] = 0;
      setLoss(rows, i, 1, 0, rows.labelLogit[i]);
      rows.factor[i] = 0;
    } else {
      // The label's term is nothing beside the others.
      rows.likelihood[i] = c + Elementary.log(sum);
      double logSumExp = Summary.logSumExp(sum, rows.exponent[i], rows.origin[i]);
      setLoss(rows, i, 0, 1, logSumExp);
      rows.factor[i] /= sum;
    }
  }

  /**
   * Sets loss and coefficients; the factor is still to be divided by the sum.
   *
   * @param label p_y
   * @param others 1 − p_y
   */
  private void setLoss(RowBlock rows, int i, double label, double others, double logSumExp) {
    double weight = classWeights == null ? 1 : classWeights[rows.label[i]];
    double share = labelShare * weight;
    double loss = Weights.times(share, rows.likelihood[i]);
    double factor = share;
    double labelEntry = -share * others;
    double classShift = 0;
    if (needsLogSumExp) {
      double total = classWeights == null ? rows.classes : weightSum;
      double zSlope = 2 * zLoss * logSumExp;
      classShift = smoothing / rows.classes;
      if (smoothing > 0) {
        loss += classShift * (total * logSumExp - rows.weightedSum[i]);
      }
      if (zLoss > 0) {
        loss += zLoss * logSumExp * logSumExp;
      }
      factor += classShift * total + zSlope;
      labelEntry += classShift * (total * label - weight) + zSlope * label;
    }
    double upstream = rows.upstream[i] * rows.weight[i];
    rows.loss[i] = Weights.times(rows.weight[i], loss);
    rows.factor[i] = upstream * factor;
    rows.shift[i] = upstream * classShift;
    rows.labelEntry[i] = upstream * labelEntry;
  }
}
