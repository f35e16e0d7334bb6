package io.surprisal;

import io.surprisal.internal.LikelihoodPass;
import io.surprisal.internal.Pass;

/**
 * Negative log-likelihood of class labels under log-probabilities that are given: {@code L =
 * −v·w_y·r_y}, in nats.
 *
 * <p>The rows r are taken as they are, normalised or not; of each only the label's entry is read.
 * The gradient with respect to r is {@code −w_y} at the label, times what {@link CrossEntropy}
 * multiplies its own by, and 0 elsewhere. To go from logits to a loss use {@link CrossEntropy}: it
 * is one pass and keeps digits that log-probabilities have lost.
 *
 * <p>Special values: an ignored row has loss and gradient row exactly 0; a weight of 0 makes an
 * infinite loss 0.
 *
 * <p>Error: row loss ≤ 0.5 ulp of the float result; of log-probabilities in double two roundings in
 * double, of the weight and of the loss.
 *
 * <p>Always runs on the calling thread: it reads one number a row, and writes nothing but zeros
 * else.
 *
 * {@snippet :
 * Matrix logProbabilities = Matrix.zeros(rows, classes);
 * LogSoftmax.standard().forward(logits, logProbabilities);
 * double mean = NegativeLogLikelihood.standard().forward(logProbabilities, labels).mean();
 * }
 */
public final class NegativeLogLikelihood extends LabelledLoss {
  private static final NegativeLogLikelihood STANDARD = builder().build();

  private NegativeLogLikelihood(Builder builder) {
    super(builder);
  }

  /**
   * The loss with PyTorch's defaults: no weights, ignore index −100, mean over the rows that count.
   *
   * @return the loss
   */
  public static NegativeLogLikelihood standard() {
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
  void checkAccess(Batch batch, Outputs outputs) {
    if (DoubleArguments.isDouble(batch.logits())) {
      DoubleArguments.check(batch, outputs, false);
    } else {
      super.checkAccess(batch, outputs);
    }
  }

  @Override
  Pass acquirePass(Batch batch) {
    return LikelihoodPass.acquire();
  }

  /** Options of the loss. */
  public static final class Builder extends LabelledLoss.Builder<Builder> {
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
    public NegativeLogLikelihood build() {
      return new NegativeLogLikelihood(this);
    }
  }
}
