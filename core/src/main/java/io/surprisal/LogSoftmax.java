package io.surprisal;

import io.surprisal.internal.SoftmaxHead;

/**
 * {@code log softmax(x)_c = x_c − log Σ exp(x)} of each row of logits, in nats.
 *
 * <p>Special values: a logit of −∞ gives −∞. A row of only −∞, or with +∞ or NaN, is a row of NaN.
 *
 * <p>Error with the vector kernel: within 1.5 ulp of max(1, |result|), whatever offset the logits
 * share.
 *
 * <p>{@link #backward} is the product of upstream rows v with the Jacobian: {@code v − p·Σv}, p the
 * softmax of the logits.
 *
 * <p>Immutable and thread-safe; a call on the calling thread allocates nothing.
 *
 * {@snippet :
 * Matrix logProbabilities = Matrix.zeros(rows, classes);
 * LogSoftmax.standard().forward(logits, logProbabilities);
 * }
 */
public final class LogSoftmax extends RowMap {
  private static final LogSoftmax STANDARD = new LogSoftmax(Execution.sequential());

  private LogSoftmax(Execution execution) {
    super(execution, SoftmaxHead.LOG_SOFTMAX, SoftmaxHead.LOG_SOFTMAX_PRODUCT);
  }

  /**
   * On the calling thread.
   *
   * @return the operation
   */
  public static LogSoftmax standard() {
    return STANDARD;
  }

  /**
   * Where one says.
   *
   * @param execution threads and kernel
   * @return the operation
   */
  public static LogSoftmax on(Execution execution) {
    return new LogSoftmax(execution);
  }
}
