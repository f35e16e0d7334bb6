package io.surprisal;

import io.surprisal.internal.ElementHead;
import io.surprisal.internal.LogisticHead;
import io.surprisal.spi.ElementForm;

/**
 * Squared error of probabilities, {@code (σ(x) − y)²}: what {@link BinaryCrossEntropy} is
 * contrasted with when it is taught.
 *
 * <p>For an element with logit x, target y in [0, 1], weight v and p = σ(x):
 *
 * <pre>
 *   loss       L   = v·(p − y)²
 *   gradient ∂L/∂x = v·2·(p − y)·p·(1 − p)
 * </pre>
 *
 * <p>Its gradient vanishes where the model is confidently wrong, so that nothing is learnt there;
 * that of cross-entropy is then largest.
 *
 * <p>Special values. At x = ±∞ p is 1 or 0 and the gradient 0. NaN gives NaN, in its element alone.
 * An ignored element's loss and gradient are exactly 0.
 *
 * <p>Error with the vector kernel: loss ≤ 8 ulp of the square of the larger term of p − y, gradient
 * ≤ 6 ulp of that of its formula; 2^−124 absolute.
 *
 * {@snippet :
 * ElementTotals totals = SigmoidSquaredError.standard().forwardAndGradient(logits, targets, gradient);
 * }
 */
public final class SigmoidSquaredError extends ElementLoss {
  private static final LogisticHead HEAD = new LogisticHead(ElementForm.SQUARED_ERROR, 0, null);
  private static final SigmoidSquaredError STANDARD = builder().build();

  private final ElementRange targetRange;

  private SigmoidSquaredError(Builder builder) {
    super(builder);
    targetRange = builder.range(1);
  }

  /**
   * The loss without weights, mean over the elements, on the calling thread.
   *
   * @return the loss
   */
  public static SigmoidSquaredError standard() {
    return STANDARD;
  }

  /**
   * A loss with options.
   *
   * @return a builder that has the defaults of {@link #standard()}
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  ElementHead head() {
    return HEAD;
  }

  @Override
  void checkValues(ElementBatch batch, Execution execution) {
    targetRange.check("targets", batch.targets(), batch.targets(), execution);
  }

  /** Options of the loss. */
  public static final class Builder extends ElementLoss.Builder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * The loss with these options.
     *
     * @return an immutable loss
     */
    public SigmoidSquaredError build() {
      return new SigmoidSquaredError(this);
    }
  }
}
