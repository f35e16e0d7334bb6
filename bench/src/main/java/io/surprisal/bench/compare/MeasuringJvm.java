package io.surprisal.bench.compare;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/**
 * The program that a measuring JVM runs: all figures of one kernel, or the roofline, one after the
 * other, each printed as soon as it is known, as {@code figure shape operation threads
 * nanoseconds}.
 *
 * <p>All shapes and operations in one JVM, through the public API: the kernels meet the mixed
 * profiles that they have in an application, where a JVM for each figure would flatter them.
 */
final class MeasuringJvm {
  /** In place of a kernel's name: measures the roofline. */
  static final String ROOFLINE = "roofline";

  /** In place of a kernel's name: measures the arithmetic units. */
  static final String PORTS = "ports";

  /** How a line with a figure begins: the JVM itself may print others. */
  static final String FIGURE = "figure ";

  private static final int WARM_UP_ELEMENTS = 1 << 18;

  /** Until the compiler is done with the Vector API, a kernel is a hundred times slower. */
  private static final int KERNEL_WARM_UP_MILLIS = 2000;

  private static final int ROOFLINE_WARM_UP_MILLIS = 300;

  private final PrintStream out;
  private final Plan plan;
  private final Stopwatch stopwatch;

  private MeasuringJvm(PrintStream out, Plan plan) {
    this.out = out;
    this.plan = plan;
    this.stopwatch = new Stopwatch(plan.pace());
  }

  /** Arguments: the kernel's name, then those of the plan. */
  public static void main(String[] args) {
    List<String> arguments = Arrays.asList(args);
    Plan plan = Plan.parse(arguments.subList(1, arguments.size()));
    new MeasuringJvm(System.out, plan).measure(args[0]);
  }

  /** First everything on little data, so that no shape is the only one that the JVM has seen. */
  private void measure(String kernel) {
    boolean isKernel = !kernel.equals(ROOFLINE) && !kernel.equals(PORTS);
    int total = isKernel ? KERNEL_WARM_UP_MILLIS : ROOFLINE_WARM_UP_MILLIS;
    int millis = Math.max(plan.pace().warmUpMillis(), total / plan.cells().size());
    for (Shape shape : plan.shapes()) {
      int rows = Math.clamp(WARM_UP_ELEMENTS / shape.classes(), 1, shape.rows());
      Shape little = new Shape(rows, shape.classes());
      measure(kernel, little, (cell, call) -> stopwatch.warmUp(call, millis));
    }
    for (Shape shape : plan.shapes()) {
      measure(kernel, shape, this::report);
    }
    if (Double.isNaN(stopwatch.sink())) {
      throw new IllegalStateException("a loss of finite logits is NaN");
    }
  }

  private void measure(String kernel, Shape shape, BiConsumer<Cell, DoubleSupplier> consumer) {
    LogitsBatch data = LogitsBatch.gaussian(shape);
    for (int threads : plan.threads()) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Map<Operation, DoubleSupplier> calls =
            switch (kernel) {
              case ROOFLINE -> rooflineCalls(data, threads, pool);
              case PORTS ->
                  Map.of(
                      plan.operations().getFirst(),
                      Roofline.ports(shape.elements(), threads, pool));
              default -> kernelCalls(data, threads, pool, Kernel.named(kernel));
            };
        calls.forEach(
            (operation, call) -> consumer.accept(new Cell(shape, operation, threads), call));
      }
    }
  }

  private Map<Operation, DoubleSupplier> kernelCalls(
      LogitsBatch data, int threads, ForkJoinPool pool, Kernel kernel) {
    Execution execution = threads == 1 ? Execution.sequential() : Execution.on(pool);
    Calls calls = new Calls(data, execution.with(kernel));
    Map<Operation, DoubleSupplier> all = new EnumMap<>(Operation.class);
    plan.operations().forEach(operation -> all.put(operation, () -> calls.run(operation)));
    return all;
  }

  /** Once for each kind of traffic, under the name of the first operation that has it. */
  private Map<Operation, DoubleSupplier> rooflineCalls(
      LogitsBatch data, int threads, ForkJoinPool pool) {
    Roofline roofline = new Roofline(data, new int[data.shape().elements()], threads, pool);
    Map<Operation, DoubleSupplier> all = new EnumMap<>(Operation.class);
    Set<Operation.Traffic> known = EnumSet.noneOf(Operation.Traffic.class);
    for (Operation operation : plan.operations()) {
      if (known.add(operation.traffic())) {
        all.put(operation, roofline.call(operation.traffic()));
      }
    }
    return all;
  }

  private void report(Cell cell, DoubleSupplier call) {
    double nanos = stopwatch.nanos(call);
    out.println(
        FIGURE + cell.shape() + " " + cell.operation() + " " + cell.threads() + " " + nanos);
    if (out.checkError()) {
      throw new IllegalStateException("nobody listens any more");
    }
  }
}
