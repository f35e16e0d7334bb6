package io.surprisal;

import io.surprisal.internal.CrossEntropyHead;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;
import io.surprisal.internal.TargetGradientHead;

/**
 * Cross-entropy of logits with class labels, {@code −log softmax(x)_y}, or with a target for every
 * class, {@code −Σ q_c·log softmax(x)_c}; in nats.
 *
 * <p>For a row of logits x with probabilities p = softmax(x), label y, class weights w, smoothing
 * ε, z-loss λ, sample weight v, and ℓ = log p, lse = log Σ exp(x), C classes, W = Σ w:
 *
 * <pre>
 *   loss       L   = v·[ −(1−ε)·w_y·ℓ_y − (ε/C)·Σ_c w_c·ℓ_c + λ·lse² ]
 *   gradient ∂L/∂x_c = v·[ (1−ε)·w_y·(p_c − δ_cy) + (ε/C)·(W·p_c − w_c) + 2λ·lse·p_c ]
 * </pre>
 *
 * <p>{@link Builder#labelSmoothingOverFinite} leaves classes masked by a logit of −∞ out of the
 * smoothing: the number of the others takes the place of C, their weight that of W.
 *
 * <p>Dense targets q, {@code [rows × classes]}, need not sum to 1. With {@code q' = (1−ε)·q + ε/C}
 * and {@code R = Σ w·q'}:
 *
 * <pre>
 *   loss       L   = v·[ −Σ_c w_c·q'_c·ℓ_c + λ·lse² ]
 *   gradient ∂L/∂x_c = v·[ R·p_c − w_c·q'_c + 2λ·lse·p_c ]
 * </pre>
 *
 * <p>{@link SparseTargets} are the same with q 0 but for a few classes, or but for those and an
 * equal share of the others: they cost what labels do, and no matrix of targets.
 *
 * <p>The gradient that is written is that of the reduced loss: times the upstream factor, divided
 * by the {@link Divisor}, which is PyTorch's unless it is named: the weights of rows with labels,
 * the number of rows with other targets.
 *
 * <p>Special values. An ignored row's logits and targets are not used: its loss and its gradient
 * row are exactly 0. A logit of −∞ is a class with p = 0; at the label the loss is +∞, under a
 * target of 0 it is nothing ({@code 0·−∞ = 0}), under another target it makes the loss infinite.
 * With smoothing over all classes, −∞ under a positive class weight makes the loss +∞, under weight
 * 0 nothing; with smoothing over the finite ones it is nothing, and its gradient is 0. A row of
 * only −∞, or with a logit of +∞ or NaN, or with a target that is not finite, has loss NaN and a
 * gradient row of NaN; other rows are untouched. A row of one class has loss 0. A loss beyond
 * float's range is +∞.
 *
 * <p>Error with the vector kernel, u = ulp of the float result: row loss with labels without
 * smoothing or z-loss ≤ 4u (root mean square ≤ 0.5u), however confident the row and whatever offset
 * its logits share; the same with targets that are 0 but for one class, whose losses have the bits
 * of that class as label. Gradient entries ≤ 4 ulp of the largest term of the entry's formula, and
 * 2^−126 times the factor of the row; other losses ≤ 4 ulp of the largest sum that is subtracted. A
 * row whose upstream factor is not finite has a gradient row of NaN. {@code docs/numerics.md} has
 * the method, {@code docs/losses.md} examples.
 *
 * {@snippet :
 * CrossEntropy loss = CrossEntropy.builder().labelSmoothing(0.1).ignoreIndex(-1).build();
 * Totals totals = loss.forwardAndGradient(logits, labels, gradient);
 * System.out.printf("loss %.4f, perplexity %.2f%n", totals.mean(), totals.perplexity());
 * }
 */
public final class CrossEntropy extends LogitsLoss {
  private static final CrossEntropy STANDARD = builder().build();

  private final double labelSmoothing;
  private final CrossEntropyHead.Smoothed smoothed;
  private final double zLoss;
  private final CrossEntropyHead labelHead;
  private final CrossEntropyHead denseHead;
  private final CrossEntropyHead sparseHead;
  private final CrossEntropyHead tailHead;
  private final TargetGradientHead targetGradientHead;
  private final double tolerance;

