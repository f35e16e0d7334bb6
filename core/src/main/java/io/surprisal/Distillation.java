package io.surprisal;

import io.surprisal.internal.DistillationHead;
import io.surprisal.internal.DistillationHead.Divergence;
import io.surprisal.internal.LogitMap;
import io.surprisal.internal.Pass;
import io.surprisal.internal.PeakHead;
import io.surprisal.internal.SoftmaxPass;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * Distillation of a teacher into a student: a divergence of their softmax probabilities at a
 * temperature, optionally mixed with cross-entropy of labels; in nats.
 *
 * <p>The batch is {@code Batch.of(student, teacher)}, both logits, {@code [rows × classes]}, and
 * {@link Batch#withLabels} where the hard loss is asked for. With student logits x, teacher logits
 * t, temperature T, p = softmax(x/T), q = softmax(t/T), sample weight v, hard weight λ, label y,
 * class weights w and P = softmax(x):
 *
 * <pre>
 *   loss     L = v·[ (1−λ)·T²·D + λ·w_y·(−log P_y) ]
 *   gradient ∂L/∂x_c = v·[ (1−λ)·T·d_c + λ·w_y·(P_c − δ_cy) ]
 *
 *   forward          D = Σ q·log(q/p)                      d_c = p_c − q_c
 *   reverse          D = Σ p·log(p/q)                      d_c = p_c·( log(p_c/q_c) − D )
 *   Jensen–Shannon   D = β·Σ q·log(q/M) + (1−β)·Σ p·log(p/M),  M = β·q + (1−β)·p
 *                                   d_c = G_c − p_c·Σ G,   G_c = (1−β)·p_c·log(p_c/M_c)
 * </pre>
 *
 * <p>The teacher's probabilities are made tile by tile in the same pass: no matrix of them is
 * written. There is no gradient with respect to the teacher. {@code x/T} and {@code t/T} are
 * rounded to float.
 *
 * <p>A row whose label is the ignore index, or that is masked, counts for neither part. The mean
 * divides by the number of rows, or with labels by their weights, unless another {@link Divisor} is
 * named. {@link Totals#negativeLogLikelihood()} is that of the labels at temperature 1, NaN without
 * labels.
 *
 * <p>Special values: a class with p = q = 0 counts nothing. Forward: p = 0 where q is not makes the
 * loss +∞, with a finite gradient. Reverse: q = 0 where p is not makes it +∞, with a gradient row
 * of NaN. Jensen–Shannon is finite. A row of only −∞, or with +∞ or NaN, in either matrix is NaN.
 * The loss of a student with the teacher's logits is exactly 0.
 *
 * <p>Error with the vector kernel: row loss ≤ 4 ulp of the largest sum that is subtracted, times
 * its factors: {@code −Σ q·log p} forward, {@code −Σ p·log q} reverse, the entropy of M for
 * Jensen–Shannon; gradient entries ≤ 4 ulp of the largest term of the entry's formula, logarithms
 * and sums over classes taken by their parts.
 *
 * <p>A teacher of which only the likeliest classes are known is {@link SparseTargets} of {@link
 * CrossEntropy} with {@code logitScale(1/T)}: its gradient is that of the forward divergence
 * divided by T, its loss that of the forward divergence and the teacher's entropy, divided by T².
 *
 * <p>Source: G. Hinton, O. Vinyals, J. Dean: Distilling the knowledge in a neural network. 2015,
 * arXiv 1503.02531; R. Agarwal and others: On-policy distillation of language models. ICLR 2024,
 * arXiv 2306.13649 (the divergence with β).
 *
 * {@snippet :
 * Matrix teacher = Matrix.zeros(logits.rows(), logits.classes());
 * Distillation loss = Distillation.builder().temperature(2).hardLoss(0.5).build();
 * Batch batch = Batch.of(logits, teacher).withLabels(labels);
 * Totals totals = loss.forwardAndGradient(batch, gradient);
 * }
 */
public final class Distillation extends LabelledLoss {
  private final Execution execution;
  private final DistillationHead head;
  private final double hardWeight;

  /** Null at temperature 1. */
  private final LogitMap logitMap;

  private Distillation(Builder builder) {
    super(builder);
    execution = builder.execution;
    hardWeight = builder.hardWeight;
    double temperature = builder.temperature;
    logitMap = temperature == 1 ? null : new LogitMap(1 / temperature, Double.POSITIVE_INFINITY);
    head =
        new DistillationHead(
            builder.divergence, builder.beta, temperature, hardWeight, builder.classWeights());
  }

  /**
   * A loss with options.
   *
   * @return a builder: forward divergence, temperature 1, no hard loss, mean over all rows, or with
   *     labels over the weights of those that count, on the calling thread
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The totals of a batch without labels.
   *
   * @param student logits {@code [rows × classes]}
   * @param teacher logits {@code [rows × classes]}
   * @return new totals
   * @throws IllegalArgumentException if shapes do not fit or the loss needs labels
   */
  public Totals forward(Matrix student, Matrix teacher) {
    return forward(Batch.of(student, teacher));
  }

  /**
   * The totals of a batch without labels and the gradient of the reduced loss with respect to the
   * student's logits, in one pass.
   *
   * @param student logits {@code [rows × classes]}
   * @param teacher logits {@code [rows × classes]}
   * @param gradient {@code [rows × classes]}, written; the student's logits themselves, or disjoint
   *     from them; disjoint from the teacher's
   * @return new totals
   * @throws IllegalArgumentException if shapes or overlap do not fit or the loss needs labels
   */
  public Totals forwardAndGradient(Matrix student, Matrix teacher, Matrix gradient) {
    return forwardAndGradient(Batch.of(student, teacher), gradient);
  }

  @Override
  void checkOneKind(Batch batch) {
    if (batch.targets() == null) {
      throw new IllegalArgumentException(
          "the batch has no logits of a teacher: Distillation takes Batch.of(student, teacher)");
    }
  }

  @Override
  void checkTargets(Batch batch) {
    if (hardWeight > 0 && batch.labels() == null) {
      throw new IllegalArgumentException(
          "the hard loss of weight " + hardWeight + " needs labels: Batch.withLabels");
    }
  }

  @Override
  Pass acquirePass(Batch batch) {
    SoftmaxPass pass = passOf(batch.logits(), logitMap);
    pass.head = head;
    pass.companion = passOf(batch.targets(), logitMap);
    if (hardWeight > 0 && logitMap != null) {
      pass.companion.companion = passOf(batch.logits(), null);
    }
    return pass;
  }

  private SoftmaxPass passOf(Matrix logits, LogitMap map) {
    SoftmaxPass pass = UnlabelledPass.inFloats(execution, PeakHead.STANDARD, logits);
    pass.logitMap = map;
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
    private Execution execution = Execution.sequential();
    private Divergence divergence = Divergence.FORWARD;
    private double beta = 0.5;
    private double temperature = 1;
    private double hardWeight;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * KL(q‖p): the student covers all that the teacher does. The default.
     *
     * @return this
     */
    public Builder forward() {
      divergence = Divergence.FORWARD;
      return this;
    }

    /**
     * KL(p‖q): the student keeps to what the teacher finds likely.
     *
     * @return this
     */
    public Builder reverse() {
      divergence = Divergence.REVERSE;
      return this;
    }

    /**
     * β·KL(q‖M) + (1−β)·KL(p‖M) with M = βq + (1−β)p; symmetric at β = ½.
     *
     * @param share β of the teacher, above 0 and below 1
     * @return this
     * @throws IllegalArgumentException if β is outside (0, 1)
     */
    public Builder jensenShannon(double share) {
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException("beta = " + share + " is outside (0, 1)");
      }
      divergence = Divergence.JENSEN_SHANNON;
      beta = share;
      return this;
    }

    /**
     * What both logits are divided by. Loss times T², so that the gradient's size does not depend
     * on it much.
     *
     * @param divisor T, above 0; 1 by default
     * @return this
     * @throws IllegalArgumentException if T is not positive and finite, or 1/T is not
     */
    public Builder temperature(double divisor) {
      if (!(divisor > 0) || Double.isInfinite(divisor) || Double.isInfinite(1 / divisor)) {
        throw new IllegalArgumentException("temperature = " + divisor + " is outside (0, ∞)");
      }
      temperature = divisor;
      return this;
    }

    /**
     * Mixes in cross-entropy of labels, at temperature 1.
     *
     * @param weight λ, from 0 to 1; 0 by default
     * @return this
     * @throws IllegalArgumentException if λ is outside [0, 1]
     */
    public Builder hardLoss(double weight) {
      Checks.share("hardLoss", weight);
      hardWeight = weight;
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
     * @throws IllegalArgumentException if there are class weights and no hard loss, which they are
     *     of
     */
    public Distillation build() {
      if (classWeights() != null && hardWeight == 0) {
        throw new IllegalArgumentException(
            "classWeights weigh the hard loss, which is not asked for");
      }
      return new Distillation(this);
    }
  }
}
