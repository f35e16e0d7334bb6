package io.surprisal.internal;

/**
 * Focal loss: {@code φ = (1−p)^γ·(−log p)}.
 *
 * <p>{@code κ = (1−p)^γ + γ·(1−p)^(γ−1)·p·(−log p) = (1−p)^γ·(1 + γ·p·(−log p)/(1−p))}, where
 * {@code (−log p)/(1−p)} tends to 1: nothing is infinite at p = 1, for γ below 1 either.
 */
public final class FocalHead extends LikelihoodHead {
  private final double gamma;

  /**
   * A head.
   *
   * @param gamma γ, 0 or more
   * @param classWeights the weight α of each class, or null
   */
  public FocalHead(double gamma, float[] classWeights) {
    super(classWeights);
    this.gamma = gamma;
  }

  @Override
  double loss(double likelihood, double others) {
    return Elementary.power(others, gamma) * likelihood;
  }

  @Override
  double slope(double likelihood, double label, double others) {
    double ratio = others == 0 ? 1 : likelihood / others;
    return Elementary.power(others, gamma) * (1 + gamma * Weights.times(label, ratio));
  }
}
