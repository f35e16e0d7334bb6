package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.Matrix;
import io.surprisal.Softmax;

/**
 * Softmax and its product with upstream rows v: {@code p ⊙ (v − ⟨p, v⟩)}.
 *
 * <p>Bounds: 4 ulp of the probability; 4 ulp of the largest term of the product's entry, or of the
 * entry itself.
 */
final class GoldenSoftmax extends GoldenRowMap {
  @Override
  void document(GoldenCase problem, int row, Documented documented) {
    LogitsRow logits = new LogitsRow(problem, row);
    int classes = problem.classes();
    double product = 0;
    double largest = 0;
    double total = 0;
    for (int column = 0; column < classes; column++) {
      double term = logits.probability(column) * problem.upstream()[row * classes + column];
      product += term;
      largest = Math.max(largest, Math.abs(term));
      total += Math.abs(term);
    }
    for (int column = 0; column < classes; column++) {
      int i = row * classes + column;
      double p = logits.probability(column);
      double v = problem.upstream()[i];
      documented.out().within(i, p, 4, p, p);
      double factor = v - product;
      double scale = Math.max(largest, Math.max(Math.abs(factor), Math.abs(product)));
      documented
          .grad()
          .within(i, p * factor, 4, p * Math.max(scale, Math.abs(v)), p * (Math.abs(v) + total));
      documented.grad().underflowTimes(i, Math.max(Math.abs(v), largest));
    }
  }

  @Override
  void forward(Execution execution, Matrix logits, Matrix out) {
    Softmax.on(execution).forward(logits, out);
  }

  @Override
  void backward(Execution execution, Matrix logits, Matrix upstream, Matrix gradient) {
    Softmax.on(execution).backward(logits, upstream, gradient);
  }
}
