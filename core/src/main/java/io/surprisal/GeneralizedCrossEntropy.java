package io.surprisal;

import io.surprisal.internal.GeneralizedHead;

/**
 * Generalised cross-entropy of logits with class labels: {@code (1 − p_y^k)/k}, p = softmax(x);
 * between cross-entropy (k → 0) and the absolute error (k = 1), for labels that may be wrong.
 *
 * <p>With class weights w and sample weight v:
 *
 * <pre>
 *   loss       L   = v·w_y·(1 − p_y^k)/k
 *   gradient ∂L/∂x_c = v·w_y·p_y^k·(p_c − δ_cy)
 * </pre>
 *
 * <p>Labels only: a batch with other targets is refused. An ignored row's loss and gradient row are
 * exactly 0; a row of only −∞, or with +∞ or NaN, is NaN in both; a row of one class has loss 0. A
 * logit of −∞ at the label has the loss w_y/k and a gradient of 0.
 *
 * <p>Error with the vector kernel: row loss ≤ 4 ulp; gradient entries ≤ 6 ulp and 2^−126 times the
 * factor of the row.
 *
 * <p>Source: Z. Zhang, M. R. Sabuncu: Generalized cross entropy loss for training deep neural
 * networks with noisy labels. NeurIPS 2018, arXiv 1805.07836.
 *
 * {@snippet :
 * GeneralizedCrossEntropy loss = GeneralizedCrossEntropy.builder().exponent(0.7).build();
 * Totals totals = loss.forwardAndGradient(logits, labels, gradient);
 * }
 */
public final class GeneralizedCrossEntropy extends LogitsLoss {
  private static final GeneralizedCrossEntropy STANDARD = builder().build();

  private final GeneralizedHead head;

  private GeneralizedCrossEntropy(Builder builder) {
    super(builder);
    head = new GeneralizedHead(builder.exponent, builder.classWeights());
  }

  /**
   * The loss with k = 0.7, no weights, ignore index −100, mean over the rows that are not ignored,
   * on the calling thread.
   *
   * @return the loss
   */
  public static GeneralizedCrossEntropy standard() {
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
  GeneralizedHead head(Batch batch) {
    return head;
  }

  /** Options of the loss. */
  public static final class Builder extends LogitsLoss.Builder<Builder> {
    private double exponent = 0.7;

    private Builder() {}

    /**
     * The power of the label's probability.
     *
     * @param exponent k, above 0, at most 1, 0.7 by default
     * @return this
     * @throws IllegalArgumentException if k is outside (0, 1]
     */
    public Builder exponent(double exponent) {
      if (!(exponent > 0 && exponent <= 1)) {
        throw new IllegalArgumentException("exponent = " + exponent + " is outside (0, 1]");
      }
      this.exponent = exponent;
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
    public GeneralizedCrossEntropy build() {
      return new GeneralizedCrossEntropy(this);
    }
  }
}
