package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.WeighForm;

/**
 * What makes one loss different from another: plain arithmetic from row summaries to losses and
 * coefficients.
 *
 * <p>A head is immutable and thread-safe, allocates nothing, and uses only operations whose bits
 * are the same on every machine.
 */
public interface Head {
  /** A sum that a head may need beside Σ exp(x). */
  enum Sums {
    /** Σ w·x over the logits. */
    WEIGHTED_LOGITS,
    /** How many logits are not −∞, and Σ w and, in the place of the former, Σ w·x over these. */
    FINITE_CLASSES,
    /** Σ e·v with the upstream rows. */
    EXP_DOTS,
    /** Σ v of the upstream rows, as the weighted sum. */
    UPSTREAM,
    /** Σ w·q and Σ w·q·x with the targets. */
    TARGETS
  }

  /**
   * Whether a sum is needed: any of them, but one weighted sum at most.
   *
   * @param sum which
   * @return false if not said otherwise
   */
  default boolean needs(Sums sum) {
    return false;
  }

  /**
   * Class weights of Σ w·x and of MAP.
   *
   * @return null where every weight is 1
   */
  default float[] classWeights() {
    return null;
  }

  /**
   * What MAP writes.
   *
   * @return the form; {@link MapForm#SCALED} for most losses
   */
  default MapForm form() {
    return MapForm.SCALED;
  }

  /**
   * Whether the loss of a row is −log p of its label, times the row's weight, and nothing else.
   *
   * @return true where one sum serves for both
   */
  default boolean isLikelihood() {
    return false;
  }

  /**
   * Whether what MAP writes is with respect to the mapped logits, and a scale of these is still to
   * be multiplied in.
   *
   * @return false where the head has done so
   */
  default boolean takesSlopes() {
    return true;
  }

  /**
   * Computes loss and coefficients of every row; of a head that weighs, the factors that make
   * probabilities of exponentials.
   *
   * @param rows the block, its summaries filled in
   * @param kernel for exponentials and logarithms of many rows at once
   */
  void apply(RowBlock rows, SoftmaxKernel kernel);

  /**
   * Whether the losses are known only after WEIGH, the sums over probabilities between {@link
   * #apply} and {@link #applyWeighed}.
   *
   * <p>The class that stands apart in such a pass is that of the largest logit, whatever the label:
   * 1 − p of the one class that can be near 1 is then known to its last digit.
   *
   * @return false where the losses are known without
   */
  default boolean weighs() {
    return weighForm() != null;
  }

  /**
   * What the kernel adds up in WEIGH.
   *
   * @return the form, or null where it does not
   */
  default WeighForm weighForm() {
    return null;
  }

  /**
   * Computes loss and coefficients of every row from the sums that WEIGH has left.
   *
   * @param rows the block, its weighed sums filled in
   */
  default void applyWeighed(RowBlock rows) {}
}
