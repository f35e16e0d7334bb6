package io.surprisal;

import io.surprisal.internal.SoftmaxHead;
import java.util.Objects;

/**
 * {@code softmax(x)_c = exp(x_c) / Σ exp(x)} of each row of logits.
 *
 * <p>Special values: a logit of −∞ has probability 0. A row of only −∞, or with +∞ or NaN, is a row
 * of NaN.
 *
 * <p>Error with the vector kernel: ≤ 4 ulp of the probability (root mean square ≤ 0.7), and 2^−126
 * absolute: a probability below that is exactly 0.
 *
 * <p>Immutable and thread-safe; a call on the calling thread allocates nothing.
 *
 * {@snippet :
 * Softmax.standard().forward(logits, logits); // in place
 * }
 */
public final class Softmax {
  private static final Softmax STANDARD = new Softmax(Execution.sequential());

  private final Execution execution;

  private Softmax(Execution execution) {
    this.execution = execution;
  }

  /**
   * On the calling thread.
   *
   * @return the operation
   */
  public static Softmax standard() {
    return STANDARD;
  }

  /**
   * Where one says.
   *
   * @param execution threads and kernel
   * @return the operation
   */
  public static Softmax on(Execution execution) {
    return new Softmax(Objects.requireNonNull(execution, "execution"));
  }

  /**
   * Computes the probabilities.
   *
   * @param logits {@code [rows × classes]}, read
   * @param out {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @throws IllegalArgumentException if shapes or overlap do not fit
   */
  public void forward(Matrix logits, Matrix out) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(out, "out");
    UnlabelledPass.forward(execution, SoftmaxHead.SOFTMAX, logits, out);
  }

  /**
   * The product of upstream rows v with the Jacobian: {@code p ⊙ (v − ⟨p, v⟩)}, p the softmax of
   * the logits.
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
    UnlabelledPass.backward(execution, SoftmaxHead.SOFTMAX_PRODUCT, logits, upstream, gradient);
  }

  @Override
  public String toString() {
    return "Softmax[" + execution + "]";
  }
}
