package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/**
 * Binary cross-entropy of given probabilities, each logarithm cut off at −100, in double.
 *
 * <p>{@code −log p = log1p((1 − p)/p)} and {@code −log(1 − p) = log1p(p/(1 − p))}: 1 − p is exact
 * or rounded far below any float.
 */
public final class ProbabilityHead extends ElementHead {
  /** Least value of a logarithm, as in PyTorch. */
  private static final double LARGEST = 100;

  /** Which derivative is given. */
  public enum Slope {
    /** That of the loss, cut-off and all. */
    OF_THE_LOSS,
    /** {@code (p − y)/max(p·(1 − p), 1e-12)}. */
    PYTORCH
  }

  private static final double PYTORCH_LEAST = 1e-12;

  private final Slope kind;

  /**
   * The head.
   *
   * @param kind of derivative
   */
  public ProbabilityHead(Slope kind) {
    this.kind = kind;
  }

  @Override
  void apply(ElementBlock block, SoftmaxKernel functions) {
    int count = block.tile.count;
    double[] surprisal = block.scratch0;
    double[] other = block.scratch1;
    for (int i = 0; i < count; i++) {
      double p = block.tile.inputs[block.tile.inputsFrom + i];
      surprisal[i] = p == 0 ? 0 : (1 - p) / p;
      other[i] = p == 1 ? 0 : p / (1 - p);
    }
    functions.log1p(surprisal, 0, count);
    functions.log1p(other, 0, count);
    for (int i = 0; i < count; i++) {
      double p = block.tile.inputs[block.tile.inputsFrom + i];
      double y = block.targets[block.targetsFrom + i];
      double ofPositive = p == 0 ? LARGEST : Math.min(surprisal[i], LARGEST);
      double ofNegative = p == 1 ? LARGEST : other[i];
      block.loss[i] = y * ofPositive + (1 - y) * ofNegative;
      block.slope[i] = kind == Slope.PYTORCH ? pytorch(p, y) : slope(p, y, ofPositive);
    }
  }

  private static double slope(double p, double y, double ofPositive) {
    double positive = ofPositive == LARGEST ? 0 : y / p;
    double negative = p == 1 ? 0 : (1 - y) / (1 - p);
    return negative - positive;
  }

  private static double pytorch(double p, double y) {
    return (p - y) / Math.max(p * (1 - p), PYTORCH_LEAST);
  }
}
