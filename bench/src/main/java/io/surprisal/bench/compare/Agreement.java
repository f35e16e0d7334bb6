package io.surprisal.bench.compare;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.train.BigramCounts;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The largest difference between a kernel's results and the scalar kernel's on the same batch.
 *
 * <p>Unit: ulps of the scalar result as a float, of log-sum-exp those of max(1, |result|). Two
 * floors keep differences that mean nothing from counting: what is below 2^−126 is 0 by the
 * library's documentation, so that much counts as one ulp at most. Results that are both NaN, or
 * equal, differ by 0; one that is NaN alone by infinity.
 */
final class Agreement {
  /** A kernel may be 4 ulp from the exact value, and the scalar one rounds it once. */
  static final double LIMIT = 5;

  /** Its ulp is 2^−126. */
  private static final float SMALLEST_SCALE = 0x1p-103f;

  private static final int TEXT_ROWS = 16_384;

  private final Execution reference;
  private final Execution other;

  Agreement(Kernel reference, Kernel other) {
    this.reference = Execution.parallel().with(reference);
    this.other = Execution.parallel().with(other);
  }

  /** The largest differences of some operations' results. */
  Map<Operation, Double> differences(LogitsBatch data, List<Operation> operations) {
    Map<Operation, Double> differences = new EnumMap<>(Operation.class);
    for (Operation operation : operations) {
      differences.put(operation, difference(data, operation));
    }
    return differences;
  }

  private double difference(LogitsBatch data, Operation operation) {
    Calls expected = new Calls(data, reference);
    run(data, expected, operation);
    float[] gradient = data.scratch().data().clone();
    Calls actual = new Calls(data, other);
    run(data, actual, operation);
    float floor = operation == Operation.LOG_SUM_EXP ? 1 : SMALLEST_SCALE;
    return Math.max(
        ulps(expected.rowResults(), actual.rowResults(), floor),
        ulps(gradient, data.scratch().data(), SMALLEST_SCALE));
  }

  /**
   * With the scratch matrix as it was: a gradient in its place is then that of the logits. Where
   * one is added to it, with zeros: a sum that cancels would show more ulps than the gradient has.
   */
  private static void run(LogitsBatch data, Calls calls, Operation operation) {
    float[] scratch = data.scratch().data();
    System.arraycopy(data.logits().data(), 0, scratch, 0, data.shape().elements());
    if (operation == Operation.GRADIENT_ADDED) {
      Arrays.fill(scratch, 0);
    }
    calls.run(operation);
  }

  static double ulps(float[] expected, float[] actual, float floor) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        largest = Math.max(largest, ulps(expected[i], actual[i], floor));
      }
    }
    return largest;
  }

  private static double ulps(float expected, float actual, float floor) {
    double distance = Math.abs((double) expected - actual);
    double ulps = distance / Math.ulp(Math.max(Math.abs(expected), floor));
    return Double.isNaN(ulps) ? Double.POSITIVE_INFINITY : ulps;
  }

  /**
   * A real batch: positions of a text, the next byte as label, and as logits what a bigram model of
   * this text converges to, the logarithms of how often each byte follows.
   */
  static LogitsBatch textBatch(byte[] text) {
    BigramCounts counts = new BigramCounts(text);
    Shape shape = new Shape(Math.min(TEXT_ROWS, counts.pairs()), BigramCounts.BYTES);
    float[] logits = new float[shape.elements()];
    int[] labels = new int[shape.rows()];
    for (int row = 0; row < shape.rows(); row++) {
      int position = (int) ((long) row * counts.pairs() / shape.rows());
      labels[row] = Byte.toUnsignedInt(text[position + 1]);
      int previous = Byte.toUnsignedInt(text[position]);
      for (int next = 0; next < shape.classes(); next++) {
        // Half a count more, so that what never follows has a finite logit.
        logits[row * shape.classes() + next] = (float) Math.log(counts.count(previous, next) + 0.5);
      }
    }
    return LogitsBatch.of(shape, logits, labels);
  }
}
