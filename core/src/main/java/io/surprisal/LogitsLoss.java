package io.surprisal;

import io.surprisal.internal.DoublePass;
import io.surprisal.internal.Head;
import io.surprisal.internal.LogitMap;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/** What losses of logits have in common: one pass of a kernel with a head of the loss's own. */
abstract sealed class LogitsLoss extends LabelledLoss
    permits CrossEntropy,
        SoftmaxFocal,
        PolyCrossEntropy,
        GeneralizedCrossEntropy,
        SoftmaxSquaredError,
        SoftmaxEntropy {
  private final Execution execution;

  /** Null where logits are taken as they are. */
  private final LogitMap logitMap;

  LogitsLoss(Builder<?> builder) {
    super(builder);
    execution = builder.execution;
    boolean mapped = builder.logitScale != 1 || builder.softCap < Double.POSITIVE_INFINITY;
    logitMap = mapped ? new LogitMap(builder.logitScale, builder.softCap) : null;
  }

  /**
   * What logits are multiplied by first.
   *
   * @return s, above 0
   */
  public double logitScale() {
    return logitMap == null ? 1 : logitMap.scale();
  }

  /**
   * What bounds the logits.
   *
   * @return c, above 0; +∞ where nothing does
   */
  public double softCap() {
    return logitMap == null ? Double.POSITIVE_INFINITY : logitMap.cap();
  }

  /** The head for such a batch. */
  abstract Head head(Batch batch);

  /** Whether logits may be doubles. */
  boolean takesDoubles() {
    return true;
  }

  /** Refuses options that logits in double do not go with. */
  void checkOptionsInDouble(Batch batch) {}

  @Override
  final void checkAccess(Batch batch, Outputs outputs) {
    if (takesDoubles() && DoubleArguments.isDouble(batch.logits())) {
      DoubleArguments.check(batch, outputs, logitMap != null);
      checkOptionsInDouble(batch);
    } else {
      super.checkAccess(batch, outputs);
    }
  }

  @Override
  final Pass acquirePass(Batch batch) {
    if (!DoubleArguments.isDouble(batch.logits())) {
      return acquireSoftmaxPass(batch);
    }
    DoublePass pass = DoublePass.acquire();
    pass.kernel = execution.kernel().doubles();
    pass.elementary = execution.kernel().softmax();
    pass.head = head(batch);
    return pass;
  }

  /** Lends a pass on logits in floats. */
  final SoftmaxPass acquireSoftmaxPass(Batch batch) {
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = execution.kernel().softmax();
    pass.head = head(batch);
    pass.logitMap = logitMap;
    Matrix targets = batch.targets();
    if (targets != null) {
      targets.placeIn(pass.targets);
    }
    SparseTargets sparse = batch.sparseTargets();
    if (sparse != null) {
      pass.sparse.classes = sparse.classes();
      pass.sparse.targets = sparse.targets();
      pass.sparse.offset = sparse.offset();
      pass.sparse.perRow = sparse.perRow();
      pass.sparse.tail = sparse.hasTail();
    }
    return pass;
  }

  @Override
  final boolean hasRowOutputs(Batch batch) {
    return batch.labels() != null;
  }

  @Override
  final ForkJoinPool pool() {
    return execution.pool();
  }

  @Override
  final String where() {
    return ", " + execution;
  }

  /** The option that they all have. */
  abstract static sealed class Builder<B extends Builder<B>> extends LabelledLoss.Builder<B>
      permits CrossEntropy.Builder,
          SoftmaxFocal.Builder,
          PolyCrossEntropy.Builder,
          GeneralizedCrossEntropy.Builder,
          SoftmaxSquaredError.Builder,
          SoftmaxEntropy.Builder {
    private Execution execution = Execution.sequential();
    private double logitScale = 1;
    private double softCap = Double.POSITIVE_INFINITY;

    Builder() {}

    /**
     * Multiplies the logits first: {@code z = s·x}, s = 1/T for a temperature T. Everything that is
     * said of logits holds of z, rounded to float; the gradient is with respect to x.
     *
     * @param scale s, above 0; 1 by default
     * @return this
     * @throws IllegalArgumentException if s is not positive and finite
     */
    public B logitScale(double scale) {
      logitScale = positive("logitScale", scale);
      return self();
    }

    /**
     * Bounds the logits, after they are scaled: {@code z = c·tanh(s·x/c)}, as for {@code
     * logitScale}. A logit of ±∞ becomes ±c: a class masked by −∞ is not masked any more.
     *
     * @param cap c, above 0; none by default
     * @return this
     * @throws IllegalArgumentException if c is not positive and finite
     */
    public B softCap(double cap) {
      softCap = positive("softCap", cap);
      return self();
    }

    private static double positive(String option, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(option + " = " + value + " is outside (0, ∞)");
      }
      return value;
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
