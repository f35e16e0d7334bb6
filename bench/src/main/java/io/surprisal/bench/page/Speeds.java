package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Speeds of kernels or libraries by cell, and what the machine allows, from a report in JSON. */
final class Speeds {
  /** Of the SIMD kernel. */
  static final String VECTOR = "vector";

  /** Of the reference. */
  static final String SCALAR = "scalar";

  private final Map<Cell, Map<String, Speed>> speeds = new LinkedHashMap<>();
  private final Map<Cell, Limits> limits = new LinkedHashMap<>();

  /**
   * A speed.
   *
   * @param giga 10⁹ logits a second, median of the rounds
   * @param slowest of the rounds
   * @param ulps largest difference from the scalar kernel, or NaN
   * @param bound whether it is less than the operation that was measured
   */
  record Speed(double giga, double slowest, double ulps, boolean bound) {}

  /**
   * What the machine allows for a cell, in 10⁹ logits a second.
   *
   * @param memory what memory delivers
   * @param ports what the arithmetic units let through; infinite where that is not known
   */
  record Limits(double memory, double ports) {
    double lower() {
      return Math.min(memory, ports);
    }

    String binding() {
      return memory <= ports ? "memory" : "ports";
    }
  }

  Speeds(JsonNode document) {
    for (JsonNode result : document.path("results")) {
      Speed speed =
          new Speed(
              result.path("gigaElementsPerSecond").doubleValue(),
              Double.POSITIVE_INFINITY,
              result.path("maxUlp").asDouble(Double.NaN),
              result.path("bound").booleanValue());
      speeds.computeIfAbsent(cell(result), c -> new LinkedHashMap<>()).put(by(result), speed);
    }
    for (JsonNode round : document.path("rounds")) {
      for (JsonNode giga : round.path("gigaElementsPerSecond")) {
        speeds
            .get(cell(round))
            .computeIfPresent(by(round), (by, speed) -> slower(speed, giga.doubleValue()));
      }
    }
    for (JsonNode roof : document.path("roofline")) {
      limits.put(
          cell(roof),
          new Limits(
              roof.path("gigaElementsPerSecond").doubleValue(),
              roof.path("portLimit").asDouble(Double.POSITIVE_INFINITY)));
    }
  }

  private static Speed slower(Speed speed, double giga) {
    return new Speed(speed.giga, Math.min(speed.slowest, giga), speed.ulps, speed.bound);
  }

  private static Cell cell(JsonNode node) {
    return new Cell(
        Shape.parse(node.path("shape").textValue()),
        Operation.parse(node.path("operation").textValue()),
        node.path("threads").intValue());
  }

  private static String by(JsonNode node) {
    return node.path(node.has("kernel") ? "kernel" : "library").textValue();
  }

  /** Everything that was measured, in its order. */
  List<Cell> cells() {
    return List.copyOf(speeds.keySet());
  }

  /** Those of an operation and number of threads. */
  List<Cell> cells(Operation operation, int threads) {
    return cells().stream()
        .filter(cell -> cell.operation() == operation && cell.threads() == threads)
        .toList();
  }

  List<Integer> threads() {
    return distinct(Cell::threads);
  }

  /** The two operations that every measurement has, where it has them. */
  List<Operation> mainOperations() {
    List<Operation> main = distinct(Cell::operation);
    main.retainAll(List.of(Operation.FORWARD, Operation.FORWARD_AND_GRADIENT));
    return main;
  }

  private <T> List<T> distinct(Function<Cell, T> part) {
    Set<T> values = new LinkedHashSet<>();
    speeds.keySet().forEach(cell -> values.add(part.apply(cell)));
    return new ArrayList<>(values);
  }

  /** Kernels or libraries, in their order. */
  List<String> names() {
    return List.copyOf(speeds.values().iterator().next().keySet());
  }

  boolean hasBoth() {
    return names().containsAll(List.of(SCALAR, VECTOR));
  }

  Speed speed(Cell cell, String name) {
    return speeds.get(cell).get(name);
  }

  double giga(Cell cell, String name) {
    return speed(cell, name).giga;
  }

  /** How many times as fast as another. */
  double ratio(Cell cell, String name, String other) {
    return giga(cell, name) / giga(cell, other);
  }

  Limits limits(Cell cell) {
    return limits.get(cell);
  }

  /** Bytes that must move for it, 10⁹ a second. */
  double gigabytes(Cell cell, String name) {
    return giga(cell, name) * bytesPerLogit(cell);
  }

  private static int bytesPerLogit(Cell cell) {
    return cell.operation().traffic() == Operation.Traffic.READ ? 4 : 8;
  }

  /** The largest of the speeds and limits on so many threads. */
  double largest(int threads) {
    return cells().stream()
        .filter(cell -> cell.threads() == threads)
        .mapToDouble(cell -> Math.max(fastest(cell), limits(cell).lower()))
        .max()
        .orElseThrow();
  }

  private double fastest(Cell cell) {
    return speeds.get(cell).values().stream().mapToDouble(Speed::giga).max().orElseThrow();
  }
}
