package io.surprisal.contract;

/**
 * The oracle of the entropy of one row's probabilities; s = −log p:
 *
 * <pre>
 *   H   = Σ p_c·s_c
 *   g_c = p_c·(s_c − H)
 * </pre>
 *
 * <p>Each result comes with a scale: the magnitude whose ulp its bound counts.
 */
final class ExactEntropy {
  private final ExactRow row;
  private final double entropy;

  ExactEntropy(ExactRow row) {
    this.row = row;
    DoubleDouble sum = DoubleDouble.ZERO;
    for (int c = 0; c < row.classes(); c++) {
      sum = sum.plus(DoubleDouble.of(term(c)));
    }
    entropy = sum.value();
  }

  private double term(int column) {
    double p = row.probability(column);
    return p == 0 ? 0 : p * row.surprisal(column).value();
  }

  /** H. */
  double entropy() {
    return entropy;
  }

  /** All entries g_c. */
  double[] gradient() {
    double[] gradient = new double[row.classes()];
    for (int c = 0; c < gradient.length; c++) {
      double p = row.probability(c);
      gradient[c] = p == 0 ? 0 : p * (row.surprisal(c).value() - entropy);
    }
    return gradient;
  }

  /** The larger term of each entry's formula. */
  double[] gradientScale() {
    double[] scale = new double[row.classes()];
    for (int c = 0; c < scale.length; c++) {
      double p = row.probability(c);
      scale[c] = p == 0 ? 0 : p * Math.max(row.surprisal(c).value(), entropy);
    }
    return scale;
  }
}
