package io.surprisal;

import io.surprisal.internal.ElementHead;
import io.surprisal.internal.ProbabilityHead;
import java.util.Objects;

/**
 * Binary cross-entropy of probabilities that are given, in nats. To go from logits to a loss use
 * {@link BinaryCrossEntropy}: it keeps digits that probabilities near 1 have lost.
 *
 * <p>For an element with probability p, target y in [0, 1] and weight v:
 *
 * <pre>
 *   loss       L   = −v·[ y·max(log p, −100) + (1−y)·max(log(1−p), −100) ]
 *   gradient ∂L/∂p = v·[ (1−y)/(1−p) − y/p ], without a term whose logarithm is cut off
 * </pre>
 *
 * <p>The gradient that is written is that of the reduced loss: times the upstream factor, divided
 * by the {@link Divisor}. It is the derivative of the loss as it stands; {@link Slopes#PYTORCH}
 * gives PyTorch's, which is not.
 *
 * <p>Special values. p = 0 with y = 1, and p = 1 with y = 0, have loss 100 and gradient 0. A
 * probability or a target outside [0, 1], or NaN, is refused, unless its element is ignored: then
 * loss and gradient are exactly 0. A gradient beyond float's range is infinite.
 *
 * <p>Error, with every kernel: loss within 0.51 ulp of the float result, gradient within 0.51 ulp
 * of the result or of the larger of its two terms, if that is larger.
 *
 * {@snippet :
 * Matrix probabilities = Matrix.of(new float[] {0.9f, 0.2f}, 1);
 * Matrix applies = Matrix.of(new float[] {1, 0}, 1);
 * double mean = BinaryCrossEntropyOnProbabilities.standard().forward(probabilities, applies).mean();
 * }
 */
public final class BinaryCrossEntropyOnProbabilities extends ElementLoss {
  private static final BinaryCrossEntropyOnProbabilities STANDARD = builder().build();

  /** Which derivative the gradient is made of. */
  public enum Slopes {
    /** That of the loss: 0 where a logarithm is cut off. */
    OF_THE_LOSS,
    /** PyTorch's {@code (p − y)/max(p·(1 − p), 1e-12)}, which knows nothing of the cut-off. */
    PYTORCH
  }

  private final ProbabilityHead head;
  private final ElementRange range;

  private BinaryCrossEntropyOnProbabilities(Builder builder) {
    super(builder);
    range = builder.range(1);
    head = new ProbabilityHead(ProbabilityHead.Slope.valueOf(builder.slopes.name()));
  }

  /**
   * The loss without weights, mean over the elements, on the calling thread.
   *
   * @return the loss
   */
  public static BinaryCrossEntropyOnProbabilities standard() {
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
    range.check("targets", batch.targets(), batch.targets(), execution);
    range.check("inputs", batch.inputs(), batch.targets(), execution);
  }

  /** Options of the loss. */
  public static final class Builder extends ElementLoss.Builder<Builder> {
    private Slopes slopes = Slopes.OF_THE_LOSS;

    private Builder() {}

    /**
     * Which derivative the gradient is made of.
     *
     * @param choice {@link Slopes#OF_THE_LOSS} by default
     * @return this
     */
    public Builder slopes(Slopes choice) {
      slopes = Objects.requireNonNull(choice, "slopes");
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
    public BinaryCrossEntropyOnProbabilities build() {
      return new BinaryCrossEntropyOnProbabilities(this);
    }
  }
}
