package io.surprisal.bench;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.BatchStorage;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cross-entropy of logits that are stored in different ways, the gradient in the same storage, on
 * one thread: calls a second. What counts is the ratio to {@code ARRAY}. Settings as of {@link
 * CrossEntropyBenchmark}; the shapes are one in the second cache, and larger ones.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class StorageBenchmark {
  /** Where the numbers lie. */
  @Param({"ARRAY", "NATIVE", "SWAPPED", "BFLOAT16", "FLOAT16"})
  public BatchStorage storage;

  /** Rows and classes. */
  @Param({"32x1000", "4096x1000", "65536x10", "65536x2", "512x32000"})
  public String shape;

  private Calls calls;

  /** Makes the data. */
  @Setup(Level.Trial)
  public void setUp() {
    LogitsBatch data = storage.store(LogitsBatch.gaussian(Shape.parse(shape)));
    calls = new Calls(data, Execution.sequential().with(Kernel.named("vector")));
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

  /** Row losses, their mean and its gradient added to another matrix. */
  @Benchmark
  public double gradientAdded() {
    return calls.gradientAdded();
  }

  Calls calls() {
    return calls;
  }
}
