package io.surprisal.bench.peers;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.ElementBatch;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Execution;
import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.workload.ElementsBatch;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Binary cross-entropy of logits with its gradient, ours and PyTorch's {@code
 * binary_cross_entropy_with_logits} with autograd, in turns on the same numbers.
 */
final class BinaryRun {
  private static final List<String> SHAPES = List.of("4096x1024", "4194304x1");

  /** Losses are means of floats, gradients single floats. */
  private static final double TOLERANCE = 1e-5;

  private final Stopwatch stopwatch;
  private final int rounds;

  BinaryRun(Stopwatch stopwatch, int rounds) {
    this.stopwatch = stopwatch;
    this.rounds = rounds;
  }

  /** Measures at each number of threads and prints a line for each shape. */
  void print(List<Integer> threads, PrintWriter out) throws PeerException {
    out.println();
    out.println("binaryForwardAndGradient, 10^9 elements a second, and ours over PyTorch's");
    for (String shape : SHAPES) {
      ElementsBatch data = ElementsBatch.gaussian(Shape.parse(shape));
      for (int count : threads) {
        NativeThreads.set(NativeThreads.PYTORCH, count);
        try (Ours ours = new Ours(data, count);
            Theirs theirs = new Theirs(data)) {
          check(data, ours, theirs);
          out.println(line(data.shape(), count, ours, theirs));
        }
      }
    }
  }

  private String line(Shape shape, int threads, Ours ours, Theirs theirs) {
    List<Double> ourNanos = new ArrayList<>();
    List<Double> theirNanos = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      ourNanos.add(stopwatch.nanos(ours::run));
      theirNanos.add(stopwatch.nanos(theirs::run));
    }
    double our = shape.elements() / Stopwatch.median(ourNanos);
    double their = shape.elements() / Stopwatch.median(theirNanos);
    return String.format(
        Locale.ROOT,
        "%-12s threads %d  surprisal %.3f  pytorch %.3f  ratio %.1f",
        shape,
        threads,
        our,
        their,
        our / their);
  }

  private static void check(ElementsBatch data, Ours ours, Theirs theirs) throws PeerException {
    double mean = ours.run();
    double distance = Math.abs(theirs.run() - mean) / mean;
    float[] gradient = theirs.gradient();
    for (int i = 0; i < gradient.length; i++) {
      double own = data.gradient().data()[i];
      distance = Math.max(distance, Math.abs(gradient[i] - own) * gradient.length);
    }
    if (!(distance <= TOLERANCE)) {
      throw new PeerException(
          new IllegalStateException("binary losses and gradients differ by " + distance));
    }
  }

  private static final class Ours implements AutoCloseable {
    private final ForkJoinPool pool;
    private final BinaryCrossEntropy loss;
    private final ElementTotals totals;
    private final ElementBatch batch;
    private final ElementOutputs outputs;

    Ours(ElementsBatch data, int threads) {
      pool = new ForkJoinPool(threads);
      Execution execution = threads == 1 ? Execution.sequential() : Execution.on(pool);
      loss = BinaryCrossEntropy.builder().execution(execution).build();
      totals = loss.newTotals();
      batch = ElementBatch.of(data.logits(), data.targets());
      outputs = ElementOutputs.none().withTotals(totals).withGradient(data.gradient());
    }

    double run() {
      totals.clear();
      loss.compute(batch, outputs);
      return totals.mean();
    }

    @Override
    public void close() {
      pool.close();
    }
  }

  private static final class Theirs implements AutoCloseable {
    private final FloatPointer logits;
    private final FloatPointer targets;
    private final Tensor parameter;
    private final Tensor target;

    Theirs(ElementsBatch data) {
      long rows = data.shape().rows();
      long classes = data.shape().classes();
      logits = new FloatPointer(data.logits().data());
      targets = new FloatPointer(data.targets().data());
      parameter = torch.from_blob(logits, rows, classes).detach();
      parameter.requires_grad_(true);
      target = torch.from_blob(targets, rows, classes);
    }

    double run() {
      try (Tensor last = parameter.mutable_grad()) {
        last.reset();
      }
      try (Tensor loss = torch.binary_cross_entropy_with_logits(parameter, target)) {
        loss.backward();
        return loss.item_float();
      }
    }

    float[] gradient() {
      try (Tensor current = parameter.grad()) {
        float[] values = new float[Math.toIntExact(current.numel())];
        current.data_ptr_float().get(values);
        return values;
      }
    }

    @Override
    public void close() {
      target.close();
      parameter.close();
      targets.close();
      logits.close();
    }
  }
}
