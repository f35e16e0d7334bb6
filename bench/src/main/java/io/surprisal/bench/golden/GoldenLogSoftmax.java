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
final class GoldenLogSoftmax extends GoldenRowMap {
  @Override
  void document(GoldenCase problem, int row, Documented documented) {
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
  void forward(Execution execution, Matrix logits, Matrix out) {
    LogSoftmax.on(execution).forward(logits, out);
  }

  @Override
  void backward(Execution execution, Matrix logits, Matrix upstream, Matrix gradient) {
    LogSoftmax.on(execution).backward(logits, upstream, gradient);
  }
}
