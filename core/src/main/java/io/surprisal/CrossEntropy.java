package io.surprisal;

import io.surprisal.internal.CrossEntropyHead;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * Cross-entropy of logits with class labels: {@code −log softmax(x)_y}, in nats.
 *
 * <p>For a row of logits x with probabilities p = softmax(x), label y, class weights w, smoothing
 * ε, z-loss λ, sample weight v, and ℓ = log p, lse = log Σ exp(x), C classes:
 *
 * <pre>
 *   loss       L   = v·[ −(1−ε)·w_y·ℓ_y − (ε/C)·Σ_c w_c·ℓ_c + λ·lse² ]
 *   gradient ∂L/∂x_c = v·[ (1−ε)·w_y·(p_c − δ_cy) + (ε/C)·(W·p_c − w_c) + 2λ·lse·p_c ],  W = Σ w
 * </pre>
 *
 * <p>The gradient that is written is that of the reduced loss: times the upstream factor, divided
 * by the {@link Divisor}.
 *
 * <p>Special values. An ignored row's logits are not used: its loss and its gradient row are
 * exactly 0. A logit of −∞ is a class with p = 0; at the label the loss is +∞. With smoothing, −∞
 * under a positive class weight makes the loss +∞, under weight 0 nothing. A row of only −∞, or
 * with +∞ or NaN, has loss NaN and a gradient row of NaN; other rows are untouched. A row of one
 * class has loss 0. A loss beyond float's range is +∞.
 *
 * <p>Error with the vector kernel, u = ulp of the float result: row loss without smoothing or
 * z-loss ≤ 4u (root mean square ≤ 0.5u), however confident the row and whatever offset its logits
 * share; gradient entries ≤ 4 ulp of the largest term of the entry's formula, and 2^−126 times the
 * factor of the row; with smoothing or z-loss the loss ≤ 4 ulp of the largest sum that is
 * subtracted. A row whose upstream factor is not finite has a gradient row of NaN. {@code
 * docs/numerics.md} has the method.
 */
public final class CrossEntropy extends LabelledLoss {
  private static final CrossEntropy STANDARD = builder().build();

  private final double labelSmoothing;
  private final double zLoss;
  private final Execution execution;
  private final CrossEntropyHead head;

  private CrossEntropy(Builder builder) {
    super(builder);
    labelSmoothing = builder.labelSmoothing;
    zLoss = builder.zLoss;
    execution = builder.execution;
    head = new CrossEntropyHead(labelSmoothing, zLoss, builder.classWeights());
  }

  /**
   * The loss with PyTorch's defaults: no weights, no smoothing, ignore index −100, mean over the
   * rows that are not ignored, on the calling thread.
   *
   * @return the loss
   */
  public static CrossEntropy standard() {
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

  /**
   * The share ε of the target that is spread over all classes.
   *
   * @return from 0 to 1
   */
  public double labelSmoothing() {
    return labelSmoothing;
  }

  /**
   * The factor λ of lse².
   *
   * @return 0 or more
   */
  public double zLoss() {
    return zLoss;
  }

  @Override
  Pass acquirePass() {
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = execution.kernel().softmax();
    pass.head = head;
    return pass;
  }

  @Override
  ForkJoinPool pool() {
    return execution.pool();
  }

  @Override
  String where() {
    return ", " + execution;
  }

  /** Options of the loss. */
  public static final class Builder extends LabelledLoss.Builder<Builder> {
    private double labelSmoothing;
    private double zLoss;
    private Execution execution = Execution.sequential();

    private Builder() {}

    /**
     * Spreads a share ε of the target over all classes, the label's too.
     *
     * @param share ε, from 0 (the default) to 1
     * @return this
     * @throws IllegalArgumentException if ε is outside [0, 1]
     */
    public Builder labelSmoothing(double share) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("labelSmoothing = " + share + " is outside [0, 1]");
      }
      labelSmoothing = share;
      return this;
    }

    /**
     * Adds λ·lse² to each row's loss, which keeps logits from drifting.
     *
     * @param lambda λ, 0 (the default) or more
     * @return this
     * @throws IllegalArgumentException if λ is negative, infinite or NaN
     */
    public Builder zLoss(double lambda) {
      if (!(lambda >= 0) || Double.isInfinite(lambda)) {
        throw new IllegalArgumentException("zLoss = " + lambda + " is outside [0, ∞)");
      }
      zLoss = lambda;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Where the loss runs.
     *
     * @param execution the calling thread by default
     * @return this
     */
    public Builder execution(Execution execution) {
      this.execution = Objects.requireNonNull(execution, "execution");
      return this;
    }

    /**
     * The loss with these options.
     *
     * @return an immutable loss
     */
    public CrossEntropy build() {
      return new CrossEntropy(this);
    }
  }
}
