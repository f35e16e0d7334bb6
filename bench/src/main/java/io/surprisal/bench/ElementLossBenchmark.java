package io.surprisal.bench;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.SigmoidFocal;
import io.surprisal.SigmoidSquaredError;
import io.surprisal.bench.workload.ElementsBatch;
import io.surprisal.bench.workload.Shape;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Losses of elements through the public API: calls a second, and elements a second as the counter
 * {@code elements}. Settings as of {@link CrossEntropyBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ElementLossBenchmark {
  /** Name of the kernel. */
  @Param({"vector", "scalar"})
  public String kernel;

  /** Rows and classes. */
  @Param({"4096x1024", "4194304x1", "32x1000"})
  public String shape;

  /** Which loss. */
  @Param({"binary", "sigmoidFocal", "squaredError"})
  public String loss;

  /** Threads that one call uses. */
  @Param("1")
  public int threads;

  private ForkJoinPool pool;
  private ElementsBatch data;
  private ElementLoss operation;
  private ElementTotals totals;
  private ElementBatch batch;
  private ElementOutputs forward;
  private ElementOutputs withGradient;

  /** Counts elements, so that shapes compare. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {
    /** Elements that were processed. */
    public long elements;
  }

  /** Makes data, kernel and threads. */
  @Setup(Level.Trial)
  public void setUp() {
    data = ElementsBatch.gaussian(Shape.parse(shape));
    pool = threads == 1 ? null : new ForkJoinPool(threads);
    Execution execution = pool == null ? Execution.sequential() : Execution.on(pool);
    operation = operation(execution.with(Kernel.named(kernel)));
    totals = operation.newTotals();
    batch = ElementBatch.of(data.logits(), data.targets());
    forward = ElementOutputs.none().withTotals(totals);
    withGradient = forward.withGradient(data.gradient());
  }

  private ElementLoss operation(Execution execution) {
    return switch (loss) {
      case "binary" -> BinaryCrossEntropy.builder().execution(execution).build();
      case "sigmoidFocal" -> SigmoidFocal.builder().execution(execution).build();
      case "squaredError" -> SigmoidSquaredError.builder().execution(execution).build();
      default -> throw new IllegalArgumentException("'" + loss + "' is no loss");
    };
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void tearDown() {
    if (pool != null) {
      pool.close();
    }
  }

  /** The mean loss. */
  @Benchmark
  public double forward(Counter counter) {
    counter.elements += data.shape().elements();
    totals.clear();
    operation.compute(batch, forward);
    return totals.mean();
  }

  /** The mean loss and its gradient in another matrix. */
  @Benchmark
  public double forwardAndGradient(Counter counter) {
    counter.elements += data.shape().elements();
    totals.clear();
    operation.compute(batch, withGradient);
    return totals.mean();
  }

  ElementsBatch data() {
    return data;
  }
}
