package io.surprisal.internal;

import io.surprisal.spi.MapForm;

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
  /** |c| up to which e^c neither overflows nor loses digits. */
  private static final double DIRECT_LIMIT = 600;

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
  public void apply(RowBlock rows) {
    for (int i = 0; i < rows.rows; i++) {
      double sum = rows.sum[i];
      float labelLogit = rows.labelLogit[i];
      boolean noClass = sum == 0 && labelLogit == Float.NEGATIVE_INFINITY;
      if (noClass || !Double.isFinite(sum) || !(labelLogit < Float.POSITIVE_INFINITY)) {
        rows.loss[i] = Double.NaN;
        rows.likelihood[i] = Double.NaN;
        rows.fill[i] = RowBlock.Fill.NAN;
      } else {
        rows.fill[i] = RowBlock.Fill.NONE;
        apply(rows, i);
      }
    }
  }

  private void apply(RowBlock rows, int i) {
    double sum = rows.sum[i];
    int exponent = rows.exponent[i];
    double labelLogit = rows.labelLogit[i];
    double c = (rows.origin[i] - labelLogit) + exponent * Summary.LN2;
    double others; // 1 − p_y
    double label; // p_y
    double inverse; // 1 / S, S with the label's term
    if (c > DIRECT_LIMIT) {
      // The label's term is nothing beside the others: p_y < 1e-200.
      rows.likelihood[i] = sum == 0 ? 0 : c + Elementary.log(sum);
      others = sum == 0 ? 0 : 1;
      label = sum == 0 ? 1 : 0;
      inverse = sum == 0 ? 0 : 1 / sum;
    } else {
      double scale = c < -DIRECT_LIMIT ? 0 : Elementary.exp(c);
      double ratio = sum * scale;
      rows.likelihood[i] = Elementary.log1p(ratio);
      others = ratio / (1 + ratio);
      label = 1 / (1 + ratio);
      inverse = scale / (1 + ratio);
    }
    double weight = classWeights == null ? 1 : classWeights[rows.label[i]];
    double loss = Weights.times(labelShare * weight, rows.likelihood[i]);
    double probabilityFactor = labelShare * weight;
    double labelEntry = -labelShare * weight * others;
    double classShift = 0;
    if (needsLogSumExp) {
      double logSumExp =
          c > DIRECT_LIMIT && sum != 0
              ? Summary.logSumExp(sum, exponent, rows.origin[i])
              : labelLogit + rows.likelihood[i];
      double total = classWeights == null ? rows.classes : weightSum;
      classShift = smoothing / rows.classes;
      double zSlope = 2 * zLoss * logSumExp;
      if (smoothing > 0) {
        loss += classShift * (total * logSumExp - rows.weightedSum[i]);
      }
      if (zLoss > 0) {
        loss += zLoss * logSumExp * logSumExp;
      }
      probabilityFactor += classShift * total + zSlope;
      labelEntry += classShift * (total * label - weight) + zSlope * label;
    }
    double upstream = rows.upstream[i] * rows.weight[i];
    rows.loss[i] = Weights.times(rows.weight[i], loss);
    rows.factor[i] = upstream * probabilityFactor * inverse;
    rows.shift[i] = upstream * classShift;
    rows.labelEntry[i] = upstream * labelEntry;
  }
}
