package io.surprisal.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Times a call in the steady state: warms it up, then takes the best of several iterations.
 *
 * <p>The best, because on a machine with other work everything that disturbs makes a call slower
 * and nothing makes it faster. An iteration is long enough for the clock: one call, or as many as
 * fill two milliseconds.
 */
public final class Stopwatch {
  private static final int WARM_UP_CALLS = 2;
  private static final int ITERATIONS = 3;
  private static final long ITERATION_NANOS = 2_000_000;

  private final Plan.Pace pace;

  /** What the calls returned: used, so that no call is left out by the compiler. */
  private double sink;

  /** With a pace of its own. */
  public Stopwatch(Plan.Pace pace) {
    this.pace = pace;
  }

  /** Nanoseconds of one call. */
  public double nanos(DoubleSupplier call) {
    long callNanos = warmUp(call, pace.warmUpMillis());
    int calls = Math.clamp(ITERATION_NANOS / Math.max(1, callNanos), 1, 1_000_000);
    double best = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + pace.measuredMillis() * 1_000_000L;
    for (int i = 0; i < ITERATIONS || System.nanoTime() < end; i++) {
      best = Math.min(best, (double) iteration(call, calls) / calls);
    }
    return best;
  }

  /** Calls for the time given; returns how long the last call took. */
  public long warmUp(DoubleSupplier call, int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    long last = 0;
    for (int i = 0; i < WARM_UP_CALLS || System.nanoTime() < end; i++) {
      last = iteration(call, 1);
    }
    return last;
  }

  private long iteration(DoubleSupplier call, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      sink += call.getAsDouble();
    }
    return System.nanoTime() - start;
  }

  /** The sum of all that was computed. */
  public double sink() {
    return sink;
  }

  /** Of the rounds of a figure, that in the middle. */
  public static double median(List<Double> rounds) {
    List<Double> sorted = new ArrayList<>(rounds);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
