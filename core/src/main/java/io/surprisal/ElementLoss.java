package io.surprisal;

import io.surprisal.internal.ElementHead;
import io.surprisal.internal.ElementPass;
import java.util.Objects;

/**
 * What losses of single elements have in common: the ways to call them, and the options that say
 * which elements count and what the mean is.
 *
 * <p>Every element of {@code [rows × classes]} is a question of its own: whether each of several
 * labels applies, or how one probability compares with another.
 *
 * <p>Immutable and thread-safe. A call on the calling thread with outputs of the caller's allocates
 * nothing.
 */
public abstract sealed class ElementLoss
    permits BinaryCrossEntropy,
        BinaryCrossEntropyOnProbabilities,
        KullbackLeibler,
        SigmoidFocal,
        SigmoidSquaredError {
  private final float ignoredTarget;
  private final ElementRange weightRange;
  private final Reduction reduction;
  private final Execution execution;

  ElementLoss(Builder<?> builder) {
    ignoredTarget = builder.ignoredTarget;
    weightRange = builder.range(Float.MAX_VALUE);
    reduction = new Reduction(builder.divisor, builder.emptyMean);
    execution = builder.execution;
  }

  /** What is computed. */
  abstract ElementHead head();

  /** Refuses numbers that the loss is not defined for, and options that do not fit the shape. */
  abstract void checkValues(ElementBatch batch, Execution execution);

  /**
   * The totals of a batch, from which the mean is taken.
   *
   * @param inputs {@code [rows × classes]}, what the loss is of
   * @param targets {@code [rows × classes]}
   * @return new totals
   * @throws IllegalArgumentException if the shapes differ or a number is out of its range
   */
  public ElementTotals forward(Matrix inputs, Matrix targets) {
    return forward(ElementBatch.of(inputs, targets));
  }

  /**
   * The totals of a batch with whatever it has beside inputs and targets.
   *
   * @param batch the batch
   * @return new totals
   * @throws IllegalArgumentException if shapes differ or a number is out of its range
   */
  public ElementTotals forward(ElementBatch batch) {
    ElementTotals totals = newTotals();
    compute(batch, ElementOutputs.none().withTotals(totals));
    return totals;
  }

  /**
   * The totals of a batch and the gradient of the reduced loss, in one pass.
   *
   * @param inputs {@code [rows × classes]}, what the loss is of
   * @param targets {@code [rows × classes]}
   * @param gradient {@code [rows × classes]}, written; the inputs themselves, or disjoint from what
   *     is read
   * @return new totals
   * @throws IllegalArgumentException if shapes or overlap do not fit or a number is out of its
   *     range
   */
  public ElementTotals forwardAndGradient(Matrix inputs, Matrix targets, Matrix gradient) {
    return forwardAndGradient(ElementBatch.of(inputs, targets), gradient);
  }

  /**
   * The totals of a batch with whatever it has beside inputs and targets, and the gradient of the
   * reduced loss, in one pass.
   *
   * @param batch the batch
   * @param gradient {@code [rows × classes]}, written; the inputs themselves, or disjoint from what
   *     is read
   * @return new totals
   * @throws IllegalArgumentException if shapes or overlap do not fit or a number is out of its
   *     range
   */
  public ElementTotals forwardAndGradient(ElementBatch batch, Matrix gradient) {
    ElementTotals totals = newTotals();
    compute(batch, ElementOutputs.none().withTotals(totals).withGradient(gradient));
    return totals;
  }

  /**
   * Empty totals for this loss.
   *
   * @return totals to pass to {@link #compute} again and again, and to merge
   */
  public ElementTotals newTotals() {
    return new ElementTotals(reduction);
  }

  /**
   * Any subset of the outputs, in one pass.
   *
   * @param batch inputs, targets, weights
   * @param outputs what to compute, and where it goes
   * @throws IllegalArgumentException if shapes or overlap do not fit or a number is out of its
   *     range; nothing has been written then
   * @throws IllegalStateException if a gradient is asked for, the divisor is 0 and the policy is
   *     {@link EmptyMean#THROW}; nothing has been written then
   */
  public void compute(ElementBatch batch, ElementOutputs outputs) {
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(outputs, "outputs");
    Kernel kernel = execution.kernel();
    Access.check(batch, outputs);
    ElementArguments.check(batch, outputs);
    if (batch.weights() != null) {
      weightRange.check("weights", batch.weights(), batch.targets(), execution);
    }
    checkValues(batch, execution);
    if (outputs.totals() != null) {
      outputs.totals().reduction().checkSame(reduction);
    }
    ElementPass pass = ElementPass.acquire();
    pass.head = head();
    pass.kernel = kernel.elements();
    pass.functions = kernel.softmax();
    fill(pass, batch);
    fill(pass, outputs);
    pass.run(execution.pool());
    if (outputs.totals() != null) {
      outputs.totals().addCounts(pass.counts);
    }
    pass.release();
  }

  private void fill(ElementPass pass, ElementBatch batch) {
    pass.rows = batch.inputs().rows();
    pass.classes = batch.inputs().classes();
    batch.inputs().placeIn(pass.inputs);
    batch.targets().placeIn(pass.targets);
    if (batch.weights() != null) {
      batch.weights().placeIn(pass.weights);
    }
    pass.ignoredTarget = ignoredTarget;
    pass.count();
  }

  private void fill(ElementPass pass, ElementOutputs outputs) {
    if (outputs.losses() != null) {
      outputs.losses().placeIn(pass.losses);
    }
    Gradient gradient = outputs.gradient();
    if (gradient != null) {
      pass.upstreamScale = gradient.upstream() * inverseDivisor(pass);
      pass.upstreamRows = gradient.upstreamOfRows();
      if (gradient.upstreamElements() != null) {
        gradient.upstreamElements().placeIn(pass.upstreamElements);
      }
      pass.added = gradient.added();
      gradient.matrix().placeIn(pass.gradient);
    }
    pass.total = outputs.totals() == null ? null : outputs.totals().losses();
  }

  private double inverseDivisor(ElementPass pass) {
    long counted = pass.counts.elements - pass.counts.ignored;
    double number =
        reduction.divisor().of((double) counted, pass.counts.weight.value(), pass.rows, counted);
    reduction.emptyMean().check(number);
    return number == 0 ? 0 : 1 / number;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + reduction.divisor() + ", " + execution + "]";
  }

  /**
   * Options that every loss of single elements has. Not thread-safe; may be used for several
   * losses.
   *
   * @param <B> the builder of the loss
   */
  public abstract static sealed class Builder<B extends Builder<B>>
      permits BinaryCrossEntropy.Builder,
          BinaryCrossEntropyOnProbabilities.Builder,
          KullbackLeibler.Builder,
          SigmoidFocal.Builder,
          SigmoidSquaredError.Builder {
    private float ignoredTarget = Float.NaN;
    private Divisor divisor = Divisor.COUNT;
    private EmptyMean emptyMean = EmptyMean.NAN;
    private Execution execution = Execution.sequential();

    Builder() {}

    abstract B self();

    /** What elements that count may hold. */
    ElementRange range(float highest) {
      return new ElementRange(highest, ignoredTarget);
    }

    /**
     * The target of elements that do not count: their loss and their gradient are exactly 0, and
     * their input is not looked at.
     *
     * @param target any number that no other target has, for example −1; by default there is none
     * @return this
     * @throws IllegalArgumentException if the number is NaN
     */
    public B ignoredTarget(float target) {
      if (Float.isNaN(target)) {
        throw new IllegalArgumentException("ignoredTarget = NaN is no number");
      }
      ignoredTarget = target;
      return self();
    }

    /**
     * What the mean divides by.
     *
     * @param divisor {@link Divisor#COUNT}, the elements that count, by default
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

    /**
     * Where the loss runs.
     *
     * @param execution the calling thread by default
     * @return this
     */
    public B execution(Execution execution) {
      this.execution = Objects.requireNonNull(execution, "execution");
      return self();
    }
  }
}
