package io.surprisal;

import io.surprisal.internal.Head;
import java.util.Objects;

/** What {@link Softmax} and {@link LogSoftmax} have in common: how they are called. */
abstract sealed class RowMap permits Softmax, LogSoftmax {
  private final Execution execution;
  private final Head head;
  private final Head productHead;

  RowMap(Execution execution, Head head, Head productHead) {
    this.execution = Objects.requireNonNull(execution, "execution");
    this.head = head;
    this.productHead = productHead;
  }

  /**
   * Computes every row.
   *
   * @param logits {@code [rows × classes]}, read
   * @param out {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @throws IllegalArgumentException if shapes or overlap do not fit
   */
  public void forward(Matrix logits, Matrix out) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(out, "out");
    UnlabelledPass.forward(execution, head, logits, out);
  }

  /**
   * The product of upstream rows with the Jacobian of every row.
   *
   * <p>Error: entries ≤ 4 ulp of the largest term of the formula, its sum's terms included.
   *
   * @param logits {@code [rows × classes]}, read
   * @param upstream {@code [rows × classes]}, read
   * @param gradient {@code [rows × classes]}, written; the logits or the upstream rows themselves,
   *     or disjoint from them
   * @throws IllegalArgumentException if shapes or overlap do not fit
   */
  public void backward(Matrix logits, Matrix upstream, Matrix gradient) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(gradient, "gradient");
    UnlabelledPass.backward(execution, productHead, logits, upstream, gradient);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + execution + "]";
  }
}
