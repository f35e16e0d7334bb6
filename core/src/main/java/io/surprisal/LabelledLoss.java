package io.surprisal;

import io.surprisal.internal.LabelledRows;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;
import io.surprisal.internal.TargetWeights;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * What losses on class labels have in common: the ways to call them, and the options that say which
 * rows count and what the mean is.
 *
 * <p>Immutable and thread-safe. A call on the calling thread with outputs of the caller's allocates
 * nothing.
 */
public abstract sealed class LabelledLoss permits LogitsLoss, NegativeLogLikelihood, Distillation {
  private final int ignoreIndex;
  private final Reduction reduction;
  private final float[] classWeights;

  LabelledLoss(Builder<?> builder) {
    ignoreIndex = builder.ignoreIndex;
    reduction = new Reduction(builder.divisor, builder.emptyMean);
    classWeights = builder.classWeights;
  }

  /** The class weights, or null. */
  final float[] classWeights() {
    return classWeights;
  }

  /** Lends a pass that is this loss's on such a batch. */
  abstract Pass acquirePass(Batch batch);

  /** Refuses memory and types of elements that cannot be used. */
  void checkAccess(Batch batch, Outputs outputs) {
    Access.check(batch, outputs);
  }

  /** Refuses targets that the loss does not take. */
  void checkTargets(Batch batch) {
    boolean taken =
        batch.labels() != null
            || (batch.targets() != null && takesDenseTargets())
            || (batch.sparseTargets() != null && takesSparseTargets());
    if (!taken) {
      throw new IllegalArgumentException(
          "the batch has "
              + (batch.targets() == null ? "sparse" : "dense")
              + " targets, but "
              + getClass().getSimpleName()
              + (takesDenseTargets() ? " takes labels or dense targets" : " takes labels"));
    }
  }

  /** Refuses labels beside other targets, one of which would be ignored, and neither of them. */
  void checkOneKind(Batch batch) {
    if (batch.labels() == null && batch.targets() == null && batch.sparseTargets() == null) {
      throw new IllegalArgumentException(
          "the batch has neither labels nor targets, but "
              + getClass().getSimpleName()
              + " compares logits with them");
    }
    if (batch.labels() != null && (batch.targets() != null || batch.sparseTargets() != null)) {
      throw new IllegalArgumentException(
          "the batch has labels beside other targets, but "
              + getClass().getSimpleName()
              + " takes one of them");
    }
  }

  /** Whether a row may have a target for every class. */
  boolean takesDenseTargets() {
    return false;
  }

  /** Whether a row may have targets for a few classes. */
  boolean takesSparseTargets() {
    return false;
  }

  /** Whether rows have more results than a loss and a gradient. */
  boolean hasRowOutputs(Batch batch) {
    return false;
  }

  /** Where it runs: a pool, or null for the calling thread. */
  ForkJoinPool pool() {
    return null;
  }

  /** Where it runs, in words, if that is an option. */
  String where() {
    return "";
  }

  /**
   * Whether a row does not count: its label is the ignore index, or the batch leaves it out.
   *
   * @param batch the batch; with other targets than labels only the rows count that it leaves out
   * @param row from 0 to rows − 1
   * @return true if its loss and its gradient are 0
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public boolean isIgnored(Batch batch, int row) {
    boolean unlabelled = batch.labels() == null;
    return batch.isLeftOut(row) || (!unlabelled && batch.labels().value(row) == ignoreIndex);
  }

  /**
   * What a class's share of the loss is multiplied by.
   *
   * @param label a class
   * @return its weight; 1 where there are no class weights
   * @throws IndexOutOfBoundsException if there is no weight for this class
   */
  public float classWeight(int label) {
    return classWeights == null
        ? 1
        : classWeights[Checks.index("label", label, classWeights.length)];
  }

  /**
   * The totals of a batch, from which mean, perplexity and bits are taken.
   *
   * @param logits {@code [rows × classes]}, or what the loss takes in their place
   * @param labels {@code [rows]}
   * @return new totals
   * @throws IllegalArgumentException if shapes or weights do not fit
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index
   */
  public Totals forward(Matrix logits, Labels labels) {
    return forward(Batch.of(logits, labels));
  }

