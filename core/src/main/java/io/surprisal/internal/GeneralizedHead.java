package io.surprisal.internal;

/** Generalised cross-entropy: {@code φ = (1 − p^k)/k}, {@code κ = p^k}. */
public final class GeneralizedHead extends LikelihoodHead {
  private final double exponent;

  /**
   * A head.
   *
   * @param exponent k, above 0, at most 1
   * @param classWeights w, or null
   */
  public GeneralizedHead(double exponent, float[] classWeights) {
    super(classWeights);
    this.exponent = exponent;
  }

  @Override
  double loss(double likelihood, double others) {
    return Elementary.oneMinusExp(exponent * likelihood) / exponent;
  }

  @Override
  double slope(double likelihood, double label, double others) {
    // Of −log p and not of p, which may have underflowed where p^k has not.
    return Elementary.expOfMinus(exponent * likelihood);
  }
}
