package io.surprisal;

import io.surprisal.internal.SoftmaxHead;

/**
 * {@code softmax(x)_c = exp(x_c) / Σ exp(x)} of each row of logits.
 *
 * <p>Special values: a logit of −∞ has probability 0. A row of only −∞, or with +∞ or NaN, is a row
 * of NaN.
 *
 * <p>Error with the vector kernel: ≤ 4 ulp of the probability (root mean square ≤ 0.7), and 2^−126
 * absolute: a probability below that is exactly 0.
 *
 * <p>{@link #backward} is the product of upstream rows v with the Jacobian: {@code p ⊙ (v − ⟨p,
 * v⟩)}, p the softmax of the logits.
 *
 * <p>Immutable and thread-safe; a call on the calling thread allocates nothing.
 *
 * {@snippet :
 * Softmax.standard().forward(logits, logits); // in place
 * }
 */
public final class Softmax extends RowMap {
  private static final Softmax STANDARD = new Softmax(Execution.sequential());

  private Softmax(Execution execution) {
    super(execution, SoftmaxHead.SOFTMAX, SoftmaxHead.SOFTMAX_PRODUCT);
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
    return new Softmax(execution);
  }
}
