package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;

/** The maps of softmax and log-softmax, and the products of their Jacobians with upstream rows. */
public enum SoftmaxHead implements Head {
  /** p. */
  SOFTMAX(null, MapForm.SCALED),

  /** x − log Σ exp(x). */
  LOG_SOFTMAX(null, MapForm.LOGARITHM),

  /** p ⊙ (v − ⟨p, v⟩). */
  SOFTMAX_PRODUCT(Sums.EXP_DOTS, MapForm.SCALED_TIMES_UPSTREAM),

  /** v − p·Σv. */
  LOG_SOFTMAX_PRODUCT(Sums.UPSTREAM, MapForm.UPSTREAM_PLUS_SCALED);

  /** The one sum that is needed, or null. */
  private final Sums sum;

  private final MapForm form;

  SoftmaxHead(Sums sum, MapForm form) {
    this.sum = sum;
    this.form = form;
  }

  @Override
  public boolean needs(Sums sum) {
    return this.sum == sum;
  }

  @Override
  public MapForm form() {
    return form;
  }

  @Override
  public void apply(RowBlock rows, SoftmaxKernel kernel) {
    for (int i = 0; i < rows.rows; i++) {
      double sum = rows.sum[i];
      boolean regular = sum > 0 && Double.isFinite(sum) && isFinite(rows, i);
      rows.fill[i] = regular ? RowBlock.MAPPED : RowBlock.NANS;
      rows.factor[i] = this == LOG_SOFTMAX_PRODUCT ? -rows.weightedSum[i] : 1;
      rows.divideFactor(i);
      rows.takeMean(i);
      if (this == LOG_SOFTMAX) {
        rows.splitLogSumExp(i);
      }
    }
  }

  /**
   * Whether the sum over the upstream row is finite; where it is not, one of them is not either.
   */
  private boolean isFinite(RowBlock rows, int i) {
    return switch (this) {
      case SOFTMAX_PRODUCT -> Double.isFinite(rows.dot[i]);
      case LOG_SOFTMAX_PRODUCT -> Double.isFinite(rows.weightedSum[i]);
      case SOFTMAX, LOG_SOFTMAX -> true;
    };
  }
}
