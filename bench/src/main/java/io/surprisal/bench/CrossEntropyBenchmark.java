package io.surprisal.bench;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
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
 * Cross-entropy and log-sum-exp through the public API: calls a second, and logits a second as the
 * counter {@code elements}.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>5 forks: what the compiler makes of a kernel differs from JVM to JVM more than from call to
 *       call.
 *   <li>5 warm-up iterations of half a second: the kernels are compiled after some 0.2 s, and the
 *       largest shape takes the scalar kernel 0.1 s a call.
 *   <li>5 measured iterations of half a second: several calls each at every shape.
 *   <li>One JMH thread: the parameter {@code threads} is the parallelism of the call itself.
 *   <li>All shapes, kernels and numbers of threads are hours: choose by {@code -p shape=4096x1000
 *       -p threads=1}.
 *   <li>The incubator module is added in the forks, so that none is forgotten; the other flags are
 *       those that JMH itself was started with.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CrossEntropyBenchmark {
  /** Name of the kernel. */
  @Param({"vector", "scalar"})
  public String kernel;

  /** Rows and classes. */
  @Param({
    "65536x2",
    "65536x10",
    "16384x100",
    "4096x1000",
    "4096x1003",
    "512x32000",
    "512x50257",
    "64x128256",
    "1x4194304",
    "32x1000"
  })
  public String shape;

  /** Threads that one call uses. */
  @Param({"1", "2"})
  public int threads;

  private ForkJoinPool pool;
  private LogitsBatch data;
  private Calls calls;

  /** Counts logits, so that shapes compare. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {
    /** Logits that were processed. */
    public long elements;
  }

  /** Makes data, kernel and threads. */
  @Setup(Level.Trial)
  public void setUp() {
    data = LogitsBatch.gaussian(Shape.parse(shape));
    pool = threads == 1 ? null : new ForkJoinPool(threads);
    Execution execution = pool == null ? Execution.sequential() : Execution.on(pool);
    calls = new Calls(data, execution.with(Kernel.named(kernel)));
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void tearDown() {
    if (pool != null) {
      pool.close();
    }
  }

  /** Log-sum-exp of each row. */
  @Benchmark
  public double logSumExp(Counter counter) {
    counter.elements += data.shape().elements();
    return calls.logSumExp();
  }

  /** Row losses and their mean. */
  @Benchmark
  public double forward(Counter counter) {
    counter.elements += data.shape().elements();
    return calls.forward();
  }

  /** Row losses, their mean and its gradient in another matrix. */
  @Benchmark
  public double forwardAndGradient(Counter counter) {
    counter.elements += data.shape().elements();
    return calls.forwardAndGradient();
  }

  /** Row losses, their mean and its gradient in place of the logits; see {@link Calls}. */
  @Benchmark
  public double gradientInPlace(Counter counter) {
    counter.elements += data.shape().elements();
    return calls.gradientInPlace();
  }

  /** Row losses, their mean and its gradient added to another matrix. */
  @Benchmark
  public double gradientAdded(Counter counter) {
    counter.elements += data.shape().elements();
    return calls.gradientAdded();
  }

  LogitsBatch data() {
    return data;
  }

  Calls calls() {
    return calls;
  }
}
