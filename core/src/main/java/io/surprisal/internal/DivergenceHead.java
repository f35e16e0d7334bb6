package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/**
 * Kullback–Leibler divergence of given log-probabilities r from targets, in double.
 *
 * <p>Target q: {@code q·(log q − r)}, slope −q; target t = log q: {@code e^t·(t − r)}, slope −e^t.
 * Where q is 0 both are 0, whatever r is.
 */
public final class DivergenceHead extends ElementHead {
  private static final double LARGEST_EXPONENT = 700;

  /** What the targets are. */
  public enum Targets {
    /** q. */
    PROBABILITIES,
    /** log q. */
    LOG_PROBABILITIES
  }

  private final Targets kind;

  /**
   * The head.
   *
   * @param kind of targets
   */
  public DivergenceHead(Targets kind) {
    this.kind = kind;
  }

  @Override
  void apply(ElementBlock block, SoftmaxKernel functions) {
    double[] probability = block.scratch0;
    double[] logarithm = block.scratch1;
    if (kind == Targets.PROBABILITIES) {
      takeLogarithms(block, functions);
    } else {
      takeExponentials(block, functions);
    }
    for (int i = 0; i < block.tile.count; i++) {
      double r = block.tile.inputs[block.tile.inputsFrom + i];
      double q = probability[i];
      block.loss[i] = q == 0 ? 0 : q * (logarithm[i] - r);
      block.slope[i] = 0 - q;
    }
  }

  /** log q = −log1p((1 − q)/q) below 1, log1p(q − 1) above; 0 where q is 0. */
  private static void takeLogarithms(ElementBlock block, SoftmaxKernel functions) {
    int count = block.tile.count;
    double[] probability = block.scratch0;
    double[] logarithm = block.scratch1;
    for (int i = 0; i < count; i++) {
      double q = block.targets[block.targetsFrom + i];
      probability[i] = q;
      logarithm[i] = q == 0 ? 0 : q < 1 ? (1 - q) / q : q - 1;
    }
    functions.log1p(logarithm, 0, count);
    for (int i = 0; i < count; i++) {
      logarithm[i] = probability[i] < 1 ? -logarithm[i] : logarithm[i];
    }
  }

  /** e^t, exactly 0 at −∞. */
  private static void takeExponentials(ElementBlock block, SoftmaxKernel functions) {
    int count = block.tile.count;
    double[] probability = block.scratch0;
    double[] logarithm = block.scratch1;
    for (int i = 0; i < count; i++) {
      double t = block.targets[block.targetsFrom + i];
      logarithm[i] = t;
      probability[i] = Math.clamp(t, -LARGEST_EXPONENT, LARGEST_EXPONENT);
    }
    functions.exp(probability, 0, count);
    for (int i = 0; i < count; i++) {
      boolean none = logarithm[i] == Double.NEGATIVE_INFINITY;
      probability[i] = none ? 0 : probability[i];
    }
  }
}
