package io.surprisal.bench.start;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * The program that a fresh JVM runs: one kernel from the first call to full speed, with or without
 * {@link Kernel#warmUp()} before.
 *
 * <p>Prints {@code started} and five numbers: milliseconds from the JVM's start to the first
 * result; milliseconds of {@code warmUp}; microseconds of the first call; milliseconds from the
 * JVM's start to full speed; microseconds of a call then. Full speed is there with the first {@link
 * #WINDOW} calls whose median is within a quarter of the best such median.
 */
final class StartingJvm {
  /** How the line with the figures begins. */
  static final String FIGURES = "started ";

  private static final int WINDOW = 15;
  private static final int MOST_CALLS = 1 << 20;
  private static final double FULL = 1.25;
  private static final double MICROS = 1e3;
  private static final double MILLIS = 1e6;

  private final long[] ends = new long[MOST_CALLS];
  private final long[] durations = new long[MOST_CALLS];
  private int calls;

  private StartingJvm() {}

  /** Arguments: the kernel's name, the shape, whether to warm up, for how many seconds to call. */
  public static void main(String[] args) {
    // Of the JVM's life so far only milliseconds are known; from here on nanoseconds.
    long mainStart = System.nanoTime();
    long before = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    LogitsBatch data = LogitsBatch.gaussian(Shape.parse(args[1]));
    long dataNanos = System.nanoTime() - mainStart;
    Kernel kernel = Kernel.named(args[0]);
    long warmUpStart = System.nanoTime();
    if (Boolean.parseBoolean(args[2]) && !kernel.warmUp()) {
      throw new IllegalStateException("not warm within the time limit");
    }
    long warmUp = System.nanoTime() - warmUpStart;
    StartingJvm measured = new StartingJvm();
    measured.call(new Calls(data, Execution.sequential().with(kernel)), Integer.parseInt(args[3]));
    // The data is the measurement's affair, not the library's.
    double toMain = before - (mainStart + dataNanos) / MILLIS;
    double[] medians = measured.medians();
    double best = Arrays.stream(medians).min().orElseThrow();
    int full = 0;
    while (medians[full] > FULL * best) {
      full++;
    }
    System.out.println(
        FIGURES
            + (toMain + measured.ends[0] / MILLIS)
            + " "
            + warmUp / MILLIS
            + " "
            + measured.durations[0] / MICROS
            + " "
            + (toMain + measured.ends[full] / MILLIS)
            + " "
            + best / MICROS);
  }

  private void call(Calls loss, int seconds) {
    long start = System.nanoTime();
    long now = start;
    while (calls < MOST_CALLS && (now - start < seconds * 1_000_000_000L || calls < 2 * WINDOW)) {
      double mean = loss.forwardAndGradient();
      ends[calls] = System.nanoTime();
      durations[calls] = ends[calls] - now;
      now = ends[calls];
      calls++;
      if (Double.isNaN(mean)) {
        throw new IllegalStateException("a loss of finite logits is NaN");
      }
    }
  }

  /** Of the calls from each one on. */
  private double[] medians() {
    double[] medians = new double[calls - WINDOW + 1];
    for (int i = 0; i < medians.length; i++) {
      long[] window = Arrays.copyOfRange(durations, i, i + WINDOW);
      Arrays.sort(window);
      medians[i] = window[WINDOW / 2];
    }
    return medians;
  }
}
