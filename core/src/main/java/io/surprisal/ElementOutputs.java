package io.surprisal;

import java.util.Objects;

/**
 * What one pass over the elements of a batch is to compute: any subset of element losses, gradient
 * and totals.
 *
 * <p>Immutable; made once and used for every batch of the same shape, so that a call allocates
 * nothing.
 *
 * {@snippet :
 * Matrix losses = Matrix.zeros(rows, classes);
 * ElementOutputs outputs = ElementOutputs.none().withLosses(losses).withGradient(gradient);
 * BinaryCrossEntropy.standard().compute(ElementBatch.of(logits, targets), outputs);
 * }
 */
public final class ElementOutputs {
  private static final ElementOutputs NONE = new ElementOutputs(null, null, null);

  private final Matrix losses;
  private final Gradient gradient;
  private final ElementTotals totals;

  private ElementOutputs(Matrix losses, Gradient gradient, ElementTotals totals) {
    this.losses = losses;
    this.gradient = gradient;
    this.totals = totals;
  }

  /**
   * Nothing yet.
   *
   * @return outputs to add to
   */
  public static ElementOutputs none() {
    return NONE;
  }

  /**
   * With each element's loss.
   *
   * @param losses {@code [rows × classes]}, in nats; disjoint from what is read
   * @return the outputs
   */
  public ElementOutputs withLosses(Matrix losses) {
    return new ElementOutputs(Objects.requireNonNull(losses, "losses"), gradient, totals);
  }

  /**
   * With the gradient.
   *
   * @param gradient where it goes
   * @return the outputs
   */
  public ElementOutputs withGradient(Gradient gradient) {
    return new ElementOutputs(losses, Objects.requireNonNull(gradient, "gradient"), totals);
  }

  /**
   * With the gradient, written into a matrix.
   *
   * @param gradient {@code [rows × classes]}; the inputs themselves, or disjoint from what is read
   * @return the outputs
   */
  public ElementOutputs withGradient(Matrix gradient) {
    return withGradient(Gradient.into(gradient));
  }

  /**
   * With totals, to which those of each call are added.
   *
   * @param totals made by a loss with the same divisor and the same policy for an empty mean
   * @return the outputs
   */
  public ElementOutputs withTotals(ElementTotals totals) {
    return new ElementOutputs(losses, gradient, Objects.requireNonNull(totals, "totals"));
  }

  /** The element losses, or null. */
  Matrix losses() {
    return losses;
  }

  /** The gradient, or null. */
  Gradient gradient() {
    return gradient;
  }

  /** The totals, or null. */
  ElementTotals totals() {
    return totals;
  }
}
