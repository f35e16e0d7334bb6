package io.surprisal.kernels.vector;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementTile;
import java.util.Arrays;
import java.util.Locale;

/**
 * Errors of softplus(−x) and σ(−x), the loss and the negated gradient of a positive element, over
 * floats from 0 to a limit and from −0 to its negative.
 *
 * <p>The reference is StrictMath, within 1 ulp of double: errors in ulp of float are known to 1e-8.
 */
final class LogisticErrors {
  /** Beyond it e^−|x| counts as 0. */
  static final int LAST_BITS = Float.floatToIntBits(86.9f);

  private final VectorElementKernel kernel = new VectorElementKernel();
  private final ElementTile tile = new ElementTile();
  private final float[] losses = new float[ElementTile.BLOCK];
  private final float[] gradient = new float[ElementTile.BLOCK];

  private double softplusMaximum;
  private double softplusSquares;
  private double sigmoidMaximum;
  private double sigmoidSquares;
  private float worst;
  private long count;

  LogisticErrors() {
    tile.count = ElementTile.BLOCK;
    tile.inputs = new float[ElementTile.BLOCK];
    tile.positive = new float[ElementTile.BLOCK];
    Arrays.fill(tile.positive, 1);
    tile.losses = losses;
    tile.gradient = gradient;
    tile.scale = -1;
  }

  /** Tries every so-many-th float from some bits on, as many as a run has, of both signs. */
  void run(int firstBits, int stride) {
    for (int sign = -1; sign <= 1; sign += 2) {
      for (int i = 0; i < tile.count; i++) {
        int bits = Math.min(firstBits + i * stride, LAST_BITS);
        tile.inputs[i] = sign * Float.intBitsToFloat(bits);
      }
      kernel.exponentials(tile);
      kernel.losses(tile, ElementForm.BINARY);
      kernel.gradient(tile, ElementForm.BINARY);
      for (int i = 0; i < tile.count; i++) {
        add(i);
      }
    }
  }

  private void add(int i) {
    double x = tile.inputs[i];
    double e = StrictMath.exp(-Math.abs(x));
    double softplus = Math.max(-x, 0) + StrictMath.log1p(e);
    double sigmoid = x > 0 ? e / (1 + e) : 1 / (1 + e);
    double softplusError = Math.abs(losses[i] - softplus) / Math.ulp((float) softplus);
    double sigmoidError = Math.abs(gradient[i] - sigmoid) / Math.ulp((float) sigmoid);
    if (softplusError > softplusMaximum) {
      worst = tile.inputs[i];
    }
    softplusMaximum = Math.max(softplusMaximum, softplusError);
    sigmoidMaximum = Math.max(sigmoidMaximum, sigmoidError);
    softplusSquares += softplusError * softplusError;
    sigmoidSquares += sigmoidError * sigmoidError;
    count++;
  }

  double softplusMaximum() {
    return softplusMaximum;
  }

  double softplusMeanSquare() {
    return Math.sqrt(softplusSquares / count);
  }

  double sigmoidMaximum() {
    return sigmoidMaximum;
  }

  double sigmoidMeanSquare() {
    return Math.sqrt(sigmoidSquares / count);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d floats: softplus %.4f ulp (at %s), rms %.4f; sigmoid %.4f, rms %.4f",
        count,
        softplusMaximum,
        worst,
        softplusMeanSquare(),
        sigmoidMaximum,
        sigmoidMeanSquare());
  }
}
