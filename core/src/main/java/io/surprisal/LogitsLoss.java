package io.surprisal;

import io.surprisal.internal.Head;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/** What losses of logits have in common: one pass of a kernel with a head of the loss's own. */
abstract sealed class LogitsLoss extends LabelledLoss
    permits CrossEntropy, SoftmaxFocal, PolyCrossEntropy, GeneralizedCrossEntropy {
  private final Execution execution;

  LogitsLoss(Builder<?> builder) {
    super(builder);
    execution = builder.execution;
  }

  /** The head for such a batch. */
  abstract Head head(Batch batch);

  @Override
  final Pass acquirePass(Batch batch) {
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = execution.kernel().softmax();
    pass.head = head(batch);
    Matrix targets = batch.targets();
    if (targets != null) {
      pass.targets.set(targets.data(), targets.offset(), targets.rowStride());
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
          GeneralizedCrossEntropy.Builder {
    private Execution execution = Execution.sequential();

    Builder() {}

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
