package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/**
 * What heads have in common that look at one class of a row apart: its label, or the class of its
 * largest target, y.
 *
 * <p>With S' the sum without that class's term, c the logarithm of its frame less the class's
 * logit, and {@code r = S'·e^c = (1 − p_y)/p_y}:
 *
 * <pre>
 *   −log p_y = log1p(r)      p_y = 1/(1 + r)      1 − p_y = r/(1 + r)
 * </pre>
 *
 * <p>Nothing is ever subtracted from 1, so that a confident row keeps its digits.
 */
abstract class LabelHead implements Head {
  /**
   * Sets a row's loss, {@code factor}, {@code labelEntry} and what else of its coefficients MAP
   * needs; {@code likelihood} is set. The factor is still to be divided by the sum.
   *
   * @param label p_y
   * @param others 1 − p_y
   */
  abstract void setLoss(RowBlock rows, int i, double label, double others, double logSumExp);

  /**
   * Does what {@link #setLoss} does for all rows at once, which are near, if the head can.
   *
   * @return whether it has
   */
  boolean setLosses(RowBlock rows) {
    return false;
  }

  /** What is known of the rows before their probabilities, and holds for rows without any. */
  void prepare(RowBlock rows) {}

  /** Sets them from those of a row of weight and upstream gradient 1. */
  static void setCoefficients(RowBlock rows, int i, double loss, double factor, double labelEntry) {
    double upstream = rows.upstream[i] * rows.weight[i];
    rows.loss[i] = Weights.times(rows.weight[i], loss);
    rows.factor[i] = upstream * factor;
    rows.labelEntry[i] = upstream * labelEntry;
  }

  /**
   * Share times {@code −Σ t_c·log p_c} of the weighted targets t; a row whose targets are not
   * finite is NaN.
   */
  static double crossEntropy(RowBlock rows, int i, double share, double logSumExp) {
    double sum = rows.targetSum[i];
    if (!Double.isFinite(sum)) {
      rows.fill[i] = RowBlock.NANS;
      return Double.NaN;
    }
    if (share == 0) {
      return 0;
    }
    float labelLogit = rows.labelLogit[i];
    if (labelLogit == Float.NEGATIVE_INFINITY) {
      return share * (sum * logSumExp - rows.targetDot[i]);
    }
    return share * sum * rows.likelihood[i] + share * (sum * labelLogit - rows.targetDot[i]);
  }

  /**
   * Adds the tails of sparse targets to Σ w·q and Σ w·q·x of the rows, which are of the listed
   * classes.
   *
   * @param weightSum Σ w over all classes
   */
  static void addTails(RowBlock rows, double weightSum) {
    for (int i = 0; i < rows.rows; i++) {
      double share = rows.tailShare[i];
      if (share > 0) {
        rows.targetSum[i] += share * weightSum;
        rows.targetDot[i] += share * rows.tailSum[i];
      }
    }
  }

  /** The weight of each row whose targets are not a label. */
  static void setTargetWeights(RowBlock rows) {
    for (int i = 0; i < rows.rows; i++) {
      rows.rowWeight[i] = rows.weight[i] * rows.targetSum[i];
    }
  }

  @Override
  public final void apply(RowBlock rows, SoftmaxKernel kernel) {
    prepare(rows);
    boolean near = rows.takeRatios(kernel);
    if (!near || !setLosses(rows)) {
      for (int i = 0; i < rows.rows; i++) {
        applyRow(rows, i);
      }
    }
  }

  private void applyRow(RowBlock rows, int i) {
    if (!rows.isNear(i)) {
      applyFarRow(rows, i);
      return;
    }
    rows.fill[i] = rows.hasGradient(i) ? RowBlock.MAPPED : RowBlock.NANS;
    setLoss(rows, i, rows.labelShare(i), rows.othersShare(i), rows.labelledLogSumExp(i));
    rows.multiplyFactor(i);
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
    rows.fill[i] = rows.hasGradient(i) ? RowBlock.MAPPED : RowBlock.NANS;
    if (c < 0 || sum == 0) {
      // The others are nothing beside the label's term: 1 − p_y < 1e-200.
      rows.likelihood[i] = 0;
      setLoss(rows, i, 1, 0, rows.labelledLogSumExp(i));
      rows.clearFactor(i);
    } else {
      // The label's term is nothing beside the others.
      rows.likelihood[i] = rows.distantLikelihood(i);
      setLoss(rows, i, 0, 1, rows.logSumExp(i));
      rows.divideFactor(i);
    }
  }
}
