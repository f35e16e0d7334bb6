package io.surprisal;

import java.util.Objects;

/**
 * What an {@link ElementLoss} is taken of: a number and a target for each element, and optionally a
 * weight.
 *
 * <p>A view: nothing is copied, and what the arrays hold is read at each call. Immutable itself, so
 * one made once serves every batch that comes in the same arrays.
 *
 * {@snippet :
 * Matrix elementWeights = Matrix.zeros(rows, classes);
 * ElementBatch batch = ElementBatch.of(logits, targets).withWeights(elementWeights);
 * ElementTotals totals = BinaryCrossEntropy.standard().forward(batch);
 * }
 */
public final class ElementBatch {
  private final Matrix inputs;
  private final Matrix targets;
  private final Matrix weights;

  private ElementBatch(Matrix inputs, Matrix targets, Matrix weights) {
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
  }

  /**
   * A batch.
   *
   * @param inputs {@code [rows × classes]}: logits, probabilities or log-probabilities, as the loss
   *     takes them
   * @param targets {@code [rows × classes]}
   * @return the batch
   * @throws IllegalArgumentException if the shapes differ
   */
  public static ElementBatch of(Matrix inputs, Matrix targets) {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(targets, "targets");
    Checks.shape("targets", targets, "inputs", inputs);
    Layout.requireClassesLast("inputs", inputs);
    Layout.requireClassesLast("targets", targets);
    return new ElementBatch(inputs, targets, null);
  }

  /**
   * The same batch with a weight for each element, which multiplies its loss and its gradient.
   *
   * @param weights {@code [rows × classes]}, finite and not negative
   * @return the batch
   * @throws IllegalArgumentException if the shape is another
   */
  public ElementBatch withWeights(Matrix weights) {
    Objects.requireNonNull(weights, "weights");
    Checks.shape("weights", weights, "inputs", inputs);
    Layout.requireClassesLast("weights", weights);
    return new ElementBatch(inputs, targets, weights);
  }

  /**
   * What the loss is taken of.
   *
   * @return {@code [rows × classes]}
   */
  public Matrix inputs() {
    return inputs;
  }

  /**
   * The targets.
   *
   * @return {@code [rows × classes]}
   */
  public Matrix targets() {
    return targets;
  }

  /** The weights of the elements, or null. */
  Matrix weights() {
    return weights;
  }
}