  /**
   * The totals of a batch with whatever it has beside its logits.
   *
   * @param batch the batch
   * @return new totals
   * @throws IllegalArgumentException if shapes or weights do not fit
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index
   */
  public Totals forward(Batch batch) {
    Totals totals = newTotals();
    compute(batch, Outputs.none().withTotals(totals));
    return totals;
  }

  /**
   * The totals of a batch and the gradient of the reduced loss, in one pass.
   *
   * @param logits {@code [rows × classes]}, or what the loss takes in their place
   * @param labels {@code [rows]}
   * @param gradient {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @return new totals
   * @throws IllegalArgumentException if shapes, overlap or weights do not fit
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index
   */
  public Totals forwardAndGradient(Matrix logits, Labels labels, Matrix gradient) {
    return forwardAndGradient(Batch.of(logits, labels), gradient);
  }

  /**
   * The totals of a batch with whatever it has beside its logits, and the gradient of the reduced
   * loss with respect to the logits, in one pass.
   *
   * @param batch the batch
   * @param gradient {@code [rows × classes]}, written; the logits themselves, or disjoint from what
   *     is read
   * @return new totals
   * @throws IllegalArgumentException if shapes, overlap or weights do not fit
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index
   */
  public Totals forwardAndGradient(Batch batch, Matrix gradient) {
    Totals totals = newTotals();
    compute(batch, Outputs.none().withTotals(totals).withGradient(gradient));
    return totals;
  }

  /**
   * Empty totals for this loss.
   *
   * @return totals to pass to {@link #compute} again and again, and to merge
   */
  public Totals newTotals() {
    return new Totals(reduction);
  }

  /**
   * Any subset of the outputs, in one pass.
   *
   * @param batch logits, labels, sample weights, ignored rows
   * @param outputs what to compute, and where it goes
   * @throws IllegalArgumentException if shapes, overlap or weights do not fit; nothing has been
   *     written then
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index; nothing
   *     has been written then
   * @throws IllegalStateException if a gradient is asked for, the divisor is 0 and the policy is
   *     {@link EmptyMean#THROW}; nothing has been written then
   */
  public void compute(Batch batch, Outputs outputs) {
    check(batch, outputs);
    if (outputs.targetGradient() != null) {
      Pass pass = acquireTargetGradientPass(batch);
      pass.passes = outputs.hasMore() ? 2 : 1;
      runTargetGradient(pass, batch, outputs.targetGradient());
    }
    if (outputs.hasMore()) {
      Pass pass = acquirePass(batch);
      pass.passes = outputs.targetGradient() == null ? 1 : 2;
      run(pass, batch, outputs);
    }
  }

  /** Writes the gradient with respect to targets, of a loss that gives it. */
  private void runTargetGradient(Pass pass, Batch batch, Gradient gradient) {
    fill(pass, batch);
    fill(pass, gradient);
    pass.run(pool());
    pass.release();
  }

  /** Lends a pass that writes the gradient with respect to the targets; null where none can. */
  Pass acquireTargetGradientPass(Batch batch) {
    return null;
  }

  /** Whether there is a gradient with respect to such a batch's targets. */
  boolean givesTargetGradient(Batch batch) {
    return false;
  }

  /** Refuses what does not fit, before anything is written. */
  final void check(Batch batch, Outputs outputs) {
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(outputs, "outputs");
    checkAccess(batch, outputs);
    checkOneKind(batch);
    checkTargets(batch);
    if (outputs.rowOutputs() != null && !hasRowOutputs(batch)) {
      throw new IllegalArgumentException(
          outputs + " needs logits and labels: " + getClass().getSimpleName() + " of " + batch);
    }
    check(batch, batch.logits().classes(), outputs);
  }

  /** Runs and releases a pass that has its head and what the batch has beside labels. */
  final void run(Pass pass, Batch batch, Outputs outputs) {
    fill(pass, batch);
    fill(pass, outputs);
    pass.run(pool());
    if (outputs.totals() != null) {
      outputs.totals().addRows(pass.labelled);
    }
    pass.release();
  }

  /** Refuses arguments that do not fit, of a batch whose logits may be a shard of all classes. */
  final void check(Batch batch, int classes, Outputs outputs) {
    LabelledArguments.check(batch, classes, outputs, ignoreIndex, classWeights);
    if (outputs.targetGradient() != null) {
      if (!givesTargetGradient(batch)) {
        throw new IllegalArgumentException(
            outputs
                + ": a gradient of targets needs CrossEntropy with a target for every class, not "
                + getClass().getSimpleName()
                + " of "
                + batch);
      }
      TargetGradientArguments.check(batch, outputs);
    }
    if (outputs.totals() != null) {
      outputs.totals().reduction().checkSame(reduction);
    }
  }

