package io.surprisal.internal;

/**
 * Poly-1 cross-entropy: {@code φ = −log p + ε·(1−p)}, {@code κ = 1 + ε·p}, written without
 * cancellation at ε = −1.
 */
public final class PolyHead extends LikelihoodHead {
  private final double epsilon;

  /**
   * A head.
   *
   * @param epsilon ε, −1 or more
   * @param classWeights w, or null
   */
  public PolyHead(double epsilon, float[] classWeights) {
    super(classWeights);
    this.epsilon = epsilon;
  }

  @Override
  double loss(double likelihood, double others) {
    return likelihood + epsilon * others;
  }

  @Override
  double slope(double likelihood, double label, double others) {
    return others + (1 + epsilon) * label;
  }
}
