package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Cross-entropy with a target for every class: bounds, one-hot targets, special values, means. */
public abstract class DenseTargetsContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 6, 1),
          Problem.of(LogitKind.NORMAL_3, 9, 2),
          Problem.of(LogitKind.NORMAL, 40, 7),
          Problem.of(LogitKind.GAP, 12, 20),
          Problem.of(LogitKind.NORMAL_3, 24, 33),
          Problem.of(LogitKind.OFFSET_1E6, 12, 66),
          Problem.of(LogitKind.ONE_CONFIDENT, 12, 100),
          Problem.of(LogitKind.SOME_MASKED, 12, 131),
          Problem.of(LogitKind.UNIFORM_1E4, 6, 130),
          Problem.of(LogitKind.WILD_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 6, 17_000));

  /** Distributions, near one-hot, mostly 0, not normalised, all 0: by the number of the row. */
  static Matrix targets(Problem problem) {
    Matrix targets = Matrix.zeros(problem.rows(), problem.classes());
    SplittableRandom random = new SplittableRandom(problem.classes());
    for (int row = 0; row < problem.rows(); row++) {
      fill(targets, row, problem.label(row), random);
    }
    return targets;
  }

  private static void fill(Matrix targets, int row, int label, SplittableRandom random) {
    float[] q = targets.data();
    int start = targets.rowStart(row);
    int classes = targets.classes();
    double scale = row % 5 == 3 ? 2.5 : 2.0 / classes;
    for (int c = 0; c < classes; c++) {
      boolean counts = row % 5 != 4 && (row % 5 != 2 || c % 7 == label % 7);
      q[start + c] = counts ? (float) (scale * random.nextDouble()) : 0;
    }
    if (row % 5 == 1) {
      for (int c = 0; c < classes; c++) {
        q[start + c] *= 0x1p-10f;
      }
      q[start + label] = 1;
    }
  }

  private static Matrix oneHot(Problem problem) {
    Matrix targets = Matrix.zeros(problem.rows(), problem.classes());
    for (int row = 0; row < problem.rows(); row++) {
      targets.data()[targets.rowStart(row) + problem.label(row)] = 1;
    }
    return targets;
  }

  private static float[] weights(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = i % 7 == 3 ? 0 : (float) random.nextDouble(2);
    }
    return weights;
  }

  private CrossEntropy loss(double smoothing, double zLoss, float[] weights) {
    CrossEntropy.Builder builder =
        crossEntropy().labelSmoothing(smoothing).zLoss(zLoss).divisor(Divisor.of(8));
    return (weights == null ? builder : builder.classWeights(weights)).build();
  }

  @Test
  void everyCombinationKeepsTheBounds() {
    for (Problem problem : PROBLEMS) {
      for (double smoothing : new double[] {0, 0.1}) {
        for (double zLoss : new double[] {0, 1e-3}) {
          check(problem, smoothing, zLoss, null);
          check(problem, smoothing, zLoss, weights(problem.classes()));
        }
      }
    }
  }

  private void check(Problem problem, double smoothing, double zLoss, float[] weights) {
    CrossEntropy loss = loss(smoothing, zLoss, weights);
    Matrix targets = targets(problem);
    float[] sample = weights(problem.rows());
    float[] upstream = weights(problem.rows() + 1);
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    Totals totals = loss.newTotals();
    Gradient gradient =
        Gradient.into(out).withUpstream(-3).withUpstream(Arrays.copyOf(upstream, problem.rows()));
    loss.compute(
        Batch.of(problem.logits(), targets).withSampleWeights(sample),
        Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    double sum = 0;
    double scale = 0;
    for (int row = 0; row < problem.rows(); row++) {
      float[] q = row(targets, row);
      ExactTargets exact = ExactTargets.of(problem.exact(row), q, smoothing, weights, zLoss);
      // An infinite loss of weight 0 is 0.
      double expected = sample[row] == 0 ? 0 : sample[row] * exact.loss().value();
      Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
      assertWithinBound("loss", cell, losses[row], expected, sample[row] * exact.lossScale());
      double factor = -3 * (double) upstream[row] * sample[row] / 8;
      checkGradient(problem, row, exact, factor, out);
      sum += expected;
      scale += sample[row] * exact.lossScale();
    }
    if (Double.isFinite(sum)) {
      assertEquals(sum, totals.sum(), 4 * 0x1p-24 * scale + 1e-30, "sum of " + problem);
    } else {
      assertEquals(sum, totals.sum());
    }
  }

  private static void checkGradient(
      Problem problem, int row, ExactTargets exact, double factor, Matrix out) {
    double[] expected = exact.gradient();
    double[] scale = exact.gradientScale();
    for (int c = 0; c < expected.length; c++) {
      Cell cell = new Cell(problem, row, c);
      assertWithinBound("gradient", cell, out.get(row, c), factor * expected[c], factor * scale[c]);
    }
  }

  private static void assertWithinBound(
      String what, Cell cell, float actual, double expected, double scale) {
    double error = Errors.ulps(actual, expected, scale, 2);
    assertTrue(
        error <= 4, () -> what + " is off by " + error + ": " + cell.describe(actual, expected));
  }

  private static float[] row(Matrix matrix, int row) {
    int start = matrix.rowStart(row);
    return Arrays.copyOfRange(matrix.data(), start, start + matrix.classes());
  }

  private record Results(float[] losses, Matrix gradient, Totals totals) {
    static Results of(CrossEntropy loss, Batch batch) {
      int rows = batch.logits().rows();
      Matrix gradient = Matrix.zeros(rows, batch.logits().classes());
      Results results = new Results(new float[rows], gradient, loss.newTotals());
      loss.compute(
          batch,
          Outputs.none()
              .withLosses(results.losses)
              .withGradient(gradient)
              .withTotals(results.totals));
      return results;
    }
  }

  @Test
  void oneHotTargetsHaveTheBitsOfTheirLabels() {
    for (Problem problem : PROBLEMS) {
      for (double smoothing : new double[] {0, 0.1}) {
        for (float[] weights : new float[][] {null, weights(problem.classes())}) {
          CrossEntropy loss = loss(smoothing, 0, weights);
          Results labels = Results.of(loss, Batch.of(problem.logits(), problem.labels()));
          Results dense = Results.of(loss, Batch.of(problem.logits(), oneHot(problem)));
          Bits.assertSame(labels.losses, dense.losses, "losses of " + problem);
          Bits.assertSame(labels.gradient, dense.gradient, "gradient of " + problem);
          assertEquals(labels.totals.sum(), dense.totals.sum());
          assertEquals(labels.totals.weight(), dense.totals.weight());
        }
      }
    }
  }

  @Test
  void confidentRowKeepsTheDigitsOfItsLossWhereItsTargetIsNearlyOneHot() {
    Matrix logits = Matrix.of(new float[] {0, 20, 1}, 3);
    float[] q = {0x1p-40f, 1, 0};
    float[] losses = new float[1];
    crossEntropy()
        .build()
        .compute(Batch.of(logits, Matrix.of(q, 3)), Outputs.none().withLosses(losses));
    double exact = ExactTargets.of(ExactRow.of(0, 20, 1), q, 0, null, 0).loss().value();
    assertTrue(Errors.ulps(losses[0], exact) <= 4, losses[0] + ", exactly " + exact);
  }

  @Test
  void targetOfZeroOnAMaskedClassCountsNothing() {
    for (int classes : new int[] {3, 70, 2100, 16_400}) {
      Problem problem = Problem.of(LogitKind.NORMAL, 1, classes);
      Matrix logits = problem.copyOfLogits();
      Matrix targets = targets(problem);
      logits.data()[classes - 1] = -INFINITY;
      targets.data()[classes - 1] = 0;
      Results results = Results.of(loss(0, 0, null), Batch.of(logits, targets));
      double exact =
          ExactTargets.of(ExactRow.of(logits.data(), 0, classes), targets.data(), 0, null, 0)
              .loss()
              .value();
      assertEquals(exact, results.losses[0], 1e-6 * exact, "classes " + classes);
      assertTrue(results.gradient.get(0, classes - 1) == 0);
      targets.data()[classes - 1] = 0.25f;
      results = Results.of(loss(0, 0, null), Batch.of(logits, targets));
      assertEquals(INFINITY, results.losses[0]);
      assertEquals(-0.25f / 8, results.gradient.get(0, classes - 1));
      assertTrue(Float.isFinite(results.gradient.get(0, 0)));
      float[] weights = weights(classes);
      weights[classes - 1] = 0;
      results = Results.of(loss(0, 0, weights), Batch.of(logits, targets));
      assertTrue(Float.isFinite(results.losses[0]), "weight 0 makes it 0");
    }
  }

  @Test
  void largestTargetOnAMaskedClassOfWeightZeroCountsNothing() {
    Matrix logits = Matrix.of(new float[] {-INFINITY, 1, 2}, 3);
    Matrix targets = Matrix.of(new float[] {0.9f, 0.05f, 0.05f}, 3);
    float[] weights = {0, 1, 1};
    Results results = Results.of(loss(0, 0, weights), Batch.of(logits, targets));
    double exact =
        ExactTargets.of(ExactRow.of(logits.data(), 0, 3), targets.data(), 0, weights, 0)
            .loss()
            .value();
    assertEquals(exact, results.losses[0], 1e-6 * exact);
  }

  @Test
  void rowThatIsNotFiniteIsNanAndNoOther() {
    for (int classes : new int[] {3, 70, 2100, 16_400}) {
      Problem problem = Problem.of(LogitKind.NORMAL, 3, classes);
      for (float value : new float[] {Float.NaN, Float.intBitsToFloat(0xFFC0_0001), INFINITY}) {
        for (boolean inLogits : new boolean[] {true, false}) {
          Matrix logits = problem.copyOfLogits();
          Matrix targets = targets(problem);
          Results before = Results.of(loss(0, 0, null), Batch.of(logits, targets));
          (inLogits ? logits : targets).data()[classes + classes / 2] = value;
          Results results = Results.of(loss(0, 0, null), Batch.of(logits, targets));
          assertTrue(Bits.same(Float.NaN, results.losses[1]), "loss of " + classes);
          Bits.assertRowIs(Float.NaN, results.gradient, 1, "gradient of " + classes);
          assertTrue(Bits.same(before.losses[2], results.losses[2]));
          Bits.assertSameRow(before.gradient, 2, results.gradient, 2, "its neighbour");
        }
      }
      Matrix logits = problem.copyOfLogits();
      Arrays.fill(logits.data(), classes, 2 * classes, -INFINITY);
      Results results = Results.of(loss(0, 0, null), Batch.of(logits, targets(problem)));
      assertTrue(Bits.same(Float.NaN, results.losses[1]), "a row of −∞");
      Bits.assertRowIs(Float.NaN, results.gradient, 1, "gradient of a row of −∞");
    }
  }

  @Test
  void ignoredRowsAreZeroByBitsWhateverTheirTargets() {
    Problem problem = Problem.of(LogitKind.NORMAL, 3, 67);
    Matrix logits = problem.copyOfLogits();
    Matrix targets = targets(problem);
    Arrays.fill(logits.data(), 67, 2 * 67, Float.NaN);
    Arrays.fill(targets.data(), 67, 2 * 67, Float.NaN);
    Batch batch = Batch.of(logits, targets).withIgnoredRows(new boolean[] {false, true, false});
    Results results = Results.of(crossEntropy().checkedTargets(100).build(), batch);
    assertTrue(Bits.same(0, results.losses[1]));
    Bits.assertRowIs(0, results.gradient, 1, "gradient of an ignored row");
    assertEquals(1, results.totals.ignoredRows());
  }

  @Test
  void meanDividesByAllRowsUnlessAnotherDivisorIsNamed() {
    Problem problem = PROBLEMS.get(2);
    Matrix targets = targets(problem);
    float[] weights = weights(problem.classes());
    float[] sample = weights(problem.rows());
    boolean[] ignored = new boolean[problem.rows()];
    ignored[7] = true;
    Batch batch =
        Batch.of(problem.logits(), targets).withSampleWeights(sample).withIgnoredRows(ignored);
    double weight = 0;
    for (int row = 0; row < problem.rows(); row++) {
      double total = ExactTargets.of(problem.exact(row), row(targets, row), 0, weights, 0).total();
      weight += ignored[row] ? 0 : sample[row] * total;
    }
    CrossEntropy.Builder builder = crossEntropy().classWeights(weights);
    assertDivides(builder.build(), builder, batch, problem.rows());
    assertDivides(builder.divisor(Divisor.ROWS).build(), builder, batch, problem.rows());
    assertDivides(builder.divisor(Divisor.COUNT).build(), builder, batch, problem.rows() - 1);
    assertDivides(builder.divisor(Divisor.WEIGHTS).build(), builder, batch, weight);
    assertEquals(weight, Results.of(builder.build(), batch).totals.weight(), 1e-9 * weight);
  }

  /** What the weight was before the call may not show: a batch of heavy rows goes first. */
  @Test
  void rowsWithoutProbabilitiesWeighWhatTheirTargetsDo() {
    for (float logit : new float[] {Float.NaN, INFINITY, -INFINITY}) {
      Matrix logits = Matrix.zeros(5, 40);
      Matrix halves = Matrix.zeros(5, 40);
      Matrix heavy = Matrix.zeros(5, 40);
      Arrays.fill(heavy.data(), 100);
      for (int row = 0; row < 5; row++) {
        halves.data()[halves.rowStart(row) + row] = 0.5f;
      }
      Results.of(loss(0, 0, null), Batch.of(logits, heavy));
      Arrays.fill(logits.data(), 40, 3 * 40, logit);
      Results results = Results.of(loss(0, 0, null), Batch.of(logits, halves));
      assertEquals(2.5, results.totals.weight(), "weight with rows of " + logit);
    }
  }

  private static void assertDivides(
      CrossEntropy loss, CrossEntropy.Builder builder, Batch batch, double number) {
    Results mean = Results.of(loss, batch);
    Results sum = Results.of(builder.divisor(Divisor.ONE).build(), batch);
    assertEquals(sum.totals.sum() / number, mean.totals.mean(), 1e-12 * mean.totals.mean());
    for (int i = 0; i < sum.gradient.data().length; i++) {
      double expected = sum.gradient.data()[i] / number;
      assertEquals(expected, mean.gradient.data()[i], 1e-5 / number);
    }
  }

  @Test
  void labelsAndTargetsInTheSameTotalsDivideAsEachWould() {
    Problem problem = PROBLEMS.get(2);
    CrossEntropy loss = crossEntropy().classWeights(weights(problem.classes())).build();
    Totals labels = loss.forward(problem.logits(), problem.labels());
    double weight = labels.weight();
    labels.merge(loss.forward(problem.logits(), targets(problem)));
    double expected = labels.sum() / (weight + problem.rows());
    assertEquals(expected, labels.mean(), 1e-12 * expected);
  }

  @Test
  void addedGradientIsTheOldValuePlusTheGradient() {
    for (Problem problem : PROBLEMS) {
      CrossEntropy loss = loss(0.1, 0, null);
      Batch batch = Batch.of(problem.logits(), targets(problem));
      Matrix gradient = Results.of(loss, batch).gradient;
      GuardedMatrix sum = GuardedMatrix.copyOf(problem.logits(), 3, 2);
      GuardedMatrix targets = GuardedMatrix.copyOf(batch.targets(), 5, 3);
      loss.compute(
          Batch.of(problem.logits(), targets.matrix()),
          Outputs.none().withGradient(Gradient.addedTo(sum.matrix())));
      for (int i = 0; i < gradient.data().length; i++) {
        gradient.data()[i] += problem.logits().data()[i];
      }
      Bits.assertSame(gradient, sum.matrix(), "added gradient of " + problem);
      sum.assertGuardsUntouched("added gradient");
    }
  }

  @Test
  void uniformTargetsAreFullSmoothing() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 5, 64);
    Matrix uniform = Matrix.zeros(5, 64);
    Arrays.fill(uniform.data(), 1f / 64);
    Results dense = Results.of(loss(0, 0, null), Batch.of(problem.logits(), uniform));
    Labels any = Labels.of(new int[5]);
    Results smoothed = Results.of(loss(1, 0, null), Batch.of(problem.logits(), any));
    for (int row = 0; row < 5; row++) {
      assertEquals(smoothed.losses[row], dense.losses[row], 1e-6 * dense.losses[row]);
    }
  }
}
