package io.surprisal.bench.compare;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.ArrayList;
import java.util.List;

/** What the options {@code --shapes} and {@code --threads} mean, wherever they are offered. */
public final class PlanOptions {
  private PlanOptions() {}

  /**
   * Shapes from their texts, each once.
   *
   * @param bytesPerElement of heap that a measurement needs
   * @throws InputException if one is no shape, or needs more heap than there is
   */
  public static List<Shape> shapes(List<String> texts, long bytesPerElement) throws InputException {
    List<Shape> parsed = new ArrayList<>();
    long available = Runtime.getRuntime().maxMemory();
    for (String text : texts) {
      try {
        parsed.add(Shape.parse(text));
      } catch (IllegalArgumentException e) {
        throw new InputException("--shapes: " + e.getMessage(), e);
      }
      long needed = parsed.getLast().elements() * bytesPerElement;
      if (needed > available) {
        throw new InputException(
            "--shapes: '"
                + text
                + "' needs a heap of "
                + (needed >> 20)
                + " MiB, this JVM has "
                + (available >> 20)
                + " MiB (set JAVA_TOOL_OPTIONS=-Xmx...)");
      }
    }
    return parsed.stream().distinct().toList();
  }

  /**
   * Operations from their names, each once.
   *
   * @throws InputException if there is none of a name
   */
  public static List<Operation> operations(List<String> names) throws InputException {
    List<Operation> parsed = new ArrayList<>();
    for (String name : names) {
      try {
        parsed.add(Operation.parse(name));
      } catch (IllegalArgumentException e) {
        throw new InputException("--operations: " + e.getMessage(), e);
      }
    }
    return parsed.stream().distinct().toList();
  }

  /** One thread, and one for each core. */
  static List<Integer> allThreads() {
    int cores = Runtime.getRuntime().availableProcessors();
    return cores == 1 ? List.of(1) : List.of(1, cores);
  }

  /**
   * Numbers of threads, each once.
   *
   * @throws InputException if one is not sensible
   */
  public static List<Integer> threads(List<Integer> counts) throws InputException {
    for (int count : counts) {
      if (count < 1 || count > 4096) {
        throw new InputException("--threads: " + count + " is outside [1, 4096]");
      }
    }
    return counts.stream().distinct().toList();
  }
}
