package io.surprisal.bench.golden;

import io.surprisal.Batch;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;

/** What the cases of all losses on labels have in common: rows that count, weights, reduction. */
final class LabelledCase {
  /**
   * A row's loss.
   *
   * @param value the loss
   * @param scale whose ulp its bound counts
   * @param error the sum of what its formula adds up
   * @param decided whether PyTorch may say something else
   */
  record RowLoss(double value, double scale, double error, boolean decided) {
    static final RowLoss IGNORED = new RowLoss(0, 0, 0, false);
  }

  private final GoldenCase problem;
  private final GoldenCase.Options options;

  LabelledCase(GoldenCase problem) {
    this.problem = problem;
    this.options = problem.options();
  }

  /** 0 makes anything 0, infinities too, but not NaN. */
  static double times(double weight, double loss) {
    return weight == 0 && !Double.isNaN(loss) ? 0 : weight * loss;
  }

  int label(int row) {
    return problem.target()[row];
  }

  boolean ignored(int row) {
    return problem.target() != null && label(row) == options.ignoreIndex();
  }

  double weight(int column) {
    return options.weight() == null ? 1 : options.weight()[column];
  }

  private double divisor() {
    if (!options.mean()) {
      return 1;
    }
    if (problem.target() == null) {
      return problem.rows();
    }
    double sum = 0;
    for (int row = 0; row < problem.rows(); row++) {
      sum += ignored(row) ? 0 : weight(label(row));
    }
    return sum;
  }

  /** A mean over nothing: NaN, and by decision with a gradient of 0. */
  boolean empty() {
    return divisor() == 0;
  }

  /** What multiplies the gradient of a row's loss. */
  double upstream(int row) {
    return options.byRow() ? problem.upstream()[row] : problem.upstream()[0] / divisor();
  }

  /** The output: the row losses, or their sum or mean. */
  Expectation out(RowLoss[] losses, double ulps) {
    if (!options.byRow()) {
      return reduced(losses, ulps);
    }
    Expectation out = new Expectation(losses.length);
    for (int row = 0; row < losses.length; row++) {
      RowLoss loss = losses[row];
      out.within(row, loss.value, ulps, loss.scale, loss.error);
      if (loss.decided) {
        out.decide(row);
      }
    }
    return out;
  }

  private Expectation reduced(RowLoss[] losses, double ulps) {
    Expectation out = new Expectation(1);
    if (empty()) {
      out.exactly(0, Double.NaN);
      return out;
    }
    double value = 0;
    double scale = 0;
    double error = 0;
    for (RowLoss loss : losses) {
      value += loss.value;
      scale += Math.abs(loss.scale);
      error += loss.error;
      if (loss.decided) {
        out.decide(0);
      }
    }
    out.within(0, value / divisor(), ulps, scale / divisor(), error / divisor());
    return out;
  }

  /** What divides, in the library's words. */
  static Divisor divisor(GoldenCase problem) {
    return problem.options().mean() ? Divisor.STANDARD : Divisor.ONE;
  }

  private Batch batch() {
    Matrix logits = Matrix.of(problem.input(), problem.rows(), problem.classes());
    return problem.target() == null
        ? Batch.of(logits, Matrix.of(problem.targetProb(), problem.rows(), problem.classes()))
        : Batch.of(logits, Labels.of(problem.target()));
  }

  /** Runs the library. */
  GoldenOperation.Computed compute(LabelledLoss loss) {
    int rows = problem.rows();
    Matrix grad = Matrix.zeros(rows, problem.classes());
    Gradient gradient = Gradient.into(grad);
    gradient =
        options.byRow()
            ? gradient.withUpstream(problem.upstream())
            : gradient.withUpstream(problem.upstream()[0]);
    float[] losses = new float[rows];
    Totals totals = loss.newTotals();
    loss.compute(
        batch(), Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    double[] out =
        options.byRow()
            ? GoldenOperation.Computed.widened(losses)
            : new double[] {options.mean() ? totals.mean() : totals.sum()};
    return new GoldenOperation.Computed(out, GoldenOperation.Computed.widened(grad.data()));
  }
}
