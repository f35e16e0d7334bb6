package io.surprisal.bench;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.bench.workload.Shape;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cross-entropy of the same logits as doubles and as floats, calls a second on one thread: the
 * ratio is what twice the digits cost. Settings as of {@link CrossEntropyBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class DoubleBenchmark {
  /** Name of the kernel. */
  @Param({"vector", "scalar"})
  public String kernel;

  /** Type of logits, losses and gradient. */
  @Param({"double", "float"})
  public String type;

  /** Rows and classes. */
  @Param({"65536x10", "4096x1000", "512x32000"})
  public String shape;

  private CrossEntropy loss;
  private Batch batch;
  private Outputs losses;
  private Outputs lossesAndGradient;

  /** For JMH. */
  public DoubleBenchmark() {}

  /** Makes the batch. */
  @Setup
  public void makeBatch() {
    Shape parsed = Shape.parse(shape);
    int rows = parsed.rows();
    int classes = parsed.classes();
    SplittableRandom random = new SplittableRandom(1);
    double[] logits = random.doubles((long) rows * classes, -8, 8).toArray();
    Labels labels = Labels.of(random.ints(rows, 0, classes).toArray());
    loss =
        CrossEntropy.builder().execution(Execution.sequential().with(Kernel.named(kernel))).build();
    if (type.equals("double")) {
      batch = Batch.of(Matrix.of(logits, rows, classes), labels);
      losses = Outputs.none().withLosses(new double[rows]);
      lossesAndGradient = losses.withGradient(Matrix.of(new double[logits.length], rows, classes));
    } else {
      float[] rounded = new float[logits.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (float) logits[i];
      }
      batch = Batch.of(Matrix.of(rounded, rows, classes), labels);
      losses = Outputs.none().withLosses(new float[rows]);
      lossesAndGradient = losses.withGradient(Matrix.zeros(rows, classes));
    }
  }

  /** Row losses. */
  @Benchmark
  public void forward() {
    loss.compute(batch, losses);
  }

  /** Row losses and gradient. */
  @Benchmark
  public void forwardAndGradient() {
    loss.compute(batch, lossesAndGradient);
  }
}
