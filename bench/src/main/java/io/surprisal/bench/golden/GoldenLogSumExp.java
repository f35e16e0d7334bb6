package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;

/**
 * Log-sum-exp and its gradient {@code u·p}.
 *
 * <p>Bounds: 1.25 ulp of max(1, |lse|); 4 ulp of the gradient's entry.
 *
 * <p>Decided otherwise than PyTorch: a row of only −∞ has gradient 0, one with +∞ a row of NaN. And
 * PyTorch divides by the exponential of the <em>rounded</em> output, which is a different number
 * where the output is so large that its ulp matters; the library's gradient is the true softmax.
 */
final class GoldenLogSumExp implements GoldenOperation {
  /** Beyond it exp(lse), lse rounded to double, has no digits left that could be compared. */
  private static final double ROUNDED_AWAY = 1e12;

  @Override
  public Documented document(GoldenCase problem) {
    Documented documented =
        new Documented(new Expectation(problem.rows()), new Expectation(problem.input().length));
    for (int row = 0; row < problem.rows(); row++) {
      LogitsRow logits = new LogitsRow(problem, row);
      double logSumExp = logits.logSumExp();
      double size = Math.max(1, Math.abs(logSumExp));
      documented.out().within(row, logSumExp, 1.25, size, size);
      for (int column = 0; column < problem.classes(); column++) {
        int i = row * problem.classes() + column;
        documentGradient(problem.upstream()[row], logits, column, documented.grad(), i);
      }
    }
    return documented;
  }

  private static void documentGradient(
      double upstream, LogitsRow logits, int column, Expectation grad, int i) {
    double logSumExp = logits.logSumExp();
    if (logSumExp == Double.NEGATIVE_INFINITY) {
      grad.exactly(i, 0);
      grad.decide(i);
      return;
    }
    double entry = upstream * logits.probability(column);
    grad.within(i, entry, 4, entry, Math.abs(entry));
    grad.underflowTimes(i, upstream);
    grad.fileError(i, Math.abs(entry) * 4 * Math.ulp(logSumExp));
    if (logits.positiveInfinity() || Math.abs(logSumExp) > ROUNDED_AWAY) {
      grad.decide(i);
    }
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    Matrix logits = Matrix.of(problem.input(), problem.rows(), problem.classes());
    Matrix grad = Matrix.zeros(problem.rows(), problem.classes());
    float[] out = new float[problem.rows()];
    LogSumExp logSumExp = LogSumExp.on(execution);
    logSumExp.forward(logits, out);
    logSumExp.backward(logits, problem.upstream(), grad);
    return new Computed(Computed.widened(out), Computed.widened(grad.data()));
  }
}
