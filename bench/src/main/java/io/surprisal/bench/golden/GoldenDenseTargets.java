package io.surprisal.bench.golden;

import io.surprisal.bench.golden.LabelledCase.RowLoss;

/**
 * Cross-entropy with dense targets q, class weights w, smoothing ε, {@code t = w·((1−ε)·q + ε/C)}
 * and R = Σ t:
 *
 * <pre>
 *   loss         Σ_c t_c·(−log p_c)
 *   gradient s·[ R·p_c − t_c ]
 * </pre>
 *
 * <p>Bounds: 4 ulp of the largest sum that the library subtracts, or of the loss; 4 ulp of the
 * gradient's largest term.
 *
 * <p>Decided otherwise than PyTorch: a target of 0 makes an infinite term 0.
 */
final class GoldenDenseTargets {
  private final GoldenCase problem;
  private final LabelledCase labelled;
  private final LogitsRow logits;
  private final int row;
  private double sum;

  private GoldenDenseTargets(GoldenCase problem, LabelledCase labelled, int row) {
    this.problem = problem;
    this.labelled = labelled;
    this.logits = new LogitsRow(problem, row);
    this.row = row;
    for (int column = 0; column < problem.classes(); column++) {
      sum += target(column);
    }
  }

  static GoldenOperation.Documented document(GoldenCase problem) {
    LabelledCase labelled = new LabelledCase(problem);
    Expectation grad = new Expectation(problem.input().length);
    RowLoss[] losses = new RowLoss[problem.rows()];
    for (int row = 0; row < losses.length; row++) {
      GoldenDenseTargets rule = new GoldenDenseTargets(problem, labelled, row);
      losses[row] = rule.loss();
      rule.documentGradient(grad);
    }
    return new GoldenOperation.Documented(labelled.out(losses, 4), grad);
  }

  private double target(int column) {
    double smoothing = problem.options().labelSmoothing();
    int classes = problem.classes();
    double share = (1 - smoothing) * problem.targetProb()[row * classes + column];
    return labelled.weight(column) * (share + smoothing / classes);
  }

  private RowLoss loss() {
    double loss = 0;
    double error = 0;
    double subtracted = 0;
    boolean decided = false;
    for (int column = 0; column < problem.classes(); column++) {
      double target = target(column);
      double term = -logits.logProbability(column);
      loss += LabelledCase.times(target, term);
      error += target * Math.max(1, target == 0 ? 0 : term);
      subtracted += LabelledCase.times(target, logits.logit(column));
      decided |= target == 0 && Double.isInfinite(term);
    }
    double scale = Math.max(Math.abs(sum * logits.logSumExp()), Math.abs(subtracted));
    return new RowLoss(loss, Math.max(loss, scale), error, decided && !logits.undefined());
  }

  private void documentGradient(Expectation grad) {
    for (int column = 0; column < problem.classes(); column++) {
      int i = row * problem.classes() + column;
      double likely = sum * logits.probability(column);
      double target = target(column);
      double s = labelled.upstream(row);
      double scale = Math.max(likely, target);
      grad.within(i, s * (likely - target), 4, s * scale, Math.abs(s) * (likely + target));
      grad.underflowTimes(i, s * sum);
    }
  }
}
