package io.surprisal;

import io.surprisal.internal.ElementHead;
import io.surprisal.internal.SigmoidFocalHead;

/**
 * Focal loss of the sigmoid: binary cross-entropy that weighs each element by how wrong it is, so
 * that many easy elements do not drown the few hard ones. In nats.
 *
 * <p>For an element with logit x, target y in [0, 1], weight v, p = σ(x), {@code p_t = p·y +
 * (1−p)·(1−y)} and {@code α_t = α·y + (1−α)·(1−y)}:
 *
 * <pre>
 *   loss       L   = v·α_t·(1−p_t)^γ·BCE,   BCE = −y·log p − (1−y)·log(1−p)
 *   gradient ∂L/∂x = v·α_t·[ (1−p_t)^γ·(p−y) − γ·(1−p_t)^(γ−1)·BCE·(2y−1)·p·(1−p) ]
 * </pre>
 *
 * <p>The gradient that is written is that of the reduced loss: times the upstream factor, divided
 * by the {@link Divisor}.
 *
 * <p>Special values. At x = ±∞ the limit: loss and gradient 0 where the target is wholly of that
 * side; elsewhere loss +∞. NaN gives NaN, in its element alone. An ignored element's loss and
 * gradient are exactly 0. γ between 0 and 1 is as exact as any other.
 *
 * <p>Error, with every kernel: loss within 0.51 ulp of the float result, gradient within 0.51 ulp
 * of the result or of the larger of its two terms, if that is larger.
 *
 * <p>Source: Lin, Goyal, Girshick, He and Dollár 2017, arXiv 1708.02002.
 *
 * {@snippet :
 * SigmoidFocal loss = SigmoidFocal.builder().gamma(2).alpha(0.25).build();
 * ElementTotals totals = loss.forwardAndGradient(logits, targets, gradient);
 * }
 */
public final class SigmoidFocal extends ElementLoss {
  private final SigmoidFocalHead head;
  private final ElementRange targetRange;

  private SigmoidFocal(Builder builder) {
    super(builder);
    targetRange = builder.range(1);
    head = new SigmoidFocalHead(builder.gamma, builder.positiveShare, builder.negativeShare);
  }

  /**
   * A loss with options.
   *
   * @return a builder with γ = 2, without α, mean over the elements, on the calling thread
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  ElementHead head() {
    return head;
  }

  @Override
  void checkValues(ElementBatch batch, Execution execution) {
    targetRange.check("targets", batch.targets(), batch.targets(), execution);
  }

  /** Options of the loss. */
  public static final class Builder extends ElementLoss.Builder<Builder> {
    private double gamma = 2;
    private double positiveShare = 1;
    private double negativeShare = 1;

    private Builder() {}

    /**
     * How strongly easy elements are weighed down.
     *
     * @param gamma γ, 2 by default; 0 weighs all alike
     * @return this
     * @throws IllegalArgumentException if γ is negative, infinite or NaN
     */
    public Builder gamma(double gamma) {
      if (!(gamma >= 0) || Double.isInfinite(gamma)) {
        throw new IllegalArgumentException("gamma = " + gamma + " is outside [0, ∞)");
      }
      this.gamma = gamma;
      return this;
    }

    /**
     * Weighs positives by α and negatives by 1 − α; without it both by 1.
     *
     * @param share α, from 0 to 1; 0.25 in the paper
     * @return this
     * @throws IllegalArgumentException if α is outside [0, 1]
     */
    public Builder alpha(double share) {
      Checks.share("alpha", share);
      positiveShare = share;
      negativeShare = 1 - share;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The loss with these options.
     *
     * @return an immutable loss
     */
    public SigmoidFocal build() {
      return new SigmoidFocal(this);
    }
  }
}
