package io.surprisal.diagnosis;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.LabelledLoss;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import java.util.Objects;

/**
 * A loss by its definition, in double arithmetic, a row at a time: what results in float are
 * compared with.
 *
 * <p>It knows its batch: labels, weights, rows that do not count. It shares no code with the
 * kernels and the losses that it stands for, and adds and subtracts so that it keeps its digits on
 * the most confident row and under any offset. A loss of one's own joins as a lambda, and can then
 * be checked by {@link LossCheck} as the library's are.
 */
@FunctionalInterface
public interface ReferenceLoss {
  /**
   * Loss and gradient of a row.
   *
   * @param row its number in the batch
   * @param logits {@code [classes]}, read; the row's logits, or others near them
   * @return what the loss gives; all 0 for a row that does not count
   */
  ReferenceRow row(int row, double[] logits);

  /**
   * Loss and gradient of a row of a matrix.
   *
   * @param row from 0 to rows − 1
   * @param logits {@code [rows × classes]}, read
   * @return what the loss gives
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  default ReferenceRow row(int row, Matrix logits) {
    double[] values = new double[logits.classes()];
    for (int column = 0; column < values.length; column++) {
      values[column] = logits.getDouble(row, column);
    }
    return row(row, values);
  }

  /**
   * The reference of a loss of the library, with its options, on a batch.
   *
   * <p>Error: 4e-15 of the scale of each result.
   *
   * @param loss cross-entropy with class labels of logits that are taken as they are, or negative
   *     log-likelihood
   * @param batch labels, weights and ignored rows; its logits are not read here
   * @return the reference
   * @throws IllegalArgumentException if there is none for this loss
   */
  static ReferenceLoss of(LabelledLoss loss, Batch batch) {
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(batch, "batch");
    return switch (loss) {
      case CrossEntropy crossEntropy when isPlain(crossEntropy, batch) ->
          new CrossEntropyReference(crossEntropy, batch);
      case NegativeLogLikelihood likelihood when batch.labels() != null ->
          new LikelihoodReference(likelihood, batch);
      default -> throw new IllegalArgumentException("there is no reference for " + loss);
    };
  }

  private static boolean isPlain(CrossEntropy loss, Batch batch) {
    return batch.labels() != null
        && loss.logitScale() == 1
        && loss.softCap() == Double.POSITIVE_INFINITY;
  }
}
