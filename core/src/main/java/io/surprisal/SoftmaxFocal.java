package io.surprisal;

import io.surprisal.internal.FocalHead;

/**
 * Focal loss of logits with class labels: {@code −(1−p_y)^γ·log p_y}, p = softmax(x), in nats; rows
 * that are well classified count little.
 *
 * <p>With class weights α and sample weight v:
 *
 * <pre>
 *   loss       L   = v·α_y·(1−p_y)^γ·(−ℓ_y)         ℓ = log p
 *   gradient ∂L/∂x_c = v·α_y·[ (1−p_y)^γ − γ·(1−p_y)^(γ−1)·p_y·ℓ_y ]·(p_c − δ_cy)
 * </pre>
 *
 * <p>γ = 0 is {@link CrossEntropy}. The weights α are the builder's class weights, and the mean
 * divides by them unless another {@link Divisor} is named. 1 − p_y comes from the sum of the other
 * classes, never from a subtraction, so that a confident row keeps its digits and no γ below 1
 * makes an infinity.
 *
 * <p>Labels only: a batch with other targets is refused. An ignored row's loss and gradient row are
 * exactly 0; a row of only −∞, or with +∞ or NaN, is NaN in both; a row of one class has loss 0. A
 * logit of −∞ at the label makes the loss +∞, with a finite gradient.
 *
 * <p>Error with the vector kernel: row loss ≤ 3 + 2γ ulp, gradient entries ≤ 4 + 2γ ulp and 2^−126
 * times the factor of the row: a sum that is off by one ulp is so to the power of γ.
 *
 * <p>Source: T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár: Focal loss for dense object
 * detection. ICCV 2017, arXiv 1708.02002.
 */
public final class SoftmaxFocal extends LogitsLoss {
  private static final SoftmaxFocal STANDARD = builder().build();

  private final FocalHead head;

  private SoftmaxFocal(Builder builder) {
    super(builder);
    head = new FocalHead(builder.gamma, builder.classWeights());
  }

  /**
   * The loss with γ = 2, no weights, ignore index −100, mean over the rows that are not ignored, on
   * the calling thread.
   *
   * @return the loss
   */
  public static SoftmaxFocal standard() {
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
  FocalHead head(Batch batch) {
    return head;
  }

  /** Options of the loss. */
  public static final class Builder extends LogitsLoss.Builder<Builder> {
    private double gamma = 2;

    private Builder() {}

    /**
     * How much less a row counts that is well classified.
     *
     * @param gamma γ, 0 or more, 2 by default
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

    @Override
    Builder self() {
      return this;
    }

    /**
     * The loss with these options.
     *
     * @return an immutable loss
     */
    public SoftmaxFocal build() {
      return new SoftmaxFocal(this);
    }
  }
}
