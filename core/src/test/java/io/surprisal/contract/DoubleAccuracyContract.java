package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The documented bounds of logits in double, on every kind of logits, against the oracle. */
public abstract class DoubleAccuracyContract extends KernelContract {
  private static final double LOSS_ULPS = 4;
  private static final double LOSS_RMS = 0.5;
  private static final double ENTRY_ULPS = 4;
  private static final double ENTRY_RMS = 0.7;
  private static final double LOG_SUM_EXP_ULPS = 1.25;
  private static final double LOG_PROBABILITY_ULPS = 1.5;
  private static final double Z_LOSS = 0x1p-10;
  private static final int SHORT_ROWS = 20_000;

  private static final List<DoubleProblem> PROBLEMS = DoubleProblem.all();

  private CrossEntropy.Builder single() {
    return crossEntropy().divisor(Divisor.ONE);
  }

  /** p_c. */
  private static DoubleDouble probability(ExactRow row, int column) {
    return row.logit(column) == Double.NEGATIVE_INFINITY
        ? DoubleDouble.ZERO
        : row.surprisal(column).negated().exp();
  }

  /** 1 − p_c. */
  private static DoubleDouble complement(ExactRow row, int column) {
    return row.logit(column) == Double.NEGATIVE_INFINITY
        ? DoubleDouble.ONE
        : row.surprisal(column).negated().expm1().negated();
  }

  @Test
  void lossesAndGradientsInDoubleKeepTheirBound() {
    DoubleErrors lossErrors = new DoubleErrors("loss");
    DoubleErrors entryErrors = new DoubleErrors("gradient");
    for (DoubleProblem problem : PROBLEMS) {
      double[] losses = new double[problem.rows()];
      double[] gradient = new double[problem.rows() * problem.classes()];
      single().build().compute(problem.batch(), outputs(problem, losses, gradient));
      for (int i = 0; i < problem.rows(); i++) {
        int row = i;
        int label = problem.label(row);
        ExactRow exact = problem.exact(row);
        lossErrors.add(losses[row], exact.surprisal(label), () -> "row " + row + " of " + problem);
        lossErrors.endRow();
        for (int c = 0; c < problem.classes(); c++) {
          int column = c;
          DoubleDouble entry = c == label ? complement(exact, c).negated() : probability(exact, c);
          double actual = gradient[row * problem.classes() + c];
          entryErrors.add(actual, entry, () -> "entry " + column + " of row " + row + problem);
        }
        entryErrors.endRow();
      }
    }
    lossErrors.assertBound(LOSS_ULPS, LOSS_RMS);
    entryErrors.assertBound(ENTRY_ULPS, ENTRY_RMS);
  }

  private static Outputs outputs(DoubleProblem problem, double[] losses, double[] gradient) {
    Matrix matrix = Matrix.of(gradient, problem.rows(), problem.classes());
    return Outputs.none().withLosses(losses).withGradient(matrix);
  }

