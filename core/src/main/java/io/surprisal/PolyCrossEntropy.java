package io.surprisal;

import io.surprisal.internal.PolyHead;

/**
 * Poly-1 cross-entropy of logits with class labels: {@code −log p_y + ε·(1−p_y)}, p = softmax(x),
 * in nats.
 *
 * <p>With class weights w and sample weight v:
 *
 * <pre>
 *   loss       L   = v·w_y·[ −ℓ_y + ε·(1−p_y) ]         ℓ = log p
 *   gradient ∂L/∂x_c = v·w_y·(1 + ε·p_y)·(p_c − δ_cy)
 * </pre>
 *
 * <p>ε = 0 is {@link CrossEntropy}.
 *
 * <p>Labels only: a batch with other targets is refused. An ignored row's loss and gradient row are
 * exactly 0; a row of only −∞, or with +∞ or NaN, is NaN in both; a row of one class has loss 0. A
 * logit of −∞ at the label makes the loss +∞, with a finite gradient.
 *
 * <p>Error with the vector kernel: row loss ≤ 4 ulp of the larger of its two terms; gradient
 * entries ≤ 4 ulp for ε ≥ 0, ≤ 6 ulp below, and 2^−126 times the factor of the row.
 *
 * <p>Source: Z. Leng, M. Tan, C. Liu, E. D. Cubuk, X. Shi, S. Cheng, D. Anguelov: PolyLoss. ICLR
 * 2022, arXiv 2204.12511.
 *
 * {@snippet :
 * PolyCrossEntropy loss = PolyCrossEntropy.builder().epsilon(2).build();
 * Totals totals = loss.forwardAndGradient(logits, labels, gradient);
 * }
 */
public final class PolyCrossEntropy extends LogitsLoss {
  private static final PolyCrossEntropy STANDARD = builder().build();

  private final PolyHead head;

  private PolyCrossEntropy(Builder builder) {
    super(builder);
    head = new PolyHead(builder.epsilon, builder.classWeights());
  }

  /**
   * The loss with ε = 1, no weights, ignore index −100, mean over the rows that are not ignored, on
   * the calling thread.
   *
   * @return the loss
   */
  public static PolyCrossEntropy standard() {
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
  PolyHead head(Batch batch) {
    return head;
  }

  /** Options of the loss. */
  public static final class Builder extends LogitsLoss.Builder<Builder> {
    private double epsilon = 1;

    private Builder() {}

    /**
     * The factor of the first term of the loss's expansion in 1 − p.
     *
     * @param epsilon ε, −1 or more, 1 by default
     * @return this
     * @throws IllegalArgumentException if ε is below −1, infinite or NaN
     */
    public Builder epsilon(double epsilon) {
      if (!(epsilon >= -1) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException("epsilon = " + epsilon + " is outside [−1, ∞)");
      }
      this.epsilon = epsilon;
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
    public PolyCrossEntropy build() {
      return new PolyCrossEntropy(this);
    }
  }
}
