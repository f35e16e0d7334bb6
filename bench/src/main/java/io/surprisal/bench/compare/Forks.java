package io.surprisal.bench.compare;

import io.surprisal.bench.console.ChildJvm;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures kernels in JVMs of their own, in rounds: scalar, vector, roofline, and again, so that a
 * machine that gets slower for a while does not favour one of them.
 *
 * <p>Why not JMH here: a JVM for each of the 48 figures, three times, takes ten minutes, and the
 * main job has two. A round measures all figures of a kernel in one JVM, with profiles as mixed as
 * an application's. In each JVM a figure is the best of several iterations; of the rounds the
 * median is taken and the slowest kept beside it. JMH's own benchmarks of the same calls are in
 * {@code benchmarks.jar}.
 */
final class Forks {
  private final Plan plan;
  private final List<String> measured;
  private final Map<String, Map<Cell, List<Double>>> nanos = new LinkedHashMap<>();
  private int done;

  /** Forks for these kernels, and for the roofs. */
  Forks(Plan plan, List<String> kernels) {
    this.plan = plan;
    this.measured = new ArrayList<>(kernels);
    measured.add(MeasuringJvm.ROOFLINE);
    if (kernels.contains(Comparison.VECTOR)) {
      measured.add(MeasuringJvm.PORTS);
    }
  }

  /**
   * Runs all rounds; returns nanoseconds by kernel or roofline, cell and round.
   *
   * @throws InputException if a JVM fails
   */
  Map<String, Map<Cell, List<Double>>> run() throws InputException {
    int figures = 0;
    for (String name : measured) {
      figures += planOf(name).cells().size() * plan.rounds();
    }
    try (Progress progress = new Progress("compare", figures)) {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (String kernel : measured) {
          fork(kernel, progress, round + "/" + plan.rounds() + " " + kernel + " ");
        }
      }
    }
    return nanos;
  }

  private void fork(String kernel, Progress progress, String where) throws InputException {
    Map<Cell, List<Double>> figures = nanos.computeIfAbsent(kernel, k -> new LinkedHashMap<>());
    List<String> arguments = new ArrayList<>(List.of(kernel));
    arguments.addAll(planOf(kernel).arguments());
    new ChildJvm(MeasuringJvm.class, "measures " + kernel)
        .run(
            arguments,
            MeasuringJvm.FIGURE,
            line -> {
              String[] words = line.split(" ", -1);
              Cell cell =
                  new Cell(
                      Shape.parse(words[0]), Operation.parse(words[1]), Integer.parseInt(words[2]));
              figures.computeIfAbsent(cell, c -> new ArrayList<>()).add(Double.valueOf(words[3]));
              progress.at(++done, where + words[0] + " " + words[1]);
            });
  }

  /** The arithmetic units know no shape and no operation: once is enough. */
  private Plan planOf(String name) {
    return name.equals(MeasuringJvm.PORTS) ? plan.portsPlan() : plan;
  }
}
