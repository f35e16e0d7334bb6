package io.surprisal.bench.golden;

import io.surprisal.Divisor;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Gradient;
import io.surprisal.Matrix;

/** What the cases of all losses of elements have in common: weights and reduction. */
final class ElementwiseCase {
  /**
   * The rule for one element, without its weight.
   *
   * @param loss the loss
   * @param lossScale whose ulp its bound counts: the loss, or its largest term
   * @param slope its derivative
   * @param slopeScale the largest term of the derivative
   * @param size what PyTorch adds and subtracts to get either
   * @param decided whether PyTorch may say something else
   */
  record Element(
      double loss,
      double lossScale,
      double slope,
      double slopeScale,
      double size,
      boolean decided) {}

  /** The rule. */
  interface Rule {
    Element of(int index);
  }

  private static final double LOSS_ULPS = 4;
  private static final double GRADIENT_ULPS = 4;

  private final GoldenCase problem;
  private final GoldenCase.Options options;

  ElementwiseCase(GoldenCase problem) {
    this.problem = problem;
    this.options = problem.options();
  }

  private double weight(int index) {
    float[] weights = problem.elements().weights();
    return weights == null ? 1 : weights[index];
  }

  private double divisor() {
    return switch (options.reduction()) {
      case "mean" -> problem.input().length;
      case "batchmean" -> problem.rows();
      default -> 1;
    };
  }

  private double upstream(int index) {
    return options.byRow() ? problem.upstream()[index] : problem.upstream()[0] / divisor();
  }

  /** What the documentation says of the case. */
  GoldenOperation.Documented document(Rule rule) {
    int elements = problem.input().length;
    Expectation grad = new Expectation(elements);
    Expectation out = new Expectation(options.byRow() ? elements : 1);
    Reduced reduced = new Reduced();
    for (int i = 0; i < elements; i++) {
      Element element = rule.of(i);
      double loss = LabelledCase.times(weight(i), element.loss);
      double lossScale = Math.abs(weight(i) * element.lossScale);
      double factor = upstream(i) * weight(i);
      double slopeScale = Math.abs(factor * element.slopeScale);
      grad.within(
          i, factor * element.slope, GRADIENT_ULPS, slopeScale, Math.abs(factor) * element.size);
      grad.underflowTimes(i, 2 * factor);
      reduced.add(loss, lossScale, weight(i), element);
      if (element.decided) {
        grad.decide(i);
      }
      if (options.byRow()) {
        out.within(i, loss, LOSS_ULPS, lossScale, weight(i) * element.size);
        out.underflowTimes(i, 2 * weight(i));
        if (element.decided) {
          out.decide(i);
        }
      }
    }
    if (!options.byRow()) {
      reduced.document(out, divisor());
    }
    return new GoldenOperation.Documented(out, grad);
  }

  /** A sum or a mean. */
  private static final class Reduced {
    private double sum;
    private double scale;
    private double weights;
    private double size;
    private boolean decided;

    void add(double loss, double lossScale, double weight, Element element) {
      sum += loss;
      scale += lossScale;
      weights += weight;
      size += weight * element.size;
      decided |= element.decided;
    }

    void document(Expectation out, double divisor) {
      out.within(0, sum / divisor, LOSS_ULPS, scale / divisor, size / divisor);
      out.underflowTimes(0, 2 * weights / divisor);
      if (decided) {
        out.decide(0);
      }
    }
  }

  /** What divides, in the library's words. */
  Divisor divisorOption() {
    return switch (options.reduction()) {
      case "mean" -> Divisor.COUNT;
      case "batchmean" -> Divisor.ROWS;
      default -> Divisor.ONE;
    };
  }

  /** Runs the library. */
  GoldenOperation.Computed compute(ElementLoss loss) {
    int rows = problem.rows();
    int classes = problem.classes();
    Matrix inputs = Matrix.of(problem.input(), rows, classes);
    Matrix targets = Matrix.of(problem.elements().targets(), rows, classes);
    ElementBatch batch = ElementBatch.of(inputs, targets);
    if (problem.elements().weights() != null) {
      batch = batch.withWeights(Matrix.of(problem.elements().weights(), rows, classes));
    }
    Matrix grad = Matrix.zeros(rows, classes);
    Gradient gradient = Gradient.into(grad);
    gradient =
        options.byRow()
            ? gradient.withUpstream(Matrix.of(problem.upstream(), rows, classes))
            : gradient.withUpstream(problem.upstream()[0]);
    Matrix losses = Matrix.zeros(rows, classes);
    ElementTotals totals = loss.newTotals();
    loss.compute(
        batch, ElementOutputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    double[] out =
        options.byRow()
            ? GoldenOperation.Computed.widened(losses.data())
            : new double[] {totals.mean()};
    return new GoldenOperation.Computed(out, GoldenOperation.Computed.widened(grad.data()));
  }
}
