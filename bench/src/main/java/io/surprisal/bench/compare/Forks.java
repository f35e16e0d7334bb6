package io.surprisal.bench.compare;

import io.surprisal.bench.compare.Plan.Cell;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Forks for these kernels, and for the roofline. */
  Forks(Plan plan, List<String> kernels) {
    this.plan = plan;
    this.measured = new ArrayList<>(kernels);
    measured.add(MeasuringJvm.ROOFLINE);
  }

  /**
   * Runs all rounds; returns nanoseconds by kernel or roofline, cell and round.
   *
   * @throws InputException if a JVM fails
   */
  Map<String, Map<Cell, List<Double>>> run() throws InputException {
    int figures = plan.cells().size() * measured.size() * plan.rounds();
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
    Path errors = null;
    Process process = null;
    try {
      errors = Files.createTempFile("surprisal", ".log");
      process = new ProcessBuilder(command(kernel)).redirectError(errors.toFile()).start();
      readFigures(process, kernel, progress, where);
      if (process.waitFor() != 0) {
        throw new InputException(
            "the JVM that measures " + kernel + " failed: " + lastCause(Files.readString(errors)));
      }
    } catch (IOException e) {
      throw new InputException("the JVM that measures " + kernel + " cannot run: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("interrupted", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      delete(errors);
    }
  }

  private void readFigures(Process process, String kernel, Progress progress, String where)
      throws IOException {
    Map<Cell, List<Double>> figures = nanos.computeIfAbsent(kernel, k -> new LinkedHashMap<>());
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MeasuringJvm.FIGURE)) {
          String[] words = line.substring(MeasuringJvm.FIGURE.length()).split(" ", -1);
          Cell cell =
              new Cell(
                  Shape.parse(words[0]), Operation.parse(words[1]), Integer.parseInt(words[2]));
          figures.computeIfAbsent(cell, c -> new ArrayList<>()).add(Double.valueOf(words[3]));
          progress.at(++done, where + words[0] + " " + words[1]);
        }
      }
    }
  }

  /** This JVM's own Java, class path and flags. */
  private List<String> command(String kernel) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Machine.ownFlags());
    command.add("--class-path");
    command.add(ManagementFactory.getRuntimeMXBean().getClassPath());
    command.add(MeasuringJvm.class.getName());
    command.add(kernel);
    command.addAll(plan.arguments());
    return command;
  }

  private static String lastCause(String log) {
    return log.lines()
        .filter(line -> line.contains("Exception") || line.contains("Error"))
        .reduce((first, last) -> last)
        .orElse("no reason given");
  }

  private static void delete(Path file) throws InputException {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new InputException(file + ": cannot be deleted", e);
    }
  }
}