  private void fill(Pass pass, Batch batch) {
    Matrix logits = batch.logits();
    pass.rows = logits.rows();
    pass.classes = logits.classes();
    logits.placeIn(pass.logits);
    fill(pass.labelled, batch, logits.classes());
  }

  /** Sets labels and weights of the rows, whose matrix may be a shard of all classes. */
  final void fill(LabelledRows rows, Batch batch, int classes) {
    rows.rows = batch.logits().rows();
    rows.hasTargets = batch.labels() == null;
    if (batch.labels() != null) {
      batch.labels().placeIn(rows);
    }
    rows.ignoreIndex = ignoreIndex;
    rows.ignoredRows = batch.ignoredRows();
    rows.classWeights = classWeights;
    rows.sampleWeights = batch.sampleWeights();
    rows.count(SoftmaxPass.rowsPerTile(classes));
  }

  private void fill(Pass pass, Outputs outputs) {
    pass.losses = outputs.losses();
    pass.doubleLosses = outputs.doubleLosses();
    pass.rowOutputs = outputs.rowOutputs();
    if (outputs.gradient() != null) {
      fill(pass, outputs.gradient());
    }
    pass.totals = outputs.totals() == null ? null : outputs.totals().sums();
  }

  private void fill(Pass pass, Gradient gradient) {
    if (reduction.divisor().equals(Divisor.WEIGHTS) && pass instanceof SoftmaxPass softmax) {
      TargetWeights.find(softmax);
    }
    pass.upstreamScale = gradient.upstream() * inverseDivisor(pass.labelled);
    pass.upstreamRows = gradient.upstreamRows();
    pass.added = gradient.added();
    gradient.matrix().placeIn(pass.out);
  }

  /** What a gradient is multiplied by; 0 for an empty mean. */
  final double inverseDivisor(LabelledRows rows) {
    double weight = rows.weight.value();
    double standard = rows.standardDivisor();
    double number = reduction.divisor().of(standard, weight, rows.rows, rows.rows - rows.ignored);
    reduction.emptyMean().check(number);
    return number == 0 ? 0 : 1 / number;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName()
        + "["
        + reduction.divisor()
        + ", ignoreIndex "
        + ignoreIndex
        + where()
        + "]";
  }

  /**
   * Options that every loss on labels has. Not thread-safe; may be used for several losses.
   *
   * @param <B> the builder of the loss
   */
  public abstract static sealed class Builder<B extends Builder<B>>
      permits LogitsLoss.Builder, NegativeLogLikelihood.Builder, Distillation.Builder {
    private float[] classWeights;
    private int ignoreIndex = -100;
    private Divisor divisor = Divisor.STANDARD;
    private EmptyMean emptyMean = EmptyMean.NAN;

    Builder() {}

    abstract B self();

    /** The class weights, or null. */
    float[] classWeights() {
      return classWeights;
    }

    /**
     * Multiplies each class's share of the loss.
     *
     * @param weights {@code [classes]}, finite and not negative; copied
     * @return this
     * @throws IllegalArgumentException if a weight is negative, infinite or NaN
     */
    public B classWeights(float... weights) {
      Objects.requireNonNull(weights, "classWeights");
      Checks.weights("classWeights", weights);
      classWeights = weights.clone();
      return self();
    }

    /**
     * The label of rows that do not count.
     *
     * @param label any number, −100 by default
     * @return this
     */
    public B ignoreIndex(int label) {
      ignoreIndex = label;
      return self();
    }

    /**
     * What the mean divides by.
     *
     * @param divisor {@link Divisor#STANDARD} by default
     * @return this
     */
    public B divisor(Divisor divisor) {
      this.divisor = Objects.requireNonNull(divisor, "divisor");
      return self();
    }

    /**
     * What a mean over nothing is.
     *
     * @param policy {@link EmptyMean#NAN} by default
     * @return this
     */
    public B emptyMean(EmptyMean policy) {
      emptyMean = Objects.requireNonNull(policy, "emptyMean");
      return self();
    }
  }
}
