package io.surprisal.contract;

/**
 * The oracle of the squared error of softmax probabilities, for one row with targets q and weights
 * w.
 *
 * <pre>
 *   L   = Σ w_c·(p_c − q_c)²
 *   g_c = 2p_c·[ w_c·(p_c − q_c) − Σ_k w_k·p_k·(p_k − q_k) ]
 * </pre>
 *
 * <p>Where p_c is over ½ its own term of the sum is taken from the first: {@code w·(p − q)·(1 −
 * p)}, and {@code p − q = (1 − q) − (1 − p)}.
 */
final class ExactSquaredError {
  private final ExactRow row;
  private final double[] targets;
  private final double[] weights;

  /** A row's loss. */
  ExactSquaredError(ExactRow row, double[] targets, double[] weights) {
    this.row = row;
    this.targets = targets.clone();
    this.weights = weights.clone();
  }

  private boolean isNearOne(int c) {
    return row.probability(c) > 0.5;
  }

  private double error(int c) {
    return isNearOne(c) ? (1 - targets[c]) - row.complement(c) : row.probability(c) - targets[c];
  }

  /** The larger of the two numbers whose difference is p − q. */
  private double magnitude(int c) {
    return isNearOne(c)
        ? Math.max(Math.abs(1 - targets[c]), row.complement(c))
        : Math.max(row.probability(c), Math.abs(targets[c]));
  }

  /** L. */
  double loss() {
    double loss = 0;
    for (int c = 0; c < targets.length; c++) {
      loss += weights[c] * error(c) * error(c);
    }
    return loss;
  }

  /** L if none of its differences cancelled. */
  double lossScale() {
    double scale = 0;
    for (int c = 0; c < targets.length; c++) {
      scale += weights[c] * magnitude(c) * magnitude(c);
    }
    return scale;
  }

  /** All entries g_c. */
  double[] gradient() {
    double[] gradient = new double[targets.length];
    double slope = 0;
    for (int k = 0; k < targets.length; k++) {
      slope += weights[k] * row.probability(k) * error(k);
    }
    for (int c = 0; c < targets.length; c++) {
      double p = row.probability(c);
      gradient[c] =
          isNearOne(c)
              ? 2 * p * (weights[c] * error(c) * row.complement(c) - others(c))
              : 2 * p * (weights[c] * error(c) - slope);
    }
    return gradient;
  }

  private double others(int c) {
    double sum = 0;
    for (int k = 0; k < targets.length; k++) {
      sum += k == c ? 0 : weights[k] * row.probability(k) * error(k);
    }
    return sum;
  }

  /** The entries if none of their differences cancelled. */
  double[] gradientScale() {
    double[] scale = new double[targets.length];
    double all = 0;
    for (int k = 0; k < targets.length; k++) {
      all += weights[k] * row.probability(k) * magnitude(k);
    }
    for (int c = 0; c < targets.length; c++) {
      double p = row.probability(c);
      double own = weights[c] * magnitude(c);
      double sum = isNearOne(c) ? own * row.complement(c) + othersScale(c) : own + all;
      scale[c] = 2 * p * sum;
    }
    return scale;
  }

  /** The most that a probability is multiplied by. */
  double factor() {
    double most = 0;
    double all = 0;
    for (int k = 0; k < targets.length; k++) {
      most = Math.max(most, weights[k] * magnitude(k));
      all += weights[k] * row.probability(k) * magnitude(k);
    }
    return 2 * (most + all);
  }

  private double othersScale(int c) {
    double sum = 0;
    for (int k = 0; k < targets.length; k++) {
      sum += k == c ? 0 : weights[k] * row.probability(k) * magnitude(k);
    }
    return sum;
  }
}
