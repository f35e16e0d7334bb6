package io.surprisal.diagnosis;

import io.surprisal.Matrix;
import io.surprisal.diagnosis.Worst.Expected;

/** The results of a batch beside their reference, row by row. */
final class Comparison {
  private final ReferenceLoss reference;
  private final Matrix logits;
  private final LossCheck.Results results;
  private final Worst losses = new Worst();
  private final Worst gradient = new Worst();
  private final Worst slopes = new Worst();

  Comparison(ReferenceLoss reference, Matrix logits, LossCheck.Results results) {
    this.reference = reference;
    this.logits = logits;
    this.results = results;
  }

  LossReport report() {
    return new LossReport(losses.found(), gradient.found(), slopes.found());
  }

  void add(int row) {
    ReferenceRow exact = reference.row(row, logits);
    losses.add(row, -1, results.losses()[row], new Expected(exact.loss(), exact.lossScale(), 0));
    double upstream = results.upstream()[row];
    if (Double.isFinite(upstream)) {
      for (int column = 0; column < logits.classes(); column++) {
        gradient.add(row, column, actual(row, column), entry(exact, column, upstream));
      }
      addSlopes(row, exact, upstream);
    }
  }

  private float actual(int row, int column) {
    return results.gradient().get(row, column);
  }

  private static Expected entry(ReferenceRow exact, int column, double upstream) {
    return new Expected(
        upstream * exact.gradient()[column],
        upstream * exact.gradientScale()[column],
        underflow(exact, upstream));
  }

  /** What a probability that counts as 0 is worth in a gradient. */
  private static double underflow(ReferenceRow exact, double upstream) {
    return Float.MIN_NORMAL * Math.abs(upstream * exact.probabilityFactor());
  }

  /** At the two classes of largest gradient, of which the label is one mostly, and at another. */
  private void addSlopes(int row, ReferenceRow exact, double upstream) {
    int steepest = steepest(exact.gradient(), -1);
    addSlope(row, steepest, exact, upstream);
    addSlope(row, steepest(exact.gradient(), steepest), exact, upstream);
    addSlope(row, row % logits.classes(), exact, upstream);
  }

  private static int steepest(double[] gradient, int without) {
    int found = 0;
    double largest = -1;
    for (int column = 0; column < gradient.length; column++) {
      if (column != without && Math.abs(gradient[column]) > largest) {
        found = column;
        largest = Math.abs(gradient[column]);
      }
    }
    return found;
  }

  private void addSlope(int row, int column, ReferenceRow exact, double upstream) {
    Slope slope = Slope.of(reference, row, logits, column);
    if (slope.isUsable()) {
      double slack = Math.abs(upstream) * slope.error() + underflow(exact, upstream);
      double scale = upstream * exact.gradientScale()[column];
      slopes.add(
          row, column, actual(row, column), new Expected(upstream * slope.value(), scale, slack));
    }
  }
}
