package io.surprisal.bench.workload;

import io.surprisal.Labels;
import io.surprisal.Matrix;
import java.util.SplittableRandom;

/**
 * Logits and labels to compute with, and a second matrix of the same size.
 *
 * @param shape rows and classes
 * @param logits {@code [rows × classes]}, never written
 * @param scratch {@code [rows × classes]}, at first a copy of the logits: gradients go there
 * @param labels {@code [rows]}
 */
public record LogitsBatch(Shape shape, Matrix logits, Matrix scratch, Labels labels) {
  /** Spread of the logits: what an untidy network in training shows. */
  public static final double SIGMA = 3;

  private static final long SEED = 20260101;

  /** A batch of given logits. */
  public static LogitsBatch of(Shape shape, float[] logits, int[] labels) {
    return new LogitsBatch(
        shape,
        Matrix.of(logits, shape.rows(), shape.classes()),
        Matrix.of(logits.clone(), shape.rows(), shape.classes()),
        Labels.of(labels));
  }

  /** Gaussian logits of spread {@link #SIGMA} and uniform labels, the same ones each time. */
  public static LogitsBatch gaussian(Shape shape) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] logits = new float[shape.elements()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (SIGMA * random.nextGaussian());
    }
    int[] labels = random.ints(shape.rows(), 0, shape.classes()).toArray();
    return of(shape, logits, labels);
  }
}
