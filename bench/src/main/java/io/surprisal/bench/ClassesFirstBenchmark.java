package io.surprisal.bench;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
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
 * Cross-entropy of images, {@code [8, 21, 256, 256]}, with their classes first, beside the same
 * number of elements with classes last: the ratio is what the layout costs.
 *
 * <p>Labels are those of the pixels in turn, without order: labels in patches, as images have them,
 * are no dearer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ClassesFirstBenchmark {
  /** Where the classes are. */
  @Param({"first", "last"})
  public String classes;

  /** Images. */
  @Param("8")
  public int batches;

  /** Pixels of an image, and classes. */
  @Param({"65536x21", "65536x2", "65536x100"})
  public String image;

  /** Name of the kernel. */
  @Param("vector")
  public String kernel;

  private CrossEntropy loss;
  private Totals totals;
  private Batch batch;
  private Batch gradientBatch;
  private Outputs forward;
  private Outputs withGradient;

  /** Makes the images. */
  @Setup(Level.Trial)
  public void setUp() {
    Shape one = Shape.parse(image);
    LogitsBatch data = LogitsBatch.gaussian(new Shape(batches * one.rows(), one.classes()));
    loss =
        CrossEntropy.builder().execution(Execution.sequential().with(Kernel.named(kernel))).build();
    totals = loss.newTotals();
    batch = Batch.of(laidOut(data.logits(), one), data.labels());
    Matrix gradient = laidOut(data.scratch(), one);
    gradientBatch = Batch.of(gradient, data.labels());
    forward = Outputs.none().withTotals(totals);
    withGradient = forward.withGradient(gradient);
  }

  /** The numbers are random, so that they need not move. */
  private Matrix laidOut(Matrix matrix, Shape one) {
    return switch (classes) {
      case "first" -> Matrix.classesFirst(matrix.data(), batches, one.classes(), one.rows());
      case "last" -> matrix;
      default -> throw new IllegalArgumentException("'" + classes + "' is no layout");
    };
  }

  /** The mean. */
  @Benchmark
  public double forward() {
    return run(batch, forward);
  }

  /** The mean, and its gradient in another matrix. */
  @Benchmark
  public double forwardAndGradient() {
    return run(batch, withGradient);
  }

  /** The mean, and its gradient in place of the logits, which are the last call's gradient. */
  @Benchmark
  public double gradientInPlace() {
    return run(gradientBatch, withGradient);
  }

  private double run(Batch images, Outputs outputs) {
    totals.clear();
    loss.compute(images, outputs);
    return totals.mean();
  }
}
