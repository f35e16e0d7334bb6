package io.surprisal.contract;

/**
 * The oracle of cross-entropy with a target for every class, for one row: weighted and smoothed
 * targets t, z-loss λ.
 *
 * <pre>
 *   L   = Σ_c t_c·(−ℓ_c) + λ·lse²          t_c = w_c·((1−ε)·q_c + ε/C)
 *   g_c = (R − t_c)·p_c − t_c·(1 − p_c) + 2λ·lse·p_c,   R = Σ t
 * </pre>
 *
 * <p>Each result comes with a scale: the magnitude whose ulp its bound counts.
 */
public final class ExactTargets {
  private final ExactRow row;
  private final double[] targets;
  private final double zLoss;

  /** A row's loss; the targets are t. */
  public ExactTargets(ExactRow row, double[] targets, double zLoss) {
    this.row = row;
    this.targets = targets.clone();
    this.zLoss = zLoss;
  }

  /** A row's loss, t from targets q, smoothing ε and weights w, or null for 1. */
  public static ExactTargets of(
      ExactRow row, float[] q, double smoothing, float[] weights, double zLoss) {
    double[] targets = new double[q.length];
    for (int c = 0; c < q.length; c++) {
      double weight = weights == null ? 1 : weights[c];
      targets[c] = weight * ((1 - smoothing) * q[c] + smoothing / q.length);
    }
    return new ExactTargets(row, targets, zLoss);
  }

  /** R. */
  public double total() {
    double total = 0;
    for (double target : targets) {
      total += target;
    }
    return total;
  }

  /** L. */
  public DoubleDouble loss() {
    DoubleDouble loss = DoubleDouble.ZERO;
    for (int c = 0; c < targets.length; c++) {
      if (targets[c] != 0) {
        DoubleDouble term = row.surprisal(c);
        if (!Double.isFinite(term.high())) {
          return term;
        }
        loss = loss.plus(term.times(targets[c]));
      }
    }
    if (zLoss > 0) {
      loss = loss.plus(row.logSumExp().times(row.logSumExp()).times(zLoss));
    }
    return loss;
  }

  /** log-sum-exp is bounded within 1 ulp of this. */
  private double logSumExpScale() {
    return Math.max(1, Math.abs(row.logSumExp().value()));
  }

  /** The largest of the sums that are subtracted, or the loss where it is larger. */
  public double lossScale() {
    double sum = 0;
    for (int c = 0; c < targets.length; c++) {
      sum += targets[c] == 0 ? 0 : targets[c] * row.logit(c);
    }
    double scale = Math.max(Math.abs(sum), total() * logSumExpScale());
    scale = Math.max(scale, zLoss * logSumExpScale() * logSumExpScale());
    return Math.max(scale, Math.abs(loss().value()));
  }

  /** All entries g_c. */
  public double[] gradient() {
    double[] gradient = new double[targets.length];
    double total = total();
    double slope = zLoss > 0 ? 2 * zLoss * row.logSumExp().value() : 0;
    for (int c = 0; c < gradient.length; c++) {
      double p = row.probability(c);
      double others = total - targets[c];
      gradient[c] = others * p - targets[c] * row.complement(c) + slope * p;
    }
    return gradient;
  }

  /** The largest term of each entry's formula, or the entry where it is larger than each. */
  public double[] gradientScale() {
    double[] scale = gradient();
    double factor = Math.max(total(), 2 * zLoss * logSumExpScale());
    for (int c = 0; c < scale.length; c++) {
      double term = Math.max(factor * row.probability(c), Math.abs(targets[c]));
      scale[c] = Math.max(Math.abs(scale[c]), term);
    }
    return scale;
  }
}
