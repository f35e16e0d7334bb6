package io.surprisal.bench.golden;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.bench.golden.LabelledCase.RowLoss;
import io.surprisal.diagnosis.ReferenceLoss;
import io.surprisal.diagnosis.ReferenceRow;

/**
 * Cross-entropy; with dense targets as {@link GoldenDenseTargets} says, with class labels y, class
 * weights w (W their sum), smoothing ε, by the library's reference in double ({@link
 * ReferenceLoss}), which the file so checks too:
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
    Matrix logits = Matrix.of(problem.input(), problem.rows(), problem.classes());
    Batch batch = Batch.of(logits, Labels.of(problem.target()));
    ReferenceLoss reference = ReferenceLoss.of(loss(problem).build(), batch);
    Expectation grad = new Expectation(problem.input().length);
    RowLoss[] losses = new RowLoss[problem.rows()];
    for (int row = 0; row < losses.length; row++) {
      Row rule = new Row(problem, labelled, row, reference.row(row, logits));
      losses[row] = labelled.ignored(row) ? RowLoss.IGNORED : rule.loss();
      for (int column = 0; column < problem.classes(); column++) {
        rule.documentGradient(column, grad);
      }
    }
    return new Documented(labelled.out(losses, 4), grad);
  }

  /**
   * The library's reference for one row, with what the file may be off: what float64 adds up, and
   * where PyTorch says something else.
   */
  private static final class Row {
    private final LabelledCase labelled;
    private final GoldenCase problem;
    private final int row;
    private final ReferenceRow reference;
    private final boolean undefined;
    private final double labelFactor;
    private final double classShare;

    Row(GoldenCase problem, LabelledCase labelled, int row, ReferenceRow reference) {
      this.problem = problem;
      this.labelled = labelled;
      this.row = row;
      this.reference = reference;
      undefined = new LogitsRow(problem, row).undefined();
      double smoothing = problem.options().labelSmoothing();
      int label = labelled.ignored(row) ? 0 : labelled.label(row);
      labelFactor = (1 - smoothing) * labelled.weight(label);
      classShare = smoothing / problem.classes();
    }

    RowLoss loss() {
      double error = labelFactor + classShare * problem.classes() + reference.lossScale();
      return new RowLoss(reference.loss(), reference.lossScale(), error, !undefined && masks());
    }

    /** Whether a term of weight 0 would be infinite. */
    private boolean masks() {
      boolean masks = labelFactor == 0 && isMasked(labelled.label(row));
      for (int column = 0; column < problem.classes() && classShare > 0; column++) {
        masks |= labelled.weight(column) == 0 && isMasked(column);
      }
      return masks;
    }

    private boolean isMasked(int column) {
      return problem.input()[row * problem.classes() + column] == Float.NEGATIVE_INFINITY;
    }

    void documentGradient(int column, Expectation grad) {
      int i = row * problem.classes() + column;
      if (labelled.ignored(row) || labelled.empty()) {
        grad.exactly(i, 0);
        if (labelled.empty() || undefined) {
          grad.decide(i);
        }
        return;
      }
      double s = labelled.upstream(row);
      double scale = reference.gradientScale()[column];
      // In float64 p − 1 at the label is off by a rounding of 1, not of 1 − p.
      double error = 3 * scale + (column == labelled.label(row) ? labelFactor : 0);
      grad.within(i, s * reference.gradient()[column], 4, s * scale, Math.abs(s) * error);
      grad.underflowTimes(i, s * reference.probabilityFactor());
    }
  }

  private static CrossEntropy.Builder loss(GoldenCase problem) {
    CrossEntropy.Builder builder =
        CrossEntropy.builder()
            .labelSmoothing(problem.options().labelSmoothing())
            .ignoreIndex(problem.options().ignoreIndex())
            .divisor(LabelledCase.divisor(problem));
    if (problem.options().weight() != null) {
      builder.classWeights(problem.options().weight());
    }
    return builder;
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    return new LabelledCase(problem).compute(loss(problem).execution(execution).build());
  }
}
