package io.surprisal.internal;

import io.surprisal.spi.ElementTile;
import io.surprisal.spi.SoftmaxKernel;

/**
 * Focal loss of the sigmoid, {@code α_t·(1 − p_t)^γ·BCE}, in double.
 *
 * <p>With a = 1 − y, b = y, {@code e = exp(−|x|)}, {@code l = log1p(e)}, own share m = x > 0 ? a :
 * b and other share k: {@code BCE = |x|·m + l}, {@code 1 − p_t = n/(1 + e)} with {@code n = m +
 * k·e}, {@code (1 − p_t)^γ = exp(γ·(log n − l))}. Nothing is subtracted from 1. Gradient {@code
 * α_t·(1 − p_t)^γ·[ (p − y) − γ·(2y − 1)·BCE·e/((1 + e)·n) ]}.
 */
public final class SigmoidFocalHead extends ElementHead {
  /** Smallest exponent of the exponentials here: a float is 0 long before. */
  private static final double LEAST_EXPONENT = -700;

  private final double gamma;

  /** α of positives and of negatives. */
  private final double positiveShare;

  private final double negativeShare;

  /**
   * The head.
   *
   * @param gamma γ, 0 or more
   * @param positiveShare what multiplies the loss of positives
   * @param negativeShare what multiplies the loss of negatives
   */
  public SigmoidFocalHead(double gamma, double positiveShare, double negativeShare) {
    this.gamma = gamma;
    this.positiveShare = positiveShare;
    this.negativeShare = negativeShare;
  }

  @Override
  void apply(ElementBlock block, SoftmaxKernel functions) {
    int count = block.tile.count;
    double[] e = block.scratch0;
    double[] tail = block.scratch1;
    double[] power = block.slope;
    for (int i = 0; i < count; i++) {
      double x = block.tile.inputs[block.tile.inputsFrom + i];
      e[i] = Math.max(-Math.abs(x), LEAST_EXPONENT);
    }
    functions.exp(e, 0, count);
    System.arraycopy(e, 0, tail, 0, count);
    functions.log1p(tail, 0, count);
    for (int i = 0; i < count; i++) {
      double n = ownShare(block, i) + otherShare(block, i) * e[i];
      power[i] = (1 - n) / n;
    }
    functions.log1p(power, 0, count);
    for (int i = 0; i < count; i++) {
      power[i] = Math.max(exponent(block, i, power[i], tail[i]), LEAST_EXPONENT);
    }
    functions.exp(power, 0, count);
    for (int i = 0; i < count; i++) {
      finish(block, i);
    }
  }

  /** γ·log(1 − p_t), from −log n and l. */
  private double exponent(ElementBlock block, int i, double minusLog, double tail) {
    double magnitude = Math.abs((double) block.tile.inputs[block.tile.inputsFrom + i]);
    // Where the target is wholly of this side, n is e itself, and its logarithm known.
    double log = ownShare(block, i) == 0 ? -magnitude : -minusLog;
    return gamma == 0 ? 0 : gamma * (log - tail);
  }

  private void finish(ElementBlock block, int i) {
    ElementTile tile = block.tile;
    double x = tile.inputs[tile.inputsFrom + i];
    double y = block.targets[block.targetsFrom + i];
    double e = block.scratch0[i];
    double own = ownShare(block, i);
    double n = own + otherShare(block, i) * e;
    double binary = (own == 0 ? 0 : own * Math.abs(x)) + block.scratch1[i];
    double factor = (positiveShare * y + negativeShare * (1 - y)) * block.slope[i];
    double s = e / (1 + e);
    double difference = x > 0 ? own - s : s - own;
    // |x|·e vanishes at infinity, where it would be NaN.
    double turn = Double.isInfinite(x) ? 0 : binary * (e / ((1 + e) * n));
    boolean undefined = Double.isNaN(x);
    block.loss[i] = undefined ? Double.NaN : times(factor, binary);
    block.slope[i] = undefined ? Double.NaN : factor * (difference - gamma * (2 * y - 1) * turn);
  }

  private static double times(double factor, double loss) {
    return factor == 0 ? 0 : factor * loss;
  }

  /** The target's share of the class that the logit speaks against. */
  private static double ownShare(ElementBlock block, int i) {
    double target = block.targets[block.targetsFrom + i];
    return block.tile.inputs[block.tile.inputsFrom + i] > 0 ? 1 - target : target;
  }

  private static double otherShare(ElementBlock block, int i) {
    return 1 - ownShare(block, i);
  }
}
