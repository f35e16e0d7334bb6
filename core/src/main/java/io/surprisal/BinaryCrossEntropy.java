package io.surprisal;

import io.surprisal.internal.ElementHead;
import io.surprisal.internal.LogisticHead;
import io.surprisal.spi.ElementForm;
import java.util.Objects;

/**
 * Binary cross-entropy of logits: for each element whether its label applies, in nats.
 *
 * <p>For an element with logit x, target y in [0, 1], smoothing ε, weight v, and weight P of its
 * class's positive targets, with {@code y' = y·(1−ε) + ε/2}, {@code σ(x) = 1/(1 + e^−x)} and {@code
 * softplus(x) = log(1 + e^x)}:
 *
 * <pre>
 *   loss       L = v·[ (1−y')·softplus(x) + P·y'·softplus(−x) ]
 *   gradient ∂L/∂x = v·[ (1−y')·σ(x) − P·y'·σ(−x) ]
 * </pre>
 *
 * <p>The gradient that is written is that of the reduced loss: times the upstream factor, divided
 * by the {@link Divisor}.
 *
 * <p>Special values. At x = ±∞ the limit: loss 0 and gradient 0 where the target is wholly of that
 * side, loss +∞ elsewhere. NaN gives NaN, in its element alone. An ignored element's loss and
 * gradient are exactly 0. A weight of 0 makes an infinite loss 0. A loss beyond float's range is
 * +∞; in the totals it keeps its size.
 *
 * <p>Error with the vector kernel, u = ulp of the float result: loss ≤ 4u (root mean square ≤
 * 0.7u), however confident the element; gradient ≤ 4 ulp of the larger of the two terms that are
 * subtracted. Absolute 2^−125 where e^−|x| is below it.
 *
 * {@snippet :
 * Matrix inputs = Matrix.of(new float[] {2.5f, -1, 0.5f, 0}, 2); // [2 rows × 2 labels]
 * Matrix applies = Matrix.of(new float[] {1, 0, 1, 1}, 2);
 * BinaryCrossEntropy loss = BinaryCrossEntropy.builder().positiveWeights(1, 3).build();
 * ElementTotals totals = loss.forwardAndGradient(inputs, applies, inputs); // over the inputs
 * }
 */
public final class BinaryCrossEntropy extends ElementLoss {
  private static final BinaryCrossEntropy STANDARD = builder().build();

  private final LogisticHead head;
  private final float[] positiveWeights;
  private final ElementRange targetRange;

  private BinaryCrossEntropy(Builder builder) {
    super(builder);
    targetRange = builder.range(1);
    positiveWeights = builder.positiveWeights;
    head = new LogisticHead(ElementForm.BINARY, builder.labelSmoothing, positiveWeights);
  }

  /**
   * The loss with PyTorch's defaults: no weights, no smoothing, mean over the elements, on the
   * calling thread.
   *
   * @return the loss
   */
  public static BinaryCrossEntropy standard() {
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
    return head;
  }

  @Override
  void checkValues(ElementBatch batch, Execution execution) {
    if (positiveWeights != null) {
      int classes = batch.inputs().classes();
      Checks.length("positiveWeights", positiveWeights.length, "classes", classes);
    }
    targetRange.check("targets", batch.targets(), batch.targets(), execution);
  }

  /** Options of the loss. */
  public static final class Builder extends ElementLoss.Builder<Builder> {
    private double labelSmoothing;
    private float[] positiveWeights;

    private Builder() {}

    /**
     * Multiplies the share of positive targets, for each class: more than 1 where positives are
     * rare.
     *
     * @param weights P {@code [classes]}, finite and not negative; copied
     * @return this
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN
     */
    public Builder positiveWeights(float... weights) {
      Objects.requireNonNull(weights, "positiveWeights");
      Checks.weights("positiveWeights", weights);
      positiveWeights = weights.clone();
      return this;
    }

    /**
     * Moves every target towards ½.
     *
     * @param share ε, from 0 (the default) to 1
     * @return this
     * @throws IllegalArgumentException if ε is outside [0, 1]
     */
    public Builder labelSmoothing(double share) {
      Checks.share("labelSmoothing", share);
      labelSmoothing = share;
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
    public BinaryCrossEntropy build() {
      return new BinaryCrossEntropy(this);
    }
  }
}
