package io.surprisal.bench.accuracy;

import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A batch on which errors are measured: some are easy and some are not.
 *
 * @param name what it is, in words
 * @param data logits and labels
 */
public record TestBatch(String name, LogitsBatch data) {
  private static final int CLASSES = 1000;
  private static final long SEED = 20260102;

  /** All of them, made one after the other as they are asked for. */
  public static Stream<TestBatch> all(int rows) {
    Shape shape = new Shape(rows, CLASSES);
    return Stream.concat(
        Stream.concat(
            List.of(0.1, 3.0, 30.0).stream()
                .map(spread -> new TestBatch(name(spread), gaussian(shape, spread, 0))),
            Stream.of(10_000)
                .map(
                    offset ->
                        new TestBatch("spread 3, all + " + offset, gaussian(shape, 3, offset)))),
        Stream.of(16, 20)
            .map(gap -> new TestBatch("label ahead by " + gap, confident(shape, gap))));
  }

  private static String name(double spread) {
    return "Gaussian, spread " + (spread == Math.rint(spread) ? "" + (int) spread : spread);
  }

  private static LogitsBatch gaussian(Shape shape, double spread, double offset) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] logits = new float[shape.elements()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (offset + spread * random.nextGaussian());
    }
    return LogitsBatch.of(shape, logits, labels(shape, random));
  }

  /** What a trained network is sure of: a loss near classes · exp(−gap). */
  private static LogitsBatch confident(Shape shape, double gap) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] logits = new float[shape.elements()];
    int[] labels = labels(shape, random);
    for (int row = 0; row < labels.length; row++) {
      for (int i = 0; i < shape.classes(); i++) {
        double base = i == labels[row] ? gap : 0;
        logits[row * shape.classes() + i] = (float) (base + 0.1 * random.nextGaussian());
      }
    }
    return LogitsBatch.of(shape, logits, labels);
  }

  private static int[] labels(Shape shape, SplittableRandom random) {
    return random.ints(shape.rows(), 0, shape.classes()).toArray();
  }
}
