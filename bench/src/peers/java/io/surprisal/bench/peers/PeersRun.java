package io.surprisal.bench.peers;

import io.surprisal.bench.compare.Plan;
import io.surprisal.bench.compare.Roofline;
import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * Measures all libraries in this JVM, in rounds. Within a round they take turns at every shape,
 * number of threads and operation, so that whatever slows the machine for a while slows them all.
 *
 * <p>What is timed is the call alone. Everything is in place before: the logits on the heap for
 * ours and in native memory for the peers, the labels, the room for results, sessions and
 * primitives. No library has data copied to it or from it within the time. Results that a library
 * allocates itself in each call (PyTorch's losses and gradients) are its own affair and count, as
 * does the way through JNI. Gather and scatter in Java run on one thread.
 *
 * <p>Native threads spin for a while after their last work. A warm-up before each figure outlasts
 * that, so that no library computes beside another one's spinning threads.
 */
final class PeersRun {
  private static final int WARM_UP_ELEMENTS = 1 << 18;

  /** Until the compiler is done with the Vector API, our kernel is a hundred times slower. */
  private static final int OUR_WARM_UP_MILLIS = 3000;

  private final Plan plan;
  private final List<Library> libraries;
  private final Stopwatch stopwatch;
  private final Map<String, Map<Cell, List<Double>>> nanos = new LinkedHashMap<>();

  PeersRun(Plan plan, List<Library> libraries) {
    this.plan = plan;
    this.libraries = libraries;
    this.stopwatch = new Stopwatch(plan.pace());
    libraries.forEach(library -> nanos.put(library.name(), new LinkedHashMap<>()));
    nanos.put(PeersFigures.MEMORY, new LinkedHashMap<>());
    nanos.put(PeersFigures.PORTS, new LinkedHashMap<>());
  }

  /** Runs every library once on every batch and looks at what it computed. */
  List<Agreement> agreements() throws PeerException {
    List<Agreement> agreements = new ArrayList<>();
    try (Progress progress = new Progress("check", plan.shapes().size())) {
      for (int i = 0; i < plan.shapes().size(); i++) {
        progress.at(i, plan.shapes().get(i).toString());
        try (NativeBatch batch = batch(plan.shapes().get(i))) {
          addAgreements(batch, agreements);
        }
      }
    }
    return agreements;
  }

  private void addAgreements(NativeBatch batch, List<Agreement> agreements) throws PeerException {
    for (int threads : plan.threads()) {
      for (Library library : libraries) {
        try (Session session = library.open(batch, threads)) {
          agreements.add(Agreement.of(library, session, batch, threads));
        }
      }
    }
  }

  /** Nanoseconds of a call, by library or roof, cell and round. */
  Map<String, Map<Cell, List<Double>>> measure() throws PeerException {
    int cells = plan.shapes().size() * plan.threads().size();
    try (Progress progress = new Progress("peers", (long) cells * plan.rounds())) {
      progress.at(0, "warm-up");
      warmUpOurs();
      int done = 0;
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Shape shape : plan.shapes()) {
          try (NativeBatch batch = batch(shape)) {
            for (int threads : plan.threads()) {
              progress.at(done++, round + "/" + plan.rounds() + " " + shape);
              measure(batch, threads);
              measureRoofs(batch.heap(), threads);
            }
          }
        }
      }
    }
    if (Double.isNaN(stopwatch.sink())) {
      throw new IllegalStateException("a loss of finite logits is NaN");
    }
    return nanos;
  }

  private static NativeBatch batch(Shape shape) {
    return new NativeBatch(LogitsBatch.gaussian(shape));
  }

  /** On little data of every shape, so that no shape is the only one that the JVM has seen. */
  private void warmUpOurs() throws PeerException {
    int millis = Math.max(1, OUR_WARM_UP_MILLIS / plan.cells().size());
    for (Shape shape : plan.shapes()) {
      int rows = Math.clamp(WARM_UP_ELEMENTS / shape.classes(), 1, shape.rows());
      try (NativeBatch batch = batch(new Shape(rows, shape.classes()))) {
        for (int threads : plan.threads()) {
          try (Session session = libraries.getFirst().open(batch, threads)) {
            plan.operations().forEach(op -> stopwatch.warmUp(() -> session.run(op), millis));
          }
        }
      }
    }
  }

  private void measure(NativeBatch batch, int threads) throws PeerException {
    for (Operation operation : plan.operations()) {
      Cell cell = new Cell(batch.heap().shape(), operation, threads);
      for (Library library : libraries) {
        try (Session session = library.open(batch, threads)) {
          add(library.name(), cell, stopwatch.nanos(() -> session.run(operation)));
        }
      }
    }
  }

  /** In the same turn: what memory and arithmetic units allow. */
  private void measureRoofs(LogitsBatch data, int threads) {
    int elements = data.shape().elements();
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      Roofline memory = new Roofline(data, new int[elements], threads, pool);
      for (Operation operation : plan.operations()) {
        Cell cell = new Cell(data.shape(), operation, threads);
        add(PeersFigures.MEMORY, cell, stopwatch.nanos(memory.call(operation.traffic())));
      }
      // The arithmetic units know no shape: once a round.
      Cell first = plan.portsCell(threads);
      if (first.shape().equals(data.shape())) {
        add(PeersFigures.PORTS, first, stopwatch.nanos(Roofline.ports(elements, threads, pool)));
      }
    }
  }

  private void add(String measured, Cell cell, double time) {
    nanos.get(measured).computeIfAbsent(cell, _ -> new ArrayList<>()).add(time);
  }
}
