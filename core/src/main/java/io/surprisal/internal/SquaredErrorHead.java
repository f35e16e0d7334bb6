package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.WeighForm;

/**
 * Squared error of softmax probabilities, class weights w, targets q (of a label: 1 at it, else 0).
 *
 * <pre>
 *   loss     = v·Σ w_c·(p_c − q_c)²
 *   gradient = 2s·p_c·[ w_c·(p_c − q_c) − R ],   R = Σ w_k·p_k·(p_k − q_k)
 * </pre>
 *
 * <p>With m the class of the largest logit, o = 1 − p_m from the sum of the others, {@code d = (1 −
 * q_m) − o}, and A and B the sums over the classes but m of w·(p − q)² and w·p·(p − q):
 *
 * <pre>
 *   loss = v·(w_m·d² + A)     R = w_m·p_m·d + B     at m: 2s·p_m·[ w_m·d·o − B ]
 * </pre>
 *
 * <p>p_m, the one probability that can be near 1, is nowhere subtracted from 1: the loss of a right
 * confident row and the vanishing gradient of a wrong one keep their digits. WEIGH knows nothing of
 * a label y that is not m: {@code A += w_y·(1 − 2p_y)}, {@code B −= w_y·p_y}.
 */
public final class SquaredErrorHead extends LabelHead {
  /** Below this logarithm p_y counts as 0: far below what any float holds. */
  private static final double LEAST_LOGARITHM = -700;

  private final boolean dense;
  private final float[] classWeights;

  /**
   * A head.
   *
   * @param dense whether rows have a target for every class, not a label
   * @param classWeights w, or null
   */
  public SquaredErrorHead(boolean dense, float[] classWeights) {
    this.dense = dense;
    this.classWeights = classWeights;
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
  public MapForm form() {
    return MapForm.SCALED_TIMES_ERROR;
  }

  @Override
  public WeighForm weighForm() {
    return WeighForm.SQUARED_ERROR;
  }

  @Override
  void prepare(RowBlock rows) {
    if (dense) {
      setTargetWeights(rows);
    }
  }

  @Override
  void setLoss(RowBlock rows, int i, double label, double others, double logSumExp) {
    rows.loss[i] = 0;
    rows.factor[i] = 1;
    rows.apart[i] = label;
    rows.others[i] = others;
    if (dense) {
      rows.likelihood[i] = crossEntropy(rows, i, 1, logSumExp);
    }
  }

  @Override
  public void applyWeighed(RowBlock rows) {
    for (int i = 0; i < rows.rows; i++) {
      if (Double.isNaN(rows.loss[i])) {
        continue;
      }
      if (rows.hasOther(i)) {
        addOtherLabel(rows, i);
      }
      if (Double.isFinite(rows.weighedSum[i])) {
        setLossAndCoefficients(rows, i);
      } else {
        rows.loss[i] = Double.NaN;
        rows.likelihood[i] = Double.NaN;
        rows.fill[i] = RowBlock.NANS;
      }
    }
  }

  /** What the label adds to the sums; leaves its probability in the place of its entry. */
  private void addOtherLabel(RowBlock rows, int i) {
    double weight = weight(rows.otherLabel[i]);
    double gap = (double) rows.otherLogit[i] - rows.labelLogit[i];
    double p = gap < LEAST_LOGARITHM ? 0 : Elementary.exp(gap) * rows.apart[i];
    rows.weighedSum[i] += weight * (1 - 2 * p);
    rows.weighedDot[i] -= weight * p;
    rows.likelihood[i] -= gap;
    rows.otherEntry[i] = p;
  }

  private void setLossAndCoefficients(RowBlock rows, int i) {
    double p = rows.apart[i];
    double weight = weight(rows.label[i]);
    double error = (1 - rows.labelTarget[i]) - rows.others[i];
    double slope = weight * p * error + rows.weighedDot[i];
    double upstream = 2 * rows.upstream[i] * rows.weight[i];
    rows.loss[i] = Weights.times(rows.weight[i], weight * error * error + rows.weighedSum[i]);
    rows.labelEntry[i] = upstream * p * (weight * error * rows.others[i] - rows.weighedDot[i]);
    rows.targetFactor[i] = upstream;
    rows.shift[i] = upstream * slope;
    if (rows.hasOther(i)) {
      double other = rows.otherEntry[i];
      double otherError = weight(rows.otherLabel[i]) * (other - 1);
      rows.otherEntry[i] = upstream * other * (otherError - slope);
    }
  }

  private double weight(int column) {
    return classWeights == null ? 1 : classWeights[column];
  }
}
