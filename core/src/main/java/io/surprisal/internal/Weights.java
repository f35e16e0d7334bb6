package io.surprisal.internal;

/** How a weight meets a loss. */
final class Weights {
  private Weights() {}

  /** Σ w of all classes; 0 where every weight is 1. */
  static double sum(float[] classWeights) {
    double sum = 0;
    if (classWeights != null) {
      for (float weight : classWeights) {
        sum += weight;
      }
    }
    return sum;
  }

  /** weight · value, where a weight of 0 makes it 0 even if the value is infinite. */
  static double times(double weight, double value) {
    return weight == 0 && Double.isInfinite(value) ? 0 : weight * value;
  }
}
