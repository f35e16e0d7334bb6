package io.surprisal;

import io.surprisal.internal.DivergenceHead;
import io.surprisal.internal.ElementHead;
import java.util.Objects;

/**
 * Kullback–Leibler divergence of given log-probabilities from targets, {@code Σ q·(log q − r)}, in
 * nats.
 *
 * <p>For an element with log-probability r, target q (or t = log q) and weight v:
 *
 * <pre>
 *   loss       L   = v·q·(log q − r)  =  v·e^t·(t − r)
 *   gradient ∂L/∂r = −v·q             =  −v·e^t
 * </pre>
 *
 * <p>The elements are taken as they are, normalised or not. The divergence of two distributions is
 * the sum over a row: {@link Divisor#ROWS} gives its mean over the batch (PyTorch's {@code
 * batchmean}); the default, {@link Divisor#COUNT}, divides by the elements, as PyTorch does unless
 * told otherwise. For the divergence of two distributions at hand see {@link Information}.
 *
 * <p>Special values. Where the target is 0 (t = −∞) loss and gradient are 0, whatever r is, NaN
 * too. r = −∞ under a positive target gives +∞. A target below 0, infinite or NaN is refused; a log
 * target is data: NaN gives NaN, in its element alone. An ignored element's loss and gradient are
 * exactly 0.
 *
 * <p>Error, with every kernel: loss within 0.51 ulp of the result or of the larger of its two
 * terms, if that is larger; gradient within 0.51 ulp of the float result.
 *
 * {@snippet :
 * Matrix logProbabilities = Matrix.zeros(rows, classes);
 * LogSoftmax.standard().forward(logits, logProbabilities);
 * double sum = KullbackLeibler.standard().forward(logProbabilities, targets).sum();
 * double divergence = sum / rows; // the mean of the rows
 * }
 */
public final class KullbackLeibler extends ElementLoss {
  private static final KullbackLeibler STANDARD = builder().build();

  /** What the targets are. */
  public enum Targets {
    /** Probabilities q. */
    PROBABILITIES,
    /** Their logarithms. */
    LOG_PROBABILITIES
  }

  private final DivergenceHead head;
  private final Targets targets;
  private final ElementRange range;

  private KullbackLeibler(Builder builder) {
    super(builder);
    targets = builder.targets;
    range = builder.range(Float.MAX_VALUE);
    head = new DivergenceHead(DivergenceHead.Targets.valueOf(targets.name()));
  }

  /**
   * The loss of probabilities as targets, without weights, mean over the elements, on the calling
   * thread.
   *
   * @return the loss
   */
  public static KullbackLeibler standard() {
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
    if (targets == Targets.PROBABILITIES) {
      range.check("targets", batch.targets(), batch.targets(), execution);
    }
  }

  /** Options of the loss. */
  public static final class Builder extends ElementLoss.Builder<Builder> {
    private Targets targets = Targets.PROBABILITIES;

    private Builder() {}

    /**
     * What the targets are.
     *
     * @param kind {@link Targets#PROBABILITIES} by default
     * @return this
     */
    public Builder targets(Targets kind) {
      targets = Objects.requireNonNull(kind, "targets");
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
    public KullbackLeibler build() {
      return new KullbackLeibler(this);
    }
  }
}
