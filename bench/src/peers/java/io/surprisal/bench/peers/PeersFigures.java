package io.surprisal.bench.peers;

import io.surprisal.bench.compare.Plan;
import io.surprisal.bench.compare.Roofs;
import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.compare.Unrest;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.workload.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that a run of {@code peers} found out.
 *
 * @param machine what was measured on
 * @param plan what was measured
 * @param libraries ours first
 * @param nanos of a call, by library or roof, cell and round
 * @param agreements of every shape, number of threads and library
 * @param accuracies on further batches
 */
record PeersFigures(
    Machine machine,
    Plan plan,
    List<Library> libraries,
    Map<String, Map<Cell, List<Double>>> nanos,
    List<Agreement> agreements,
    List<Accuracy> accuracies) {

  /** In place of a library's name: memory's roof. */
  static final String MEMORY = "memory";

  /** In place of a library's name: the arithmetic units' roof. */
  static final String PORTS = "ports";

  /** What the machine allows for a figure. */
  Roofs roofs(Cell cell) {
    double memory = roof(MEMORY, cell);
    if (plan.threads().contains(1)) {
      // A small batch is read faster by one thread than shared out.
      memory = Math.max(memory, roof(MEMORY, new Cell(cell.shape(), cell.operation(), 1)));
    }
    return new Roofs(memory, roof(PORTS, plan.portsCell(cell.threads())));
  }

  private double roof(String name, Cell cell) {
    return cell.shape().elements() / Stopwatch.median(nanos.get(name).get(cell));
  }

  /** Figures of libraries whose rounds differ more than those of a quiet machine do. */
  List<Unrest> unrests() {
    List<Unrest> unrests = new ArrayList<>();
    for (Library library : libraries) {
      for (Cell cell : plan.cells()) {
        unrests.add(Unrest.of(library.name(), cell, rounds(library, cell)));
      }
    }
    unrests.removeIf(unrest -> !unrest.isMuch());
    return unrests;
  }

  /** 10⁹ elements a second: the best iteration of each round, the median of the rounds. */
  double giga(Library library, Cell cell) {
    return cell.shape().elements() / Stopwatch.median(rounds(library, cell));
  }

  /** Nanoseconds. */
  List<Double> rounds(Library library, Cell cell) {
    return nanos.get(library.name()).get(cell);
  }

  /** Ours over that library's. */
  double ratio(Library library, Cell cell) {
    return giga(libraries.getFirst(), cell) / giga(library, cell);
  }

  List<Library> peers() {
    return libraries.subList(1, libraries.size());
  }
}
