package io.surprisal;

import io.surprisal.internal.LogSumExpHead;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SummaryHead;
import java.util.Arrays;
import java.util.Objects;

/**
 * {@code log Σ_c exp(x_c)} of each row of logits, in nats, and its gradient.
 *
 * <p>Special values: a row of only −∞ gives −∞, one with +∞ gives +∞, one with NaN gives NaN.
 *
 * <p>Error with the vector kernel: within 1.25 ulp of max(1, |result|), root mean square ≤ 0.5.
 *
 * <p>Immutable and thread-safe; a call on the calling thread allocates nothing but what it returns.
 *
 * {@snippet :
 * float[] logSums = new float[logits.rows()];
 * LogSumExp.standard().forward(logits, logSums);
 * }
 */
public final class LogSumExp {
  private static final LogSumExp STANDARD = new LogSumExp(Execution.sequential());

  private final Execution execution;

  private LogSumExp(Execution execution) {
    this.execution = execution;
  }

  /**
   * On the calling thread.
   *
   * @return the operation
   */
  public static LogSumExp standard() {
    return STANDARD;
  }

  /**
   * Where one says.
   *
   * @param execution threads and kernel
   * @return the operation
   */
  public static LogSumExp on(Execution execution) {
    return new LogSumExp(Objects.requireNonNull(execution, "execution"));
  }

  /**
   * Computes log-sum-exp.
   *
   * @param logits {@code [rows × classes]}, read
   * @param results {@code [rows]} or longer, written; not the array of the logits
   * @throws IllegalArgumentException if the results are too short or overlap the logits
   */
  public void forward(Matrix logits, float[] results) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(results, "results");
    checkResults(results.length, results, logits);
    Pass pass = UnlabelledPass.of(execution, LogSumExpHead.INSTANCE, logits);
    pass.losses = results;
    pass.run(execution.pool());
    pass.release();
  }

  /**
   * Computes log-sum-exp, in double.
   *
   * @param logits {@code [rows × classes]}, read
   * @param results {@code [rows]} or longer, written; not the array of the logits. Of logits in
   *     float they are those in float before these are rounded, and no nearer
   * @throws IllegalArgumentException if the results are too short or overlap the logits
   */
  public void forward(Matrix logits, double[] results) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(results, "results");
    checkResults(results.length, results, logits);
    Pass pass = UnlabelledPass.of(execution, LogSumExpHead.INSTANCE, logits);
    pass.doubleLosses = results;
    pass.run(execution.pool());
    pass.release();
  }

  private static void checkResults(int length, Object results, Matrix logits) {
    Checks.capacity("results", length, logits.rows());
    Checks.disjoint("results", results, logits.rows(), "logits", logits);
  }

  /**
   * The summary of each row: what log-sum-exp is taken of, in the form that merges with the
   * summaries of other columns of the same row.
   *
   * @param logits {@code [rows × classes]}, read; all classes, or some of them
   * @return {@code [rows]}
   */
  public RowSummary[] summaries(Matrix logits) {
    Objects.requireNonNull(logits, "logits");
    Access.toRead("logits", logits);
    SummaryHead head = new SummaryHead(logits.rows());
    Pass pass = UnlabelledPass.inFloats(execution, head, logits);
    pass.run(execution.pool());
    pass.release();
    RowSummary[] summaries = new RowSummary[logits.rows()];
    Arrays.setAll(
        summaries, row -> new RowSummary(head.sum[row], head.exponent[row], head.origin[row]));
    return summaries;
  }

  /**
   * Multiplies each row's upstream number by the gradient: {@code out = u·softmax(x)}.
   *
   * <p>A row of only −∞ has the gradient 0; one with +∞ or NaN a row of NaN. Error: ≤ 4 ulp of the
   * entry, and |u|·2^−126 absolute. A u that is not finite makes its row NaN.
   *
   * @param logits {@code [rows × classes]}, read
   * @param upstream {@code [rows]}
   * @param gradient {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @throws IllegalArgumentException if shapes or overlap do not fit
   */
  public void backward(Matrix logits, float[] upstream, Matrix gradient) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(gradient, "gradient");
    Checks.length("upstream", upstream.length, "rows", logits.rows());
    Checks.shape("gradient", gradient, logits);
    Checks.overlap("gradient", gradient, "logits", logits);
    Checks.disjoint("upstream", upstream, logits.rows(), "gradient", gradient);
    DoubleArguments.toWrite("gradient", gradient, logits);
    Pass pass = UnlabelledPass.of(execution, LogSumExpHead.INSTANCE, logits, gradient);
    pass.upstreamRows = upstream;
    pass.run(execution.pool());
    pass.release();
  }

  @Override
  public String toString() {
    return "LogSumExp[" + execution + "]";
  }
}