  private CrossEntropy(Builder builder) {
    super(builder);
    labelSmoothing = builder.labelSmoothing;
    smoothed = builder.smoothed;
    zLoss = builder.zLoss;
    labelHead = builder.head(CrossEntropyHead.Target.LABEL);
    denseHead = builder.head(CrossEntropyHead.Target.DENSE);
    sparseHead = builder.head(CrossEntropyHead.Target.SPARSE);
    tailHead = builder.head(CrossEntropyHead.Target.SPARSE_WITH_TAIL);
    targetGradientHead = new TargetGradientHead(builder.labelSmoothing, builder.classWeights());
    tolerance = builder.tolerance;
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
   * The share ε of the target that is spread over all classes, or over the finite ones.
   *
   * @return from 0 to 1
   */
  public double labelSmoothing() {
    return labelSmoothing;
  }

  /**
   * Whether the smoothing leaves classes out whose logit is −∞.
   *
   * @return false where there is no smoothing
   */
  public boolean smoothsFiniteAlone() {
    return labelSmoothing > 0 && smoothed == CrossEntropyHead.Smoothed.FINITE;
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
  CrossEntropyHead head(Batch batch) {
    if (batch.labels() != null) {
      return labelHead;
    }
    if (batch.targets() != null) {
      return denseHead;
    }
    return batch.sparseTargets().hasTail() ? tailHead : sparseHead;
  }

  @Override
  boolean givesTargetGradient(Batch batch) {
    return batch.targets() != null;
  }

  @Override
  Pass acquireTargetGradientPass(Batch batch) {
    SoftmaxPass pass = acquireSoftmaxPass(batch);
    pass.head = targetGradientHead;
    return pass;
  }

  @Override
  void checkTargets(Batch batch) {
    if (batch.labels() != null || tolerance == Double.POSITIVE_INFINITY) {
      return;
    }
    if (batch.targets() != null) {
      Checks.distributions("targets", batch.targets(), batch.ignoredRows(), tolerance);
    } else {
      batch.sparseTargets().checkDistributions(batch.ignoredRows(), tolerance);
    }
  }

  @Override
  void checkOptionsInDouble(Batch batch) {
    DoubleArguments.refuse(smoothsFiniteAlone(), "labelSmoothingOverFinite takes", batch.logits());
  }

  /**
   * The totals of a batch with dense targets.
   *
   * @param logits {@code [rows × classes]}
   * @param targets {@code [rows × classes]}, a distribution a row, or any other numbers
   * @return new totals
   * @throws IllegalArgumentException if shapes, weights or targets do not fit
   */
  public Totals forward(Matrix logits, Matrix targets) {
    return forward(Batch.of(logits, targets));
  }

  /**
   * The totals of a batch with dense targets and the gradient of the reduced loss with respect to
   * the logits, in one pass.
   *
   * @param logits {@code [rows × classes]}
   * @param targets {@code [rows × classes]}, a distribution a row, or any other numbers
   * @param gradient {@code [rows × classes]}, written; the logits themselves, or disjoint from
   *     them; disjoint from the targets
   * @return new totals
   * @throws IllegalArgumentException if shapes, overlap, weights or targets do not fit
   */
  public Totals forwardAndGradient(Matrix logits, Matrix targets, Matrix gradient) {
    return forwardAndGradient(Batch.of(logits, targets), gradient);
  }

  /** Options of the loss. */
  public static final class Builder extends LogitsLoss.Builder<Builder> {
    private double labelSmoothing;
    private CrossEntropyHead.Smoothed smoothed = CrossEntropyHead.Smoothed.ALL;
    private double zLoss;
    private double tolerance = Double.POSITIVE_INFINITY;

    private Builder() {}

    /**
     * Spreads a share ε of the target over all classes, the label's too.
     *
     * @param share ε, from 0 (the default) to 1
     * @return this
     * @throws IllegalArgumentException if ε is outside [0, 1]
     */
    public Builder labelSmoothing(double share) {
      Checks.share("labelSmoothing", share);
      labelSmoothing = share;
      smoothed = CrossEntropyHead.Smoothed.ALL;
      return this;
    }

    /**
     * Spreads a share ε of the target over the classes whose logit is not −∞, in the place of
     * {@link #labelSmoothing}: a class that is masked, as actions and tokens that are not allowed
     * are, has no share, so that the loss stays finite and the class's gradient 0. Rows without
     * such a class have the bits of {@code labelSmoothing}.
     *
     * <p>Of targets in a matrix or a few a row, their own numbers stay where they are: one above 0
     * at a masked class makes the loss +∞. {@link Hessian}, {@link ShardedCrossEntropy} and logits
     * in double do not take it.
     *
     * @param share ε, from 0 to 1
     * @return this
     * @throws IllegalArgumentException if ε is outside [0, 1]
     */
    public Builder labelSmoothingOverFinite(double share) {
      Checks.share("labelSmoothingOverFinite", share);
      labelSmoothing = share;
      smoothed = CrossEntropyHead.Smoothed.FINITE;
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

    /**
     * Refuses targets that are no distribution: a row with a target that is negative or NaN, or
     * whose sum is not 1, or, of sparse ones with a tail, over 1. Costs a sweep over the targets,
     * one number at a time.
     *
     * @param tolerance how far from 1 a sum may be, 0 or more; without this option anything goes
     * @return this
     * @throws IllegalArgumentException if the tolerance is negative, infinite or NaN
     */
    public Builder checkedTargets(double tolerance) {
      if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
        throw new IllegalArgumentException("tolerance = " + tolerance + " is outside [0, ∞)");
      }
      this.tolerance = tolerance;
      return this;
    }

    private CrossEntropyHead head(CrossEntropyHead.Target target) {
      return new CrossEntropyHead(target, labelSmoothing, smoothed, zLoss, classWeights());
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
    public CrossEntropy build() {
      return new CrossEntropy(this);
    }
  }
}
