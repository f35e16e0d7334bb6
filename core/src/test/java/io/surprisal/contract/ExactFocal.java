package io.surprisal.contract;

/**
 * The oracle of focal loss with dense targets t, weights and all, for one row.
 *
 * <pre>
 *   L   = Σ t_c·(1−p_c)^γ·s_c,  s = −log p
 *   g_c = (1−p_c)·h_c − p_c·Σ_{k≠c} h_k,  h_c = −t_c·[ (1−p_c)^γ + γ·(1−p_c)^(γ−1)·p_c·s_c ]
 * </pre>
 */
final class ExactFocal {
  private final ExactRow row;
  private final double[] targets;
  private final double[] slopes;
  private final double gamma;

  ExactFocal(ExactRow row, double[] targets, double gamma) {
    this.row = row;
    this.targets = targets.clone();
    this.gamma = gamma;
    slopes = new double[targets.length];
    for (int c = 0; c < slopes.length; c++) {
      slopes[c] = targets[c] == 0 ? 0 : -targets[c] * slope(c);
    }
  }

  private double slope(int c) {
    double p = row.probability(c);
    double others = row.complement(c);
    if (others == 0) {
      return gamma == 0 ? 1 : 0;
    }
    double power = Math.pow(others, gamma);
    return p == 0 ? power : power * (1 + gamma * p * row.surprisal(c).value() / others);
  }

  /** L, or what it is if nothing cancels. */
  double loss(boolean magnitudes) {
    double loss = 0;
    for (int c = 0; c < targets.length; c++) {
      double others = row.complement(c);
      if (targets[c] != 0 && others > 0) {
        double target = magnitudes ? Math.abs(targets[c]) : targets[c];
        loss += target * Math.pow(others, gamma) * row.surprisal(c).value();
      }
    }
    return loss;
  }

  /** All entries g_c. */
  double[] gradient() {
    double[] gradient = new double[targets.length];
    double all = 0;
    for (double slope : slopes) {
      all += slope;
    }
    int peak = peak();
    for (int c = 0; c < targets.length; c++) {
      double p = row.probability(c);
      double rest = c == peak ? othersThan(c) : all - slopes[c];
      gradient[c] = row.complement(c) * slopes[c] - p * rest;
    }
    return gradient;
  }

  /** The largest term of each entry. */
  double[] gradientScale() {
    double[] scale = new double[targets.length];
    double all = 0;
    for (double slope : slopes) {
      all += Math.abs(slope);
    }
    int peak = peak();
    for (int c = 0; c < targets.length; c++) {
      double p = row.probability(c);
      double own = Math.abs(slopes[c]);
      scale[c] =
          c == peak
              ? Math.max(row.complement(c) * own, p * Math.abs(othersThan(c)))
              : Math.max(own, p * all);
    }
    return scale;
  }

  /** The most that a probability is multiplied by. */
  double factor() {
    double all = 0;
    for (double slope : slopes) {
      all += Math.abs(slope);
    }
    return all * (1 + gamma);
  }

  private int peak() {
    int peak = 0;
    for (int c = 1; c < targets.length; c++) {
      peak = row.logit(c) > row.logit(peak) ? c : peak;
    }
    return peak;
  }

  private double othersThan(int c) {
    double sum = 0;
    for (int k = 0; k < slopes.length; k++) {
      sum += k == c ? 0 : slopes[k];
    }
    return sum;
  }
}
