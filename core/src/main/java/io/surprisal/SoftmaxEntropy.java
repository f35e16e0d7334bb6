package io.surprisal;

import io.surprisal.internal.EntropyHead;
import io.surprisal.internal.Head;

/**
 * Entropy of softmax probabilities, {@code −Σ p_c·log p_c}, p = softmax(x), as an objective; in
 * nats. Its gradient taken off another loss's keeps a policy exploring or a classifier from being
 * too sure of itself; added to it, it makes predictions on rows without labels decided.
 *
 * <p>With sample weight v and ℓ = log p:
 *
 * <pre>
 *   loss       H   = v·Σ_c p_c·(−ℓ_c)
 *   gradient ∂H/∂x_c = −v·p_c·(ℓ_c + H)
 * </pre>
 *
 * <p>The batch is {@link Batch#of(Matrix)}, or has labels: these are read only for which rows do
 * not count, and for results of {@link Outputs} that are of the label. An entropy bonus of 0.01
 * beside another loss, whose gradient lies apart from the logits:
 *
 * {@snippet :
 * loss.forwardAndGradient(logits, labels, gradient);
 * Gradient bonus = Gradient.addedTo(gradient).withUpstream(-0.01);
 * SoftmaxEntropy.standard().compute(Batch.of(logits, labels), Outputs.none().withGradient(bonus));
 * }
 *
 * <p>The mean divides by the number of rows, with labels by the weights of those that count, unless
 * another {@link Divisor} is named; class weights and targets are refused. {@link
 * Totals#negativeLogLikelihood()} is that of the labels, NaN without.
 *
 * <p>A class with p = 0, of a logit of −∞ say, counts nothing and has gradient 0. An ignored row's
 * loss and gradient row are exactly 0; a row of only −∞, or with +∞ or NaN, is NaN in both; a row
 * of one class is 0 in both. Logits in double are refused.
 *
 * <p>Error with the vector kernel: row loss ≤ 4 ulp (root mean square ≤ 0.5), gradient entries ≤ 4
 * ulp of {@code p_c} times the larger of −ℓ_c and H; each class with a probability below 2^−126 may
 * take 2^−119 from the sum.
 *
 * <p>Source: R. J. Williams, J. Peng: Function optimization using connectionist reinforcement
 * learning algorithms. Connection Science 3, 1991 (bonus); G. Pereyra and others: Regularizing
 * neural networks by penalizing confident output distributions. 2017, arXiv 1701.06548; Y.
 * Grandvalet, Y. Bengio: Semi-supervised learning by entropy minimization. NeurIPS 2004.
 */
public final class SoftmaxEntropy extends LogitsLoss {
  private static final SoftmaxEntropy STANDARD = builder().build();

  private SoftmaxEntropy(Builder builder) {
    super(builder);
  }

  /**
   * The loss with the mean over all rows, or with labels over the weights of those that count, on
   * the calling thread.
   *
   * @return the loss
   */
  public static SoftmaxEntropy standard() {
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
   * The totals of logits alone.
   *
   * @param logits {@code [rows × classes]}
   * @return new totals
   */
  public Totals forward(Matrix logits) {
    return forward(Batch.of(logits));
  }

  /**
   * The totals of logits alone and the gradient of the reduced entropy, in one pass.
   *
   * @param logits {@code [rows × classes]}
   * @param gradient {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @return new totals
   * @throws IllegalArgumentException if shapes or overlap do not fit
   */
  public Totals forwardAndGradient(Matrix logits, Matrix gradient) {
    return forwardAndGradient(Batch.of(logits), gradient);
  }

  @Override
  Head head(Batch batch) {
    return EntropyHead.STANDARD;
  }

  @Override
  boolean takesDoubles() {
    return false;
  }

  @Override
  void checkOneKind(Batch batch) {}

  @Override
  void checkTargets(Batch batch) {
    if (batch.targets() != null || batch.sparseTargets() != null) {
      throw new IllegalArgumentException(
          "the batch has targets, but SoftmaxEntropy takes logits alone or with labels");
    }
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
     * @throws IllegalArgumentException if there are class weights: no class has a share of its own
     */
    public SoftmaxEntropy build() {
      if (classWeights() != null) {
        throw new IllegalArgumentException("classWeights weigh labels, which entropy has not");
      }
      return new SoftmaxEntropy(this);
    }
  }
}
