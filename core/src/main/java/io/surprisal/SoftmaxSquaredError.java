package io.surprisal;

import io.surprisal.internal.SquaredErrorHead;

/**
 * Squared error of softmax probabilities, the Brier score: {@code Σ_c (p_c − q_c)²}, p =
 * softmax(x), with class labels or dense targets q. A label y is q = 1 at y, else 0.
 *
 * <p>With class weights w and sample weight v:
 *
 * <pre>
 *   loss       L   = v·Σ_c w_c·(p_c − q_c)²
 *   gradient ∂L/∂x_c = 2v·p_c·[ w_c·(p_c − q_c) − Σ_k w_k·p_k·(p_k − q_k) ]
 * </pre>
 *
 * <p>Its gradient vanishes where the model is confidently wrong; that of {@link CrossEntropy} does
 * not. 1 − p of the largest logit's class comes from the sum of the others, never from a
 * subtraction, so that the loss of a row that is confidently right and the gradient of one that is
 * confidently wrong keep their digits.
 *
 * <p>The mean divides by the weights of the labels, or by the number of rows with dense targets,
 * unless another {@link Divisor} is named. Sparse targets are refused. {@link
 * Totals#negativeLogLikelihood()} is that of the labels, or Σ w·q·(−log p).
 *
 * <p>An ignored row's loss and gradient row are exactly 0. A row of only −∞, or with +∞ or NaN, or
 * with a target that is not finite, is NaN in both. A logit of −∞ has p = 0 and gradient 0, at the
 * label too, where the loss stays finite.
 *
 * <p>Error with the vector kernel: row loss ≤ 4 ulp with labels, with dense targets of {@code Σ
 * w·max(p, |q|)²} or of the loss where that is larger; gradient entries ≤ 4 ulp of the sum of the
 * magnitudes in their formula, {@code p_c − q_c} taken as {@code (1 − q_c) − (1 − p_c)} where p_c
 * is over ½; root mean square ≤ 0.7. Each class with a probability below 2^−126 may take that much,
 * times the factor of the row, from the sum.
 *
 * <p>Source: G. W. Brier: Verification of forecasts expressed in terms of probability. Monthly
 * Weather Review 78, 1950.
 *
 * {@snippet :
 * double brierScore = SoftmaxSquaredError.standard().forward(logits, labels).mean();
 * }
 */
public final class SoftmaxSquaredError extends LogitsLoss {
  private static final SoftmaxSquaredError STANDARD = builder().build();

  private final SquaredErrorHead labelHead;
  private final SquaredErrorHead denseHead;

  private SoftmaxSquaredError(Builder builder) {
    super(builder);
    labelHead = new SquaredErrorHead(false, builder.classWeights());
    denseHead = new SquaredErrorHead(true, builder.classWeights());
  }

  /**
   * The loss without weights, ignore index −100, mean over the rows that are not ignored, on the
   * calling thread.
   *
   * @return the loss
   */
  public static SoftmaxSquaredError standard() {
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
  SquaredErrorHead head(Batch batch) {
    return batch.labels() == null ? denseHead : labelHead;
  }

  @Override
  boolean takesDoubles() {
    return false;
  }

  @Override
  boolean takesDenseTargets() {
    return true;
  }

  /** Options of the loss. */
  public static final class Builder extends LogitsLoss.Builder<Builder> {
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
    public SoftmaxSquaredError build() {
      return new SoftmaxSquaredError(this);
    }
  }
}
