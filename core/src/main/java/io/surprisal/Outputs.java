package io.surprisal;

import java.util.Objects;
import java.util.StringJoiner;

/**
 * What one pass over a batch is to compute: any subset of row losses, gradient and totals.
 *
 * <p>Immutable; made once and used for every batch of the same shape, so that a call allocates
 * nothing.
 */
public final class Outputs {
  private static final Outputs NONE = new Outputs(null, null, null);

  private final float[] losses;
  private final Gradient gradient;
  private final Totals totals;

  private Outputs(float[] losses, Gradient gradient, Totals totals) {
    this.losses = losses;
    this.gradient = gradient;
    this.totals = totals;
  }

  /**
   * Nothing yet.
   *
   * @return outputs to add to
   */
  public static Outputs none() {
    return NONE;
  }

  /**
   * With each row's loss.
   *
   * @param losses {@code [rows]} or longer, in nats; an ignored row's is 0
   * @return the outputs
   */
  public Outputs withLosses(float[] losses) {
    return new Outputs(Objects.requireNonNull(losses, "losses"), gradient, totals);
  }

  /**
   * With the gradient.
   *
   * @param gradient where it goes
   * @return the outputs
   */
  public Outputs withGradient(Gradient gradient) {
    return new Outputs(losses, Objects.requireNonNull(gradient, "gradient"), totals);
  }

  /**
   * With the gradient, written into a matrix.
   *
   * @param gradient {@code [rows × classes]}; the logits themselves, or disjoint from them
   * @return the outputs
   */
  public Outputs withGradient(Matrix gradient) {
    return withGradient(Gradient.into(gradient));
  }

  /**
   * With totals, to which those of each call are added.
   *
   * @param totals made by a loss with the same divisor and the same policy for an empty mean
   * @return the outputs
   */
  public Outputs withTotals(Totals totals) {
    return new Outputs(losses, gradient, Objects.requireNonNull(totals, "totals"));
  }

  /** The row losses, or null. */
  float[] losses() {
    return losses;
  }

  /** The gradient, or null. */
  Gradient gradient() {
    return gradient;
  }

  /** The totals, or null. */
  Totals totals() {
    return totals;
  }

  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner(", ", "Outputs[", "]");
    if (losses != null) {
      parts.add("losses");
    }
    if (gradient != null) {
      parts.add(gradient.toString());
    }
    if (totals != null) {
      parts.add("totals");
    }
    return parts.toString();
  }
}
