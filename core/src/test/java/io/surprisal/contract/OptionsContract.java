package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.EmptyMean;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every option of cross-entropy, alone and together, loss, gradient and totals at once. */
public abstract class OptionsContract extends KernelContract {
  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 6, 1),
          Problem.of(LogitKind.NORMAL_3, 9, 2),
          Problem.of(LogitKind.NORMAL, 40, 7),
          Problem.of(LogitKind.NORMAL_3, 24, 33),
          Problem.of(LogitKind.GAP, 12, 20),
          Problem.of(LogitKind.OFFSET_1E4, 12, 66),
          Problem.of(LogitKind.NEAR_BLOCKS, 9, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 6, 130),
          Problem.of(LogitKind.WILD_BLOCKS, 4, 4097),
          Problem.of(LogitKind.NORMAL_3, 4, 17_000));

  /** In ulp of the largest sum that is subtracted, or the largest term. */
  private static final double BOUND = 4;

  private static final double[] SMOOTHINGS = {0, 0.1, 1};
  private static final double[] Z_LOSSES = {0, 1e-3};

  /** What is passed beside the logits of a problem; some rows do not count. */
  private record Extras(int[] labels, boolean[] mask, float[] sample, float[] upstream) {
    static Extras of(Problem problem, boolean weighted) {
      SplittableRandom random = new SplittableRandom(problem.classes());
      int[] labels = new int[problem.rows()];
      for (int row = 0; row < labels.length; row++) {
        labels[row] = row % 5 == 4 ? -7 : problem.label(row);
      }
      boolean[] mask = new boolean[labels.length];
      mask[labels.length / 2] = true;
      float[] sample = weighted ? weights(random, labels.length) : null;
      return new Extras(labels, mask, sample, weighted ? weights(random, labels.length) : null);
    }

    boolean ignored(int row) {
      return labels[row] == -7 || mask[row];
    }

    double sample(int row) {
      return sample == null ? 1 : sample[row];
    }

    double upstream(int row) {
      return upstream == null ? 1 : upstream[row];
    }

    Batch batch(Problem problem) {
      Batch batch = Batch.of(problem.logits(), Labels.of(labels)).withIgnoredRows(mask);
      return sample == null ? batch : batch.withSampleWeights(sample);
    }
  }

  /** Weights between 0 and 2, every seventh exactly 0. */
  private static float[] weights(SplittableRandom random, int count) {
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = i % 7 == 3 ? 0 : (float) random.nextDouble(2);
    }
    return weights;
  }

  @Test
  void everyCombinationKeepsTheBounds() {
    for (Problem problem : PROBLEMS) {
      for (double smoothing : SMOOTHINGS) {
        for (double zLoss : Z_LOSSES) {
          for (boolean weighted : new boolean[] {false, true}) {
            float[] weights = weighted ? weights(new SplittableRandom(5), problem.classes()) : null;
            check(problem, smoothing, zLoss, weights, false);
            check(problem, smoothing, zLoss, weights, true);
          }
        }
      }
    }
  }

  private void check(
      Problem problem, double smoothing, double zLoss, float[] classWeights, boolean extras) {
    CrossEntropy.Builder builder =
        crossEntropy()
            .labelSmoothing(smoothing)
            .zLoss(zLoss)
            .ignoreIndex(-7)
            .divisor(Divisor.of(8));
    if (classWeights != null) {
      builder.classWeights(classWeights);
    }
    ExactCrossEntropy exact = new ExactCrossEntropy(smoothing, zLoss, classWeights);
    check(problem, builder.build(), exact, Extras.of(problem, extras));
  }

  private static void check(
      Problem problem, CrossEntropy loss, ExactCrossEntropy exact, Extras extras) {
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    Gradient gradient = Gradient.into(out).withUpstream(-3);
    if (extras.upstream != null) {
      gradient = gradient.withUpstream(extras.upstream);
    }
    Totals totals = loss.newTotals();
    loss.compute(
        extras.batch(problem),
        Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    double sum = 0;
    double scale = 0;
    double likelihood = 0;
    for (int row = 0; row < problem.rows(); row++) {
      if (extras.ignored(row)) {
        assertTrue(Bits.same(0, losses[row]));
        Bits.assertRowIs(0, out, row, "gradient of an ignored row");
      } else {
        double weight = extras.sample(row);
        double expected = weight * exact.loss(problem.exact(row), extras.labels[row]).value();
        double rowScale = weight * exact.lossScale(problem.exact(row), extras.labels[row]);
        Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
        assertWithinBound("loss", cell, losses[row], expected, rowScale);
        checkGradient(problem, exact, extras, row, out);
        sum += expected;
        scale += rowScale;
        likelihood += problem.exact(row).surprisal(extras.labels[row]).value();
      }
    }
    assertEquals(sum, totals.sum(), 4 * 0x1p-24 * scale + 1e-30, "sum of " + problem);
    assertEquals(sum / 8, totals.mean(), 4 * 0x1p-24 * scale + 1e-30);
    double tolerance = 4 * 0x1p-24 * likelihood + 1e-30;
    assertEquals(likelihood, totals.negativeLogLikelihood(), tolerance, "of " + problem);
  }

  private static void checkGradient(
      Problem problem, ExactCrossEntropy exact, Extras extras, int row, Matrix out) {
    double factor = -3 * extras.upstream(row) * extras.sample(row) / 8;
    double[] expected = exact.gradient(problem.exact(row), extras.labels[row]);
    double[] scale = exact.gradientScale(problem.exact(row), extras.labels[row]);
    for (int c = 0; c < expected.length; c++) {
      Cell cell = new Cell(problem, row, c);
      float actual = out.get(row, c);
      assertWithinBound("gradient", cell, actual, factor * expected[c], factor * scale[c]);
    }
  }

  private static void assertWithinBound(
      String what, Cell cell, float actual, double expected, double scale) {
    double error = Errors.ulps(actual, expected, scale, 2);
    assertTrue(
        error <= BOUND,
        () -> what + " is off by " + error + ": " + cell.describe(actual, expected));
  }

  @Test
  void divisorsDivideTheMeanAndTheGradient() {
    Problem problem = PROBLEMS.get(2);
    Extras extras = Extras.of(problem, true);
    float[] weights = weights(new SplittableRandom(9), problem.classes());
    double weight = 0;
    int count = 0;
    for (int row = 0; row < problem.rows(); row++) {
      if (!extras.ignored(row)) {
        weight += weights[extras.labels[row]] * extras.sample(row);
        count++;
      }
    }
    assertDivides(Divisor.WEIGHTS, weight, problem, extras, weights);
    assertDivides(Divisor.COUNT, count, problem, extras, weights);
    assertDivides(Divisor.ROWS, problem.rows(), problem, extras, weights);
    assertDivides(Divisor.of(1000), 1000, problem, extras, weights);
  }

  private void assertDivides(
      Divisor divisor, double number, Problem problem, Extras extras, float[] weights) {
    CrossEntropy.Builder builder = crossEntropy().ignoreIndex(-7).classWeights(weights);
    Matrix sum = Matrix.zeros(problem.rows(), problem.classes());
    Matrix mean = Matrix.zeros(problem.rows(), problem.classes());
    Totals undivided = totals(builder.divisor(Divisor.ONE).build(), problem, extras, sum);
    Totals divided = totals(builder.divisor(divisor).build(), problem, extras, mean);
    assertEquals(undivided.sum(), divided.sum());
    assertEquals(undivided.sum() / number, divided.mean(), 1e-12 * divided.mean());
    for (int i = 0; i < sum.data().length; i++) {
      double expected = sum.data()[i] / number;
      double error = Errors.ulps(mean.data()[i], expected, expected, 2);
      assertTrue(error <= 3, () -> divisor + ": " + error);
    }
  }

  private static Totals totals(CrossEntropy loss, Problem problem, Extras extras, Matrix gradient) {
    Totals totals = loss.newTotals();
    loss.compute(extras.batch(problem), Outputs.none().withGradient(gradient).withTotals(totals));
    return totals;
  }

  @Test
  void meanOverNothingIsWhatItsPolicySays() {
    Matrix logits = Matrix.of(new float[] {Float.NaN, 1, 2, 3}, 2);
    Labels ignored = Labels.of(-100, -100);
    Matrix gradient = Matrix.zeros(2, 2);
    Arrays.fill(gradient.data(), 7);
    CrossEntropy nan = crossEntropy().build();
    assertTrue(Double.isNaN(nan.forwardAndGradient(logits, ignored, gradient).mean()));
    Bits.assertSame(Matrix.zeros(2, 2), gradient, "gradient of an empty mean");
    CrossEntropy zero = crossEntropy().emptyMean(EmptyMean.ZERO).build();
    assertEquals(0.0, zero.forwardAndGradient(logits, ignored, gradient).mean());
    assertEquals(0.0, zero.forward(Matrix.zeros(0, 2), Labels.of()).mean());
    Arrays.fill(gradient.data(), 7);
    CrossEntropy refusing = crossEntropy().emptyMean(EmptyMean.THROW).build();
    assertThrows(
        IllegalStateException.class, () -> refusing.forwardAndGradient(logits, ignored, gradient));
    Bits.assertSame(new float[] {7, 7, 7, 7}, gradient.data(), "gradient after a refusal");
    assertThrows(IllegalStateException.class, () -> refusing.forward(logits, ignored).mean());
  }

  @Test
  void rowsWithoutWeightHaveZeroGradientUnderTheirMean() {
    Matrix logits = Matrix.of(new float[] {0, 1, 2, 3}, 2);
    Matrix gradient = Matrix.of(new float[] {7, 7, 7, 7}, 2);
    CrossEntropy loss = crossEntropy().classWeights(0, 1).build();
    Totals totals = loss.forwardAndGradient(logits, Labels.of(0, 0), gradient);
    assertTrue(Double.isNaN(totals.mean()));
    for (float entry : gradient.data()) {
      assertTrue(entry == 0);
    }
  }

  @Test
  void totalsCountRowsAndTakePerplexityFromTheLikelihoodAlone() {
    Problem problem = PROBLEMS.get(3);
    CrossEntropy loss = crossEntropy().labelSmoothing(0.1).zLoss(0.1).build();
    Totals totals = loss.forward(problem.logits(), problem.labels());
    double sum = 0;
    for (int row = 0; row < problem.rows(); row++) {
      sum += problem.exact(row).surprisal(problem.label(row)).value();
    }
    double mean = sum / problem.rows();
    assertEquals(problem.rows(), totals.countedRows());
    assertEquals(problem.rows(), totals.weight());
    assertEquals(sum, totals.negativeLogLikelihood(), 1e-6 * sum);
    assertEquals(Math.exp(mean), totals.perplexity(), 1e-5 * totals.perplexity());
    assertEquals(mean / Math.log(2), totals.bits(), 1e-6 * totals.bits());
  }
}
