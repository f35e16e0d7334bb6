package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.LogSoftmax;
import io.surprisal.Matrix;

/**
 * Log-softmax and its product with upstream rows v: {@code v − p·Σv}.
 *
 * <p>Bounds: 1.5 ulp of max(1, |log p|); 4 ulp of the largest term of the product's entry, or of
 * the entry itself.
 */
final class GoldenLogSoftmax implements GoldenOperation {
  @Override
  public Documented document(GoldenCase problem) {
    int elements = problem.input().length;
    Documented documented = new Documented(new Expectation(elements), new Expectation(elements));
    for (int row = 0; row < problem.rows(); row++) {
      document(problem, row, documented);
    }
    return documented;
  }

  private static void document(GoldenCase problem, int row, Documented documented) {
    LogitsRow logits = new LogitsRow(problem, row);
    int classes = problem.classes();
    double sum = 0;
    double largest = 0;
    double total = 0;
    for (int column = 0; column < classes; column++) {
      double v = problem.upstream()[row * classes + column];
      sum += v;
      largest = Math.max(largest, Math.abs(v));
      total += Math.abs(v);
    }
    for (int column = 0; column < classes; column++) {
      int i = row * classes + column;
      double p = logits.probability(column);
      double v = problem.upstream()[i];
      double logProbability = logits.logProbability(column);
      double size = Math.max(1, Math.abs(logProbability));
      documented.out().within(i, logProbability, 1.5, size, size);
      double entry = v - p * sum;
      double scale = Math.max(Math.abs(v), p * Math.max(largest, Math.abs(sum)));
      scale = Math.max(scale, Math.abs(entry));
      documented.grad().within(i, entry, 4, scale, Math.abs(v) + p * total);
      documented.grad().underflowTimes(i, sum);
    }
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    Matrix logits = Matrix.of(problem.input(), problem.rows(), problem.classes());
    Matrix upstream = Matrix.of(problem.upstream(), problem.rows(), problem.classes());
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    Matrix grad = Matrix.zeros(problem.rows(), problem.classes());
    LogSoftmax logSoftmax = LogSoftmax.on(execution);
    logSoftmax.forward(logits, out);
    logSoftmax.backward(logits, upstream, grad);
    return new Computed(Computed.widened(out.data()), Computed.widened(grad.data()));
  }
}
