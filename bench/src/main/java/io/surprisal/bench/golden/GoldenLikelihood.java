package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.bench.golden.LabelledCase.RowLoss;

/**
 * Negative log-likelihood {@code −w_y·r_y} of given log-probabilities r, and its gradient, {@code
 * −w_y} at the label.
 *
 * <p>Bound: half an ulp of the row loss, one of the gradient.
 *
 * <p>Decided otherwise than PyTorch: weight 0 makes an infinite loss 0; the gradient of an empty
 * mean is 0.
 */
final class GoldenLikelihood implements GoldenOperation {
  @Override
  public Documented document(GoldenCase problem) {
    LabelledCase labelled = new LabelledCase(problem);
    RowLoss[] losses = new RowLoss[problem.rows()];
    Expectation grad = new Expectation(problem.input().length);
    for (int row = 0; row < losses.length; row++) {
      losses[row] = labelled.ignored(row) ? RowLoss.IGNORED : rowLoss(problem, labelled, row);
      documentGradient(problem, labelled, row, grad);
    }
    return new Documented(labelled.out(losses, 0.5), grad);
  }

  private static RowLoss rowLoss(GoldenCase problem, LabelledCase labelled, int row) {
    int label = labelled.label(row);
    double surprisal = -problem.input()[row * problem.classes() + label];
    double loss = LabelledCase.times(labelled.weight(label), surprisal);
    return new RowLoss(
        loss, loss, Math.abs(loss), labelled.weight(label) == 0 && Double.isInfinite(surprisal));
  }

  private static void documentGradient(
      GoldenCase problem, LabelledCase labelled, int row, Expectation grad) {
    int start = row * problem.classes();
    for (int column = 0; column < problem.classes(); column++) {
      grad.exactly(start + column, 0);
      if (labelled.empty()) {
        grad.decide(start + column);
      }
    }
    if (!labelled.ignored(row) && !labelled.empty()) {
      int label = labelled.label(row);
      double entry = -labelled.upstream(row) * labelled.weight(label);
      grad.within(start + label, entry, 1, entry, Math.abs(entry));
    }
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    NegativeLogLikelihood.Builder builder =
        NegativeLogLikelihood.builder()
            .ignoreIndex(problem.options().ignoreIndex())
            .divisor(LabelledCase.divisor(problem));
    if (problem.options().weight() != null) {
      builder.classWeights(problem.options().weight());
    }
    return new LabelledCase(problem).compute(builder.build());
  }
}
