package io.surprisal.diagnosis;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
import java.util.function.BiConsumer;

/** The losses beyond cross-entropy of labels, each with what it is taken of. */
final class FamilyDigest {
  private final Execution execution;
  private final BiConsumer<LabelledLoss, Batch> taker;

  FamilyDigest(Execution execution, BiConsumer<LabelledLoss, Batch> taker) {
    this.execution = execution;
    this.taker = taker;
  }

  /**
   * Takes all of them.
   *
   * @param others targets, or the logits of a teacher
   * @param weights of the classes
   */
  void of(Matrix logits, Labels labels, Matrix others, float[] weights) {
    Batch labelled = Batch.of(logits, labels);
    Batch dense = Batch.of(logits, others);
    SoftmaxSquaredError squared =
        SoftmaxSquaredError.builder().classWeights(weights).execution(execution).build();
    taker.accept(squared, labelled);
    taker.accept(squared, dense);
    for (double gamma : new double[] {2, 1.5}) {
      SoftmaxFocal focal =
          SoftmaxFocal.builder().gamma(gamma).classWeights(weights).execution(execution).build();
      taker.accept(focal, dense);
      taker.accept(focal, Batch.of(logits, sparse(logits).withTail()));
    }
    taker.accept(SoftmaxEntropy.builder().execution(execution).build(), labelled);
    addDistillation(dense.withLabels(labels));
    taker.accept(
        CrossEntropy.builder()
            .labelSmoothingOverFinite(0.1)
            .divisor(Divisor.ONE)
            .execution(execution)
            .build(),
        labelled);
  }

  private void addDistillation(Batch batch) {
    Distillation.Builder builder = Distillation.builder().execution(execution);
    taker.accept(builder.forward().build(), batch);
    taker.accept(builder.reverse().build(), batch);
    taker.accept(builder.jensenShannon(0.3).temperature(2).hardLoss(0.1).build(), batch);
  }

  /** One class a row, of half of the mass. */
  private static SparseTargets sparse(Matrix logits) {
    int[] classes = new int[logits.rows()];
    float[] values = new float[logits.rows()];
    for (int row = 0; row < classes.length; row++) {
      classes[row] = row * 7 % logits.classes();
      values[row] = 0.5f;
    }
    return SparseTargets.of(classes, values, 1);
  }
}
