package io.surprisal;

import io.surprisal.internal.SoftmaxHead;
import java.util.Objects;

/**
 * {@code log softmax(x)_c = x_c − log Σ exp(x)} of each row of logits, in nats.
 *
 * <p>Special values: a logit of −∞ gives −∞. A row of only −∞, or with +∞ or NaN, is a row of NaN.
 *
 * <p>Error with the vector kernel: within 1.5 ulp of max(1, |result|), whatever offset the logits
 * share.
 *
 * <p>Immutable and thread-safe; a call on the calling thread allocates nothing.
 *
 * {@snippet :
 * Matrix logProbabilities = Matrix.zeros(rows, classes);
 * LogSoftmax.standard().forward(logits, logProbabilities);
 * }
 */
public final class LogSoftmax {
  private static final LogSoftmax STANDARD = new LogSoftmax(Execution.sequential());

  private final Execution execution;

  private LogSoftmax(Execution execution) {
    this.execution = execution;
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
    return new LogSoftmax(Objects.requireNonNull(execution, "execution"));
  }

  /**
   * Computes the logarithms of the probabilities, in nats.
   *
   * @param logits {@code [rows × classes]}, read
   * @param out {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @throws IllegalArgumentException if shapes or overlap do not fit
   */
  public void forward(Matrix logits, Matrix out) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(out, "out");
    UnlabelledPass.forward(execution, SoftmaxHead.LOG_SOFTMAX, logits, out);
  }

  /**
   * The product of upstream rows v with the Jacobian: {@code v − p·Σv}, p the softmax of the
   * logits.
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
    UnlabelledPass.backward(execution, SoftmaxHead.LOG_SOFTMAX_PRODUCT, logits, upstream, gradient);
  }

  @Override
  public String toString() {
    return "LogSoftmax[" + execution + "]";
  }
}
