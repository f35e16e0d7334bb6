package io.surprisal.bench;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Execution;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.Totals;
import java.util.SplittableRandom;
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
 * Loss and gradient of every head that weighs, beside cross-entropy, on one thread: what a head
 * costs is its time over that of {@code labels} or {@code targets} in one run. Forks and iterations
 * as in {@link CrossEntropyBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class HeadBenchmark {
  /** What is measured. */
  public enum Head {
    /** Cross-entropy of labels. */
    labels,
    /** Cross-entropy of dense targets. */
    targets,
    /** Focal loss of labels. */
    focalOfLabels,
    /** Focal loss of dense targets, γ = 2. */
    focalOfTargets,
    /** Squared error of labels. */
    squaredError,
    /** The forward divergence from a teacher. */
    forwardDistillation,
    /** The reverse one. */
    reverseDistillation,
    /** The forward one at temperature 2, with the hard loss. */
    warmDistillation,
    /** Jensen–Shannon. */
    jensenShannon,
    /** Jensen–Shannon, at temperature 2, with the hard loss. */
    mixedDistillation
  }

  /** Which loss. */
  @Param public Head head;

  /** Rows of the batch. */
  @Param("4096")
  public int rows;

  /** Classes. */
  @Param("1000")
  public int classes;

  private LabelledLoss loss;
  private Batch batch;
  private Outputs outputs;
  private Totals totals;

  /** Makes logits, a teacher or targets, and labels. */
  @Setup(Level.Trial)
  public void setUp() {
    SplittableRandom random = new SplittableRandom(1);
    Matrix logits = Matrix.zeros(rows, classes);
    Matrix others = Matrix.zeros(rows, classes);
    int[] numbers = new int[rows];
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] = (float) random.nextGaussian();
      others.data()[i] = (float) random.nextDouble() * 2 / classes;
    }
    for (int row = 0; row < rows; row++) {
      numbers[row] = random.nextInt(classes);
    }
    loss = loss(Execution.sequential());
    batch = batch(logits, others, Labels.of(numbers));
    totals = loss.newTotals();
    outputs = Outputs.none().withTotals(totals).withGradient(Matrix.zeros(rows, classes));
  }

  private LabelledLoss loss(Execution execution) {
    return switch (head) {
      case labels, targets -> CrossEntropy.builder().execution(execution).build();
      case focalOfLabels, focalOfTargets -> SoftmaxFocal.builder().execution(execution).build();
      case squaredError -> SoftmaxSquaredError.builder().execution(execution).build();
      case forwardDistillation -> Distillation.builder().execution(execution).build();
      case reverseDistillation -> Distillation.builder().reverse().execution(execution).build();
      case warmDistillation ->
          Distillation.builder().temperature(2).hardLoss(0.1).execution(execution).build();
      case jensenShannon -> Distillation.builder().jensenShannon(0.5).execution(execution).build();
      case mixedDistillation ->
          Distillation.builder()
              .jensenShannon(0.5)
              .temperature(2)
              .hardLoss(0.1)
              .execution(execution)
              .build();
    };
  }

  private Batch batch(Matrix logits, Matrix others, Labels labels) {
    return switch (head) {
      case labels, focalOfLabels, squaredError -> Batch.of(logits, labels);
      case warmDistillation, mixedDistillation -> Batch.of(logits, others).withLabels(labels);
      default -> Batch.of(logits, others);
    };
  }

  /** Totals and gradient of the batch. */
  @Benchmark
  public double forwardAndGradient() {
    loss.compute(batch, outputs);
    return totals.sum();
  }
}
