package io.surprisal.bench.compare;

import io.surprisal.bench.report.Machine;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * All that a run of {@code compare} found out.
 *
 * @param machine what was measured on
 * @param plan what was measured
 * @param kernels scalar first
 * @param agreements what differs between the kernels' results
 * @param nanos of a call, by kernel or roofline, cell and round
 */
record Comparison(
    Machine machine,
    Plan plan,
    List<String> kernels,
    List<BatchAgreement> agreements,
    Map<String, Map<Cell, List<Double>>> nanos) {

  /** Name of the reference. */
  static final String SCALAR = "scalar";

  /** Name of the kernel that is compared with it. */
  static final String VECTOR = "vector";

  /**
   * How far the kernels are apart on a batch.
   *
   * @param batch what it is, in words
   * @param shape of the batch
   * @param ulps by operation
   */
  record BatchAgreement(String batch, Shape shape, Map<Operation, Double> ulps) {
    double largest() {
      return Collections.max(ulps.values());
    }
  }

  /**
   * A figure of a kernel.
   *
   * @param kernel its name
   * @param giga 10⁹ elements a second, the median of the rounds
   * @param slowest the same of the slowest round
   * @param ratio to the scalar kernel's
   * @param maxUlp how far its results are from the scalar kernel's; 0 for that one itself
   */
  record Figure(String kernel, double giga, double slowest, double ratio, double maxUlp) {}

  Figure figure(Cell cell, String kernel) {
    double giga = giga(cell, Stopwatch.median(rounds(cell, kernel)));
    return new Figure(
        kernel,
        giga,
        giga(cell, Collections.max(rounds(cell, kernel))),
        giga / giga(cell, Stopwatch.median(rounds(cell, SCALAR))),
        kernel.equals(SCALAR) ? 0 : maxUlp(cell));
  }

  /** What the machine allows for a figure. */
  Roofs roofs(Cell cell) {
    double memory = memory(cell);
    if (plan.threads().contains(1)) {
      // A small batch is read faster by one thread than shared out.
      memory = Math.max(memory, memory(new Cell(cell.shape(), cell.operation(), 1)));
    }
    if (!nanos.containsKey(MeasuringJvm.PORTS)) {
      return new Roofs(memory, Double.POSITIVE_INFINITY);
    }
    Cell measured = plan.portsCell(cell.threads());
    return new Roofs(
        memory, giga(measured, Stopwatch.median(rounds(measured, MeasuringJvm.PORTS))));
  }

  private double memory(Cell cell) {
    return giga(cell, Stopwatch.median(rounds(rooflineCell(cell), MeasuringJvm.ROOFLINE)));
  }

  /** The roofline stands under the first operation of the same traffic. */
  private Cell rooflineCell(Cell cell) {
    for (Operation operation : plan.operations()) {
      if (operation.traffic() == cell.operation().traffic()) {
        return new Cell(cell.shape(), operation, cell.threads());
      }
    }
    throw new IllegalArgumentException("not measured: " + cell);
  }

  private List<Double> rounds(Cell cell, String kernel) {
    return nanos.get(kernel).get(cell);
  }

  private double maxUlp(Cell cell) {
    return agreements.stream()
        .filter(agreement -> agreement.shape.equals(cell.shape()))
        .mapToDouble(agreement -> agreement.ulps.get(cell.operation()))
        .max()
        .orElse(0);
  }

  /** Figures whose rounds differ more than those of a quiet machine do. */
  List<Unrest> unrests() {
    return nanos.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().entrySet().stream()
                    .map(figure -> Unrest.of(entry.getKey(), figure.getKey(), figure.getValue())))
        .filter(Unrest::isMuch)
        .toList();
  }

  /** The largest of all differences. */
  double maxUlp() {
    return agreements.stream().mapToDouble(BatchAgreement::largest).max().orElse(0);
  }

  private static double giga(Cell cell, double nanos) {
    return cell.shape().elements() / nanos;
  }
}
