package io.surprisal.bench.compare;

import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is measured, and for how long.
 *
 * @param shapes of the batches
 * @param operations on each
 * @param threads numbers of threads, each with each operation
 * @param rounds in each of which every kernel has a JVM of its own
 * @param pace how long each figure takes
 */
public record Plan(
    List<Shape> shapes, List<Operation> operations, List<Integer> threads, int rounds, Pace pace) {

  /**
   * How long a figure is warmed up and measured.
   *
   * @param warmUpMillis at least so long, and two calls
   * @param measuredMillis at least so long, and three iterations
   */
  public record Pace(int warmUpMillis, int measuredMillis) {}

  /** Measured wherever not all are. */
  public static final List<Operation> MAIN_OPERATIONS =
      List.of(Operation.FORWARD, Operation.FORWARD_AND_GRADIENT);

  /** So many logits are cut into rows of 2, 4, 8, … classes, until they are a single row. */
  private static final int SWEEP_BITS = 22;

  private static final Pace SWEEP_PACE = new Pace(80, 120);

  /** The same number of logits in rows of 2 to 4 194 304 classes, on one thread. */
  static Plan sweep(int rounds) {
    List<Shape> shapes = new ArrayList<>();
    for (int bits = 1; bits <= SWEEP_BITS; bits++) {
      shapes.add(new Shape(1 << (SWEEP_BITS - bits), 1 << bits));
    }
    return new Plan(shapes, MAIN_OPERATIONS, List.of(1), rounds, SWEEP_PACE);
  }

  /** All figures of a kernel. */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Shape shape : shapes) {
      for (Operation operation : operations) {
        for (int count : threads) {
          cells.add(new Cell(shape, operation, count));
        }
      }
    }
    return cells;
  }

  /** The largest shape and the first operation alone, on all numbers of threads. */
  Plan portsPlan() {
    return new Plan(List.of(largest()), List.of(operations.getFirst()), threads, rounds, pace);
  }

  /** Where the limit of the arithmetic units stands, which is measured once. */
  public Cell portsCell(int count) {
    return new Cell(largest(), operations.getFirst(), count);
  }

  /** Large enough that sharing it out takes no time beside it. */
  private Shape largest() {
    return Collections.max(shapes, Comparator.comparingInt(Shape::elements));
  }

  /** As arguments of a JVM that measures. */
  List<String> arguments() {
    return List.of(
        joined(shapes),
        joined(operations),
        joined(threads),
        Integer.toString(pace.warmUpMillis),
        Integer.toString(pace.measuredMillis));
  }

  /** Reads {@link #arguments()}. */
  static Plan parse(List<String> arguments) {
    return new Plan(
        split(arguments.get(0)).stream().map(Shape::parse).toList(),
        split(arguments.get(1)).stream().map(Operation::parse).toList(),
        split(arguments.get(2)).stream().map(Integer::valueOf).toList(),
        1,
        new Pace(Integer.parseInt(arguments.get(3)), Integer.parseInt(arguments.get(4))));
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static List<String> split(String text) {
    return List.of(text.split(",", -1));
  }
}
