package io.surprisal.bench.golden;

import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.bench.golden.LabelledCase.RowLoss;

/**
 * Cross-entropy; with dense targets as {@link GoldenDenseTargets} says, with class labels y, class
 * weights w (W their sum), smoothing ε:
 *
 * <pre>
 *   loss         (1−ε)·w_y·(−log p_y) + (ε/C)·Σ_c w_c·(−log p_c)
 *   gradient s·[ (1−ε)·w_y·(p_c − δ_cy) + (ε/C)·(W·p_c − w_c) ]
 * </pre>
 *
 * <p>Bounds: 4 ulp of the row loss, with smoothing of the largest sum that the library subtracts; 4
 * ulp of the gradient's largest term, of which {@code p_y − 1} is one, or of the entry itself.
 *
 * <p>Decided otherwise than PyTorch: an ignored row's gradient is 0 whatever its logits are; the
 * gradient of an empty mean is 0; weight 0 makes an infinite term 0.
 */
final class GoldenCrossEntropy implements GoldenOperation {
  @Override
  public Documented document(GoldenCase problem) {
    if (problem.targetProb() != null) {
      return GoldenDenseTargets.document(problem);
    }
    LabelledCase labelled = new LabelledCase(problem);
    Expectation grad = new Expectation(problem.input().length);
    RowLoss[] losses = new RowLoss[problem.rows()];
    for (int row = 0; row < losses.length; row++) {
      Row rule = new Row(problem, labelled, row);
      losses[row] = labelled.ignored(row) ? RowLoss.IGNORED : rule.loss();
      for (int column = 0; column < problem.classes(); column++) {
        rule.documentGradient(column, grad);
      }
    }
    return new Documented(labelled.out(losses, 4), grad);
  }

  /** The rule for one row. */
  private static final class Row {
    private final LabelledCase labelled;
    private final LogitsRow logits;
    private final int row;
    private final int classes;
    private final double labelShare;
    private final double classShare;
    private double weightSum;

    Row(GoldenCase problem, LabelledCase labelled, int row) {
      this.labelled = labelled;
      this.logits = new LogitsRow(problem, row);
      this.row = row;
      this.classes = problem.classes();
      double smoothing = problem.options().labelSmoothing();
      labelShare = 1 - smoothing;
      classShare = smoothing / classes;
      for (int column = 0; column < classes; column++) {
        weightSum += labelled.weight(column);
      }
    }

    RowLoss loss() {
      int label = labelled.label(row);
      double factor = labelShare * labelled.weight(label);
      double surprisal = logits.surprisal(label);
      double loss = LabelledCase.times(factor, surprisal);
      double error = factor * Math.max(1, loss);
      boolean decided = factor == 0 && Double.isInfinite(surprisal);
      if (classShare == 0) {
        return new RowLoss(loss, loss, error, decided);
      }
      double subtracted = 0;
      for (int column = 0; column < classes; column++) {
        double share = classShare * labelled.weight(column);
        double term = -logits.logProbability(column);
        loss += LabelledCase.times(share, term);
        error += share * Math.max(1, term);
        subtracted += LabelledCase.times(share, logits.logit(column));
        decided |= share == 0 && Double.isInfinite(term);
      }
      double total = classShare * weightSum * logits.logSumExp();
      double scale = Math.max(loss, Math.max(Math.abs(total), Math.abs(subtracted)));
      return new RowLoss(loss, scale, error, decided && !logits.undefined());
    }

    void documentGradient(int column, Expectation grad) {
      int i = row * classes + column;
      if (labelled.ignored(row) || labelled.empty()) {
        grad.exactly(i, 0);
        if (labelled.empty() || logits.undefined()) {
          grad.decide(i);
        }
        return;
      }
      int label = labelled.label(row);
      boolean atLabel = column == label;
      double p = logits.probability(column);
      double likelihood =
          labelShare * labelled.weight(label) * (atLabel ? -logits.complement(label) : p);
      double spread = classShare * weightSum * p;
      double shift = classShare * labelled.weight(column);
      double s = labelled.upstream(row);
      double entry = likelihood + spread - shift;
      double scale = Math.max(Math.abs(likelihood), Math.max(spread, shift));
      scale = Math.max(scale, Math.abs(entry));
      double error = labelShare * labelled.weight(label) * (atLabel ? 1 : p) + spread + shift;
      grad.within(i, s * entry, 4, s * scale, Math.abs(s) * error);
      grad.underflowTimes(i, s * (labelShare * labelled.weight(label) + classShare * weightSum));
    }
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    CrossEntropy.Builder builder =
        CrossEntropy.builder()
            .labelSmoothing(problem.options().labelSmoothing())
            .ignoreIndex(problem.options().ignoreIndex())
            .divisor(LabelledCase.divisor(problem))
            .execution(execution);
    if (problem.options().weight() != null) {
      builder.classWeights(problem.options().weight());
    }
    return new LabelledCase(problem).compute(builder.build());
  }
}
