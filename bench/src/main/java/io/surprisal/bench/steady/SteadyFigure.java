package io.surprisal.bench.steady;

import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.Collections;
import java.util.List;

/**
 * What the forks found for one shape and operation.
 *
 * @param shape of the batch
 * @param operation on it
 * @param nanos of a call, the best iteration of each fork
 */
record SteadyFigure(Shape shape, Operation operation, List<Double> nanos) {
  /** The slowest fork is to stay within this of the median one. */
  static final double TARGET = 1.3;

  double median() {
    return Stopwatch.median(nanos);
  }

  /** The slowest fork over the median one. */
  double ratio() {
    return Collections.max(nanos) / median();
  }

  boolean isSteady() {
    return ratio() <= TARGET;
  }
}
