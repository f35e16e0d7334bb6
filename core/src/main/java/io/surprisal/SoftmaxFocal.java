package io.surprisal;

import io.surprisal.internal.CrossEntropyHead;
import io.surprisal.internal.DenseFocalHead;
import io.surprisal.internal.FocalHead;
import io.surprisal.internal.Head;

/**
 * Focal loss of logits with class labels, {@code −(1−p_y)^γ·log p_y}, p = softmax(x), or with a
 * target for every class, {@code −Σ q_c·(1−p_c)^γ·log p_c}; in nats. Rows that are well classified
 * count little.
 *
 * <p>With class weights α and sample weight v:
 *
 * <pre>
 *   loss       L   = v·α_y·(1−p_y)^γ·(−ℓ_y)         ℓ = log p
 *   gradient ∂L/∂x_c = v·α_y·[ (1−p_y)^γ − γ·(1−p_y)^(γ−1)·p_y·ℓ_y ]·(p_c − δ_cy)
 * </pre>
 *
 * <p>With dense targets q, which need not sum to 1:
 *
 * <pre>
 *   loss       L   = v·Σ_c α_c·q_c·(1−p_c)^γ·(−ℓ_c)
 *   gradient ∂L/∂x_c = v·[ h_c − p_c·Σ_k h_k ],  h_c = α_c·q_c·[ γ·(1−p_c)^(γ−1)·p_c·ℓ_c − (1−p_c)^γ ]
 * </pre>
 *
 * <p>γ = 0 is {@link CrossEntropy}. The weights α are the builder's class weights, and the mean
 * divides by them, or by the number of rows with dense targets, unless another {@link Divisor} is
 * named. 1 − p comes from the sum of the other classes, never from a subtraction, so that a
 * confident row keeps its digits and no γ below 1 makes an infinity.
 *
 * <p>{@link SparseTargets} are the same with q 0 but for a few classes, or but for those and an
 * equal share of the others. An ignored row's loss and gradient row are exactly 0; a row of only
 * −∞, or with +∞ or NaN, or with a target that is not finite, is NaN in both; a row of one class
 * has loss 0. A logit of −∞ at the label, or at a target above 0, makes the loss +∞, with a finite
 * gradient; at a target of 0 it counts nothing.
 *
 * <p>Error with the vector kernel: row loss ≤ 3 + 2γ ulp, gradient entries ≤ 4 + 2γ ulp and 2^−126
 * times the factor of the row: a sum that is off by one ulp is so to the power of γ. With dense
 * targets the same, in ulp of {@code Σ α·|q|·(1−p)^γ·(−ℓ)} and of the larger of {@code h_c} and
 * {@code p_c·Σ |h_k|}; where p_c is the largest probability, of {@code (1−p_c)·h_c} and {@code
 * p_c·Σ_{k≠c} |h_k|}.
 *
 * <p>Source: T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár: Focal loss for dense object
 * detection. ICCV 2017, arXiv 1708.02002.
 *
 * {@snippet :
 * SoftmaxFocal loss = SoftmaxFocal.builder().gamma(2).build();
 * Totals totals = loss.forwardAndGradient(logits, labels, gradient);
 * }
 */
public final class SoftmaxFocal extends LogitsLoss {
  private static final SoftmaxFocal STANDARD = builder().build();

  private final FocalHead head;
  private final DenseFocalHead denseHead;
  private final DenseFocalHead sparseHead;
  private final DenseFocalHead tailHead;

  private SoftmaxFocal(Builder builder) {
    super(builder);
    head = new FocalHead(builder.gamma, builder.classWeights());
    denseHead = builder.head(CrossEntropyHead.Target.DENSE);
    sparseHead = builder.head(CrossEntropyHead.Target.SPARSE);
    tailHead = builder.head(CrossEntropyHead.Target.SPARSE_WITH_TAIL);
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
  Head head(Batch batch) {
    if (batch.labels() != null) {
      return head;
    }
    if (batch.targets() != null) {
      return denseHead;
    }
    return batch.sparseTargets().hasTail() ? tailHead : sparseHead;
  }

  @Override
  boolean takesSparseTargets() {
    return true;
  }

  @Override
  boolean takesDenseTargets() {
    return true;
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

    private DenseFocalHead head(CrossEntropyHead.Target target) {
      return new DenseFocalHead(target, gamma, classWeights());
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
