package io.surprisal.internal;

/**
 * Losses that are a function φ of the label's probability alone, times the weight w of its class.
 *
 * <pre>
 *   loss     = v·w_y·φ(p_y)
 *   gradient = s·w_y·κ(p_y)·(p_c − δ_cy),   κ = −p_y·φ'(p_y)
 * </pre>
 */
abstract class LikelihoodHead extends LabelHead {
  private final float[] classWeights;

  /**
   * A head.
   *
   * @param classWeights w, or null
   */
  LikelihoodHead(float[] classWeights) {
    this.classWeights = classWeights;
  }

  /**
   * φ.
   *
   * @param likelihood −log p, 0 to +∞
   * @param others 1 − p
   */
  abstract double loss(double likelihood, double others);

  /**
   * κ.
   *
   * @param likelihood −log p, 0 to +∞
   * @param label p
   * @param others 1 − p
   */
  abstract double slope(double likelihood, double label, double others);

  @Override
  final void setLoss(RowBlock rows, int i, double label, double others, double logSumExp) {
    double weight = classWeights == null ? 1 : classWeights[rows.label[i]];
    double likelihood = rows.likelihood[i];
    double factor = weight * slope(likelihood, label, others);
    double loss = Weights.times(weight, loss(likelihood, others));
    setCoefficients(rows, i, loss, factor, -factor * others);
  }
}
