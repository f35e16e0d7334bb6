package io.surprisal.bench.workload;

import io.surprisal.Matrix;
import java.util.SplittableRandom;

/**
 * Logits and a target for each element, and room for a gradient.
 *
 * @param shape rows and classes
 * @param logits {@code [rows × classes]}, never written
 * @param targets {@code [rows × classes]}, 0 or 1
 * @param gradient {@code [rows × classes]}
 */
public record ElementsBatch(Shape shape, Matrix logits, Matrix targets, Matrix gradient) {
  private static final long SEED = 20260102;

  /**
   * Gaussian logits of spread {@link LogitsBatch#SIGMA}, an eighth positive, the same ones each
   * time.
   */
  public static ElementsBatch gaussian(Shape shape) {
    SplittableRandom random = new SplittableRandom(SEED);
    Matrix logits = Matrix.zeros(shape.rows(), shape.classes());
    Matrix targets = Matrix.zeros(shape.rows(), shape.classes());
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] = (float) (LogitsBatch.SIGMA * random.nextGaussian());
      targets.data()[i] = random.nextInt(8) == 0 ? 1 : 0;
    }
    Matrix gradient = Matrix.zeros(shape.rows(), shape.classes());
    return new ElementsBatch(shape, logits, targets, gradient);
  }
}
