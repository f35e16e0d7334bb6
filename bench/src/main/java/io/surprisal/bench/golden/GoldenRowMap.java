package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.Matrix;

/** An operation that maps rows of logits to rows, and its product with upstream rows. */
abstract class GoldenRowMap implements GoldenOperation {
  @Override
  public Documented document(GoldenCase problem) {
    int elements = problem.input().length;
    Documented documented = new Documented(new Expectation(elements), new Expectation(elements));
    for (int row = 0; row < problem.rows(); row++) {
      document(problem, row, documented);
    }
    return documented;
  }

  /** The rule of one row. */
  abstract void document(GoldenCase problem, int row, Documented documented);

  /** The library's operation. */
  abstract void forward(Execution execution, Matrix logits, Matrix out);

  /** The library's product. */
  abstract void backward(Execution execution, Matrix logits, Matrix upstream, Matrix gradient);

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    Matrix logits = Matrix.of(problem.input(), problem.rows(), problem.classes());
    Matrix upstream = Matrix.of(problem.upstream(), problem.rows(), problem.classes());
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    Matrix grad = Matrix.zeros(problem.rows(), problem.classes());
    forward(execution, logits, out);
    backward(execution, logits, upstream, grad);
    return new Computed(Computed.widened(out.data()), Computed.widened(grad.data()));
  }
}
