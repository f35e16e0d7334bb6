package io.surprisal;

import io.surprisal.internal.RowOutputs;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * What one pass over a batch is to compute: any subset of row losses, gradient, totals, and further
 * results of each row.
 *
 * <p>Immutable; made once and used for every batch of the same shape, so that a call allocates
 * nothing.
 *
 * <p>The further results, from {@link #withLogSumExps} on, are of losses of logits with labels;
 * others refuse them. They are of the row's logits alone: weights, smoothing and the like change
 * the loss, not them; under a logit scale or a soft cap they are of the mapped logits. Each has the
 * same bits whatever else is asked for. Their arrays are {@code [rows]} or longer and written; none
 * may be an input or another result.
 *
 * <p>Notation: logits x, probabilities p = softmax(x), label y, m the class of the largest logit. A
 * row without probabilities has a logit of +∞ or NaN, or nothing but −∞. Error with the vector
 * kernel, u = ulp of the float result.
 *
 * {@snippet :
 * CrossEntropy loss = CrossEntropy.standard();
 * Totals totals = loss.newTotals();
 * Outputs outputs = Outputs.none().withLosses(rowLosses).withEntropies(entropies).withTotals(totals);
 * loss.compute(Batch.of(logits, labels), outputs.withGradient(gradient)); // one pass over the logits
 * }
 */
public final class Outputs {
  private static final Outputs NONE = new Outputs();

  private final float[] losses;
  private final double[] doubleLosses;
  private final Gradient gradient;
  private final Gradient targetGradient;
  private final Totals totals;

  /** Null where there are none. */
  private final RowOutputs rowOutputs;

  private Outputs() {
    losses = null;
    doubleLosses = null;
    gradient = null;
    targetGradient = null;
    totals = null;
    rowOutputs = null;
  }

  private Outputs(Outputs other, float[] losses, double[] doubleLosses) {
    this.losses = losses;
    this.doubleLosses = doubleLosses;
    gradient = other.gradient;
    targetGradient = other.targetGradient;
    totals = other.totals;
    rowOutputs = other.rowOutputs;
  }

  private Outputs(Outputs other, Gradient gradient, Gradient targetGradient) {
    losses = other.losses;
    doubleLosses = other.doubleLosses;
    this.gradient = gradient;
    this.targetGradient = targetGradient;
    totals = other.totals;
    rowOutputs = other.rowOutputs;
  }

  private Outputs(Outputs other, Totals totals, RowOutputs rowOutputs) {
    losses = other.losses;
    doubleLosses = other.doubleLosses;
    gradient = other.gradient;
    targetGradient = other.targetGradient;
    this.totals = totals;
    this.rowOutputs = rowOutputs;
  }

  /**
   * Nothing yet.
   *
   * @return outputs to add to
   */
  public static Outputs none() {
    return NONE;
  }

  /**
   * With each row's loss.
   *
   * @param losses {@code [rows]} or longer, in nats; an ignored row's is 0
   * @return the outputs
   */
  public Outputs withLosses(float[] losses) {
    Objects.requireNonNull(losses, "losses");
    return new Outputs(this, losses, null);
  }

  /**
   * With each row's loss in double, in place of losses in float.
   *
   * @param losses {@code [rows]} or longer, in nats; an ignored row's is 0. Of logits in float they
   *     are those of {@link #withLosses(float[])} before these are rounded, and no nearer
   * @return the outputs
   */
  public Outputs withLosses(double[] losses) {
    Objects.requireNonNull(losses, "losses");
    return new Outputs(this, null, losses);
  }

  /**
   * With the gradient.
   *
   * @param gradient where it goes
   * @return the outputs
   */
  public Outputs withGradient(Gradient gradient) {
    Objects.requireNonNull(gradient, "gradient");
    return new Outputs(this, gradient, targetGradient);
  }

  /**
   * With the gradient, written into a matrix.
   *
   * @param gradient {@code [rows × classes]}; the logits themselves, or disjoint from them
   * @return the outputs
   */
  public Outputs withGradient(Matrix gradient) {
    return withGradient(Gradient.into(gradient));
  }

  /**
   * With the gradient with respect to the targets, of {@link CrossEntropy} with a target for every
   * class: {@code −(1−ε)·w_c·log p_c} times the factor of the row, that of the gradient with
   * respect to the logits. It costs a pass of its own over the logits, before the other.
   *
   * <p>Where a teacher is trained too, or targets are mixed from others: the targets themselves do
   * not enter. Error: 4 ulp (root mean square 0.5). A class of p = 0 has the entry +∞ times the
   * sign of the factor, or 0 if that or its weight is; a row without probabilities has NaN.
   *
   * @param gradient where it goes, {@code [rows × classes]}; disjoint from all that is read and
   *     from the gradient with respect to the logits
   * @return the outputs
   */
  public Outputs withTargetGradient(Gradient gradient) {
    Objects.requireNonNull(gradient, "targetGradient");
    return new Outputs(this, this.gradient, gradient);
  }

  /**
   * With totals, to which those of each call are added.
   *
   * @param totals made by a loss with the same divisor and the same policy for an empty mean
   * @return the outputs
   */
  public Outputs withTotals(Totals totals) {
    Objects.requireNonNull(totals, "totals");
    return new Outputs(this, totals, rowOutputs);
  }

  /**
   * With each row's {@code log Σ exp(x)}: −∞ for nothing but −∞, +∞ or NaN where a logit is that.
   *
   * @param logSumExps in nats, within 1.25 ulp of max(1, |result|); an ignored row's is 0
   * @return the outputs
   */
  public Outputs withLogSumExps(float[] logSumExps) {
    return with(RowOutputs.Measure.LOG_SUM_EXP, logSumExps);
  }

  /**
   * With each row's {@code log p_y}: −∞ at a logit of −∞, NaN in a row without probabilities.
   *
   * @param logProbabilities in nats, 0 or less, ≤ 4u (root mean square ≤ 0.5u); an ignored row's is
   *     0
   * @return the outputs
   */
  public Outputs withLogProbabilities(float[] logProbabilities) {
    return with(RowOutputs.Measure.LOG_PROBABILITY, logProbabilities);
  }

  /**
   * With each row's entropy {@code −Σ p·log p}, 0·log 0 = 0; NaN in a row without probabilities.
   *
   * @param entropies in nats, 0 or more, ≤ 4u (root mean square ≤ 0.5u) and C·2^−119, however
   *     confident the row; an ignored row's is 0
   * @return the outputs
   */
  public Outputs withEntropies(float[] entropies) {
    return with(RowOutputs.Measure.ENTROPY, entropies);
  }

  /**
   * With each row's class of the largest logit: the lowest of several, NaN never; −1 where all are
   * NaN.
   *
   * @param predictions classes; an ignored row's is −1
   * @return the outputs
   */
  public Outputs withPredictions(int[] predictions) {
    return with(RowOutputs.Count.PREDICTION, predictions);
  }

  /**
   * With the number of logits that are greater than the label's: the label is among the top k if it
   * is below k. Equal logits and NaN are not greater; −1 where the label's logit is NaN.
   *
   * @param ranks from 0 to classes − 1; an ignored row's is −1
   * @return the outputs
   */
  public Outputs withRanks(int[] ranks) {
    return with(RowOutputs.Count.RANK, ranks);
  }

  /**
   * With each row's largest probability p_m; NaN in a row without probabilities.
   *
   * @param confidences from 1/classes to 1, ≤ 2u (root mean square ≤ 0.5u); an ignored row's is 0
   * @return the outputs
   */
  public Outputs withConfidences(float[] confidences) {
    return with(RowOutputs.Measure.CONFIDENCE, confidences);
  }

  /**
   * With each row's Brier score {@code Σ_c (p_c − δ_cy)²}; NaN in a row without probabilities.
   *
   * @param brierScores from 0 to 2, ≤ 6u (root mean square ≤ 0.7u) and 2^−125, however confident
   *     the row; an ignored row's is 0
   * @return the outputs
   */
  public Outputs withBrierScores(float[] brierScores) {
    return with(RowOutputs.Measure.BRIER_SCORE, brierScores);
  }

  /**
   * With an evaluation, to which the rows of each call are added.
   *
   * @param evaluation accuracy, top-k accuracy and calibration
   * @return the outputs
   */
  public Outputs withEvaluation(Evaluation evaluation) {
    return with(rows().with(Objects.requireNonNull(evaluation, "evaluation").counts()));
  }

  private Outputs with(RowOutputs.Measure measure, float[] values) {
    return with(rows().with(measure, Objects.requireNonNull(values, measure.argument())));
  }

  private Outputs with(RowOutputs.Count count, int[] values) {
    return with(rows().with(count, Objects.requireNonNull(values, count.argument())));
  }

  private RowOutputs rows() {
    return rowOutputs == null ? RowOutputs.NONE : rowOutputs;
  }

  private Outputs with(RowOutputs outputs) {
    return new Outputs(this, totals, outputs);
  }

  /** The row losses, or null. */
  float[] losses() {
    return losses;
  }

  /** The row losses in double, or null. */
  double[] doubleLosses() {
    return doubleLosses;
  }

  /** The gradient, or null. */
  Gradient gradient() {
    return gradient;
  }

  /** The gradient with respect to the targets, or null. */
  Gradient targetGradient() {
    return targetGradient;
  }

  /** Whether there is anything but a gradient with respect to the targets. */
  boolean hasMore() {
    return targetGradient == null
        || losses != null
        || doubleLosses != null
        || gradient != null
        || totals != null;
  }

  /** The totals, or null. */
  Totals totals() {
    return totals;
  }

  /** Further results of rows, or null. */
  RowOutputs rowOutputs() {
    return rowOutputs;
  }

  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner(", ", "Outputs[", "]");
    if (losses != null) {
      parts.add("losses");
    }
    if (doubleLosses != null) {
      parts.add("losses in double");
    }
    if (gradient != null) {
      parts.add(gradient.toString());
    }
    if (targetGradient != null) {
      parts.add("of targets " + targetGradient);
    }
    if (totals != null) {
      parts.add("totals");
    }
    if (rowOutputs != null) {
      rowOutputs.describe(parts);
    }
    return parts.toString();
  }
}