  /** One exponential and its odds: where errors do not cancel. */
  @Test
  void lossesOfShortRowsInDoubleKeepTheirBound() {
    DoubleErrors errors = new DoubleErrors("loss of short rows");
    SplittableRandom random = new SplittableRandom(5);
    for (int classes = 2; classes <= 4; classes++) {
      double[] logits = new double[SHORT_ROWS * classes];
      double[] losses = new double[SHORT_ROWS];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextGaussian() * Math.scalb(1.0, i / classes % 8 - 1);
      }
      Matrix matrix = Matrix.of(logits, SHORT_ROWS, classes);
      Labels labels = Labels.of(new int[SHORT_ROWS]);
      single().build().compute(Batch.of(matrix, labels), Outputs.none().withLosses(losses));
      for (int row = 0; row < SHORT_ROWS; row++) {
        double[] values = new double[classes];
        System.arraycopy(logits, row * classes, values, 0, classes);
        DoubleDouble exact = ExactRow.of(values).surprisal(0);
        errors.add(losses[row], exact, () -> Arrays.toString(values));
        errors.endRow();
      }
    }
    errors.assertBound(LOSS_ULPS, LOSS_RMS);
  }

  @Test
  void lossesWithOptionsInDoubleKeepTheirBound() {
    DoubleErrors lossErrors = new DoubleErrors("loss with options");
    DoubleErrors entryErrors = new DoubleErrors("gradient with options");
    for (DoubleProblem problem : PROBLEMS) {
      boolean overflows = problem.kind() == LogitKind.HUGE;
      if (!overflows && problem.kind() != LogitKind.HUGE_AND_SMALL) {
        measureOptions(problem, lossErrors, entryErrors);
      }
    }
    lossErrors.assertBound(4, ENTRY_RMS);
    entryErrors.assertBound(ENTRY_ULPS, ENTRY_RMS);
  }

  private void measureOptions(
      DoubleProblem problem, DoubleErrors lossErrors, DoubleErrors entryErrors) {
    float[] weights = new float[problem.classes()];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = 0.25f * (1 + c % 7);
    }
    boolean masked = problem.kind().name().contains("MASKED");
    double smoothing = masked ? 0 : 0.125;
    CrossEntropy loss =
        single().labelSmoothing(smoothing).zLoss(Z_LOSS).classWeights(weights).build();
    ExactCrossEntropy exact = new ExactCrossEntropy(smoothing, Z_LOSS, weights);
    double[] losses = new double[problem.rows()];
    double[] gradient = new double[problem.rows() * problem.classes()];
    loss.compute(problem.batch(), outputs(problem, losses, gradient));
    for (int i = 0; i < problem.rows(); i++) {
      int row = i;
      int label = problem.label(row);
      ExactRow exactRow = problem.exact(row);
      double scale = exact.lossScale(exactRow, label);
      lossErrors.add(
          losses[row],
          exact.loss(exactRow, label),
          Math.max(scale, 1e-280),
          () -> "row " + row + " of " + problem);
      lossErrors.endRow();
      double[] scales = exact.gradientScale(exactRow, label);
      DoubleDouble[] entries = entries(exactRow, label, smoothing, weights);
      for (int c = 0; c < scales.length; c++) {
        int column = c;
        entryErrors.add(
            gradient[row * scales.length + c],
            entries[c],
            scales[c],
            () -> "entry " + column + " of row " + row + " of " + problem);
      }
      entryErrors.endRow();
    }
  }

  /** The formula of {@link ExactCrossEntropy#gradient}, in double-double. */
  private static DoubleDouble[] entries(
      ExactRow row, int label, double smoothing, float[] weights) {
    DoubleDouble share = DoubleDouble.of(smoothing).dividedBy(DoubleDouble.of(weights.length));
    double total = 0;
    for (float weight : weights) {
      total += weight;
    }
    DoubleDouble factor = share.times(total).plus(row.logSumExp().times(2 * Z_LOSS));
    double labelFactor = (1 - smoothing) * weights[label];
    DoubleDouble[] entries = new DoubleDouble[weights.length];
    for (int c = 0; c < entries.length; c++) {
      DoubleDouble p = probability(row, c);
      DoubleDouble term = c == label ? complement(row, c).negated() : p;
      entries[c] = term.times(labelFactor).plus(factor.times(p)).minus(share.times(weights[c]));
    }
    return entries;
  }

  @Test
  void logSumExpInDoubleKeepsItsBound() {
    DoubleErrors errors = new DoubleErrors("logSumExp");
    for (DoubleProblem problem : PROBLEMS) {
      double[] results = new double[problem.rows()];
      logSumExp().forward(problem.logits(), results);
      for (int i = 0; i < problem.rows(); i++) {
        int row = i;
        DoubleDouble exact = problem.exact(row).logSumExp();
        double scale = Math.max(1, Math.abs(exact.value()));
        errors.add(results[row], exact, scale, () -> "row " + row + " of " + problem);
        errors.endRow();
      }
    }
    errors.assertBound(LOG_SUM_EXP_ULPS, 0.5);
  }

  @Test
  void probabilitiesInDoubleKeepTheirBound() {
    DoubleErrors errors = new DoubleErrors("probability");
    DoubleErrors logErrors = new DoubleErrors("logSoftmax");
    for (DoubleProblem problem : PROBLEMS) {
      double[] probabilities = new double[problem.rows() * problem.classes()];
      double[] logarithms = new double[probabilities.length];
      softmax().forward(problem.logits(), matrix(problem, probabilities));
      logSoftmax().forward(problem.logits(), matrix(problem, logarithms));
      for (int i = 0; i < probabilities.length; i++) {
        int place = i;
        int row = i / problem.classes();
        int column = i % problem.classes();
        DoubleDouble probability = probability(problem.exact(row), column);
        DoubleDouble logarithm = problem.exact(row).surprisal(column).negated();
        double scale = Math.max(1, Math.abs(logarithm.value()));
        errors.add(probabilities[i], probability, () -> "element " + place + " of " + problem);
        logErrors.add(logarithms[i], logarithm, scale, () -> "element " + place + problem);
        if (column == problem.classes() - 1) {
          errors.endRow();
          logErrors.endRow();
        }
      }
    }
    errors.assertBound(ENTRY_ULPS, ENTRY_RMS);
    logErrors.assertBound(LOG_PROBABILITY_ULPS, 0.5);
  }

  private static Matrix matrix(DoubleProblem problem, double[] data) {
    return Matrix.of(data, problem.rows(), problem.classes());
  }
}
