package io.surprisal.bench;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Hessian;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
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
    mixedDistillation,
    /** Cross-entropy of labels, smoothed over the classes that are not masked, a third is. */
    smoothedMasked,
    /** Focal loss of three targets a row and a tail. */
    focalOfFewTargets,
    /** Entropy of the logits alone. */
    entropy,
    /** The gradient of dense targets, and no other. */
    targetGradient,
    /** The diagonal of second derivatives. */
    hessianDiagonal,
    /** Their product with a direction. */
    hessianProduct
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
  private Runnable call;

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
    Matrix gradient = Matrix.zeros(rows, classes);
    outputs = Outputs.none().withTotals(totals).withGradient(gradient);
    call = () -> loss.compute(batch, outputs);
    if (head == Head.targetGradient) {
      outputs = Outputs.none().withTargetGradient(Gradient.into(gradient));
    } else if (head == Head.hessianDiagonal) {
      call = () -> Hessian.of(CrossEntropy.standard()).diagonal(batch, gradient);
    } else if (head == Head.hessianProduct) {
      call = () -> Hessian.of(CrossEntropy.standard()).product(batch, others, gradient);
    }
    if (head == Head.smoothedMasked) {
      for (int i = 0; i < logits.data().length; i += 3) {
        logits.data()[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private LabelledLoss loss(Execution execution) {
    return switch (head) {
      case labels, targets, targetGradient, hessianDiagonal, hessianProduct ->
          CrossEntropy.builder().execution(execution).build();
      case smoothedMasked ->
          CrossEntropy.builder().labelSmoothingOverFinite(0.1).execution(execution).build();
      case entropy -> SoftmaxEntropy.builder().execution(execution).build();
      case focalOfLabels, focalOfTargets, focalOfFewTargets ->
          SoftmaxFocal.builder().execution(execution).build();
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
      case labels, focalOfLabels, squaredError, smoothedMasked, hessianDiagonal, hessianProduct ->
          Batch.of(logits, labels);
      case entropy -> Batch.of(logits);
      case focalOfFewTargets -> Batch.of(logits, fewTargets());
      case warmDistillation, mixedDistillation -> Batch.of(logits, others).withLabels(labels);
      default -> Batch.of(logits, others);
    };
  }

  private SparseTargets fewTargets() {
    int[] listed = new int[3 * rows];
    float[] values = new float[3 * rows];
    for (int i = 0; i < listed.length; i++) {
      listed[i] = i * 11 % classes;
      values[i] = 0.25f;
    }
    return SparseTargets.of(listed, values, 3).withTail();
  }

  /** Totals and gradient of the batch, or what else the head gives. */
  @Benchmark
  public double forwardAndGradient() {
    call.run();
    return totals.sum();
  }
}
