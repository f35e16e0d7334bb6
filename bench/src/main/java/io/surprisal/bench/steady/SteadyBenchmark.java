package io.surprisal.bench.steady;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether speed depends on what the JVM has seen before: calls from a hot outer loop, after every
 * kernel was made to run all other shapes, options, operations and layouts of rows, so that no
 * branch and no call has the profile that suits it.
 *
 * <p>To be read fork by fork, each by its best iteration: {@code surprisal steady} does so. What is
 * called before is what {@link Kernel#warmUp(Duration)} calls, and it is cut off in the middle: the
 * code measured is compiled with these profiles and the loop's own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class SteadyBenchmark {
  private static final int CALLS = 8;

  /** Rows and classes: some hundred thousand logits of each regime. */
  @Param({"65536x2", "32768x10", "4096x100", "512x1000", "32x1000", "16x32000"})
  public String shape;

  /** What is called. */
  @Param({"forward", "forwardAndGradient", "gradientInPlace"})
  public String operation;

  /** Milliseconds that each kernel is made to run other work before. */
  @Param("700")
  public int otherMillis;

  private Calls calls;
  private Operation called;

  /** Other work first, then the data. */
  @Setup(Level.Trial)
  public void setUp() {
    for (String name : Kernel.names()) {
      boolean unused = Kernel.named(name).warmUp(Duration.ofMillis(otherMillis));
    }
    calls = new Calls(LogitsBatch.gaussian(Shape.parse(shape)), Execution.sequential());
    called = Operation.parse(operation);
  }

  /** One call of the preferred kernel, from a loop. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public double hotLoop() {
    double sum = 0;
    for (int i = 0; i < CALLS; i++) {
      sum += calls.run(called);
    }
    return sum;
  }
}
