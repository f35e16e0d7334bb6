package io.surprisal.internal;

import io.surprisal.spi.MapForm;

/**
 * What makes one loss different from another: plain arithmetic from row summaries to losses and
 * coefficients.
 *
 * <p>A head is immutable and thread-safe, allocates nothing, and uses only operations whose bits
 * are the same on every machine.
 */
public interface Head {
  /** Which sums the head needs beside Σ exp(x). */
  enum Sums {
    /** No other. */
    NONE,
    /** Σ w·x over the logits. */
    WEIGHTED_LOGITS,
    /** Σ e·v with the upstream rows. */
    EXP_DOTS,
    /** Σ v of the upstream rows, as the weighted sum. */
    UPSTREAM
  }

  /**
   * The sums that are needed.
   *
   * @return one of the kinds
   */
  default Sums sums() {
    return Sums.NONE;
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
   * Computes loss and coefficients of every row.
   *
   * @param rows the block, its summaries filled in
   */
  void apply(RowBlock rows);
}
