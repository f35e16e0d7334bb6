package io.surprisal.contract;

/**
 * The oracle of cross-entropy with label smoothing ε, class weights w and z-loss λ, for one row.
 *
 * <pre>
 *   L   = (1−ε)·w_y·(−ℓ_y) + (ε/C)·Σ_c w_c·(−ℓ_c) + λ·lse²
 *   g_c = (1−ε)·w_y·(p_c − δ_cy) + (ε/C)·(W·p_c − w_c) + 2λ·lse·p_c
 * </pre>
 *
 * <p>Each result comes with a scale: the magnitude whose ulp its bound counts.
 */
public final class ExactCrossEntropy {
  /** Without options. */
  public static final ExactCrossEntropy PLAIN = new ExactCrossEntropy(0, 0, null);

  private final double smoothing;
  private final double zLoss;
  private final float[] classWeights;

  /** The loss with these options; the weights may be null. */
  public ExactCrossEntropy(double smoothing, double zLoss, float[] classWeights) {
    this.smoothing = smoothing;
    this.zLoss = zLoss;
    this.classWeights = classWeights == null ? null : classWeights.clone();
  }

  /** w_c. */
  public double weight(int column) {
    return classWeights == null ? 1 : classWeights[column];
  }

  private double totalWeight(ExactRow row) {
    double sum = 0;
    for (int c = 0; c < row.classes(); c++) {
      sum += weight(c);
    }
    return sum;
  }

  /** L. */
  public DoubleDouble loss(ExactRow row, int label) {
    DoubleDouble loss = weighted((1 - smoothing) * weight(label), row.surprisal(label));
    if (smoothing > 0) {
      DoubleDouble sum = DoubleDouble.ZERO;
      for (int c = 0; c < row.classes() && Double.isFinite(sum.high()); c++) {
        sum = added(sum, weighted(weight(c), row.surprisal(c)));
      }
      loss = added(loss, weighted(smoothing / row.classes(), sum));
    }
    if (zLoss > 0 && row.isRegular()) {
      DoubleDouble logSumExp = row.logSumExp();
      loss = added(loss, logSumExp.times(logSumExp).times(zLoss));
    }
    return loss;
  }

  /** Infinities have no low part to add. */
  private static DoubleDouble added(DoubleDouble one, DoubleDouble other) {
    double sum = one.high() + other.high();
    return Double.isFinite(sum) ? one.plus(other) : DoubleDouble.of(sum);
  }

  /** weight · value, where a weight of 0 makes it 0 even if the value is infinite. */
  private static DoubleDouble weighted(double weight, DoubleDouble value) {
    if (Double.isInfinite(value.high())) {
      return DoubleDouble.of(weight == 0 ? 0 : value.high());
    }
    return value.times(weight);
  }

  /** The loss itself where nothing is subtracted, else the largest of the sums that are. */
  public double lossScale(ExactRow row, int label) {
    double scale = Math.abs(loss(row, label).value());
    if (smoothing > 0 && Double.isFinite(scale)) {
      double share = smoothing / row.classes();
      double sum = 0;
      for (int c = 0; c < row.classes(); c++) {
        sum += weight(c) == 0 ? 0 : weight(c) * row.logit(c);
      }
      scale = Math.max(scale, share * totalWeight(row) * logSumExpScale(row));
      scale = Math.max(scale, share * Math.abs(sum));
    }
    if (zLoss > 0 && Double.isFinite(scale)) {
      scale = Math.max(scale, zLoss * logSumExpScale(row) * logSumExpScale(row));
    }
    return scale;
  }

  /** log-sum-exp is bounded within 1 ulp of this. */
  private static double logSumExpScale(ExactRow row) {
    return Math.max(1, Math.abs(row.logSumExp().value()));
  }

  /** All entries g_c. */
  public double[] gradient(ExactRow row, int label) {
    double[] gradient = new double[row.classes()];
    double share = smoothing / row.classes();
    double labelFactor = (1 - smoothing) * weight(label);
    double sumFactor = share * totalWeight(row) + zSlope(row, row.logSumExp().value());
    for (int c = 0; c < gradient.length; c++) {
      double p = row.probability(c);
      double labelTerm = labelFactor * (c == label ? -row.complement(c) : p);
      gradient[c] = labelTerm + (sumFactor * p - share * weight(c));
    }
    return gradient;
  }

  /** The largest term of each entry's formula, or the entry where it is larger than each. */
  public double[] gradientScale(ExactRow row, int label) {
    double[] scale = gradient(row, label);
    double share = smoothing / row.classes();
    double labelFactor = (1 - smoothing) * weight(label);
    double total = share * totalWeight(row);
    double slope = zSlope(row, logSumExpScale(row));
    for (int c = 0; c < scale.length; c++) {
      double p = row.probability(c);
      double labelTerm = labelFactor * (c == label ? row.complement(c) : p);
      double term = Math.max(labelTerm, Math.max(total, slope) * p);
      scale[c] = Math.max(Math.abs(scale[c]), Math.max(term, share * weight(c)));
    }
    return scale;
  }

  private double zSlope(ExactRow row, double logSumExp) {
    return zLoss > 0 && row.isRegular() ? 2 * zLoss * logSumExp : 0;
  }
}
