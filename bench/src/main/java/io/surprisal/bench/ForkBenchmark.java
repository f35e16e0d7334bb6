package io.surprisal.bench;

import io.surprisal.Execution;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * What it costs to share a batch out: small shapes on the calling thread, with the common pool and
 * with a pool of one's own, whose threads are awake (no pause between calls) or asleep (a
 * millisecond).
 *
 * <p>Cost of sharing out = time with a pool − time on one thread / number of threads. The smallest
 * shapes are below the library's limit and stay on the calling thread whatever the execution; the
 * next ones are just above it and ought to gain. Read the medians ({@code p0.50}): a time that the
 * machine spent elsewhere is in the mean.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class ForkBenchmark {
  /** Rows and classes. */
  @Param({"32x1000", "100x1000", "256x1000", "2400x10", "8000x10", "3000x2", "16000x2"})
  public String shape;

  /** Where it runs. */
  @Param({"sequential", "common", "own"})
  public String execution;

  /** Microseconds between two calls. */
  @Param({"0", "1000"})
  public int pause;

  private ForkJoinPool pool;
  private Calls calls;

  /** Makes data and threads. */
  @Setup(Level.Trial)
  public void setUp() {
    pool = new ForkJoinPool(Runtime.getRuntime().availableProcessors());
    Execution where =
        switch (execution) {
          case "sequential" -> Execution.sequential();
          case "common" -> Execution.parallel();
          case "own" -> Execution.on(pool);
          default -> throw new IllegalArgumentException("'" + execution + "' is no execution");
        };
    calls = new Calls(LogitsBatch.gaussian(Shape.parse(shape)), where);
  }

  /** Lets the pool's threads fall asleep; not in the sample. */
  @Setup(Level.Invocation)
  public void rest() {
    if (pause > 0) {
      LockSupport.parkNanos(pause * 1000L);
    }
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void tearDown() {
    pool.close();
  }

  /** Row losses and their mean. */
  @Benchmark
  public double forward() {
    return calls.forward();
  }

  /** Row losses, their mean and its gradient in another matrix. */
  @Benchmark
  public double forwardAndGradient() {
    return calls.forwardAndGradient();
  }
}
