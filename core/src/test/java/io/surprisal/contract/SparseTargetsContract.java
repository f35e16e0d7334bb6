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
import io.surprisal.SparseTargets;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Cross-entropy with targets for a few classes, with and without a tail. */
public abstract class SparseTargetsContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final int PER_ROW = 5;

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 6, 5),
          Problem.of(LogitKind.NORMAL, 40, 7),
          Problem.of(LogitKind.GAP, 12, 20),
          Problem.of(LogitKind.OFFSET_1E6, 12, 66),
          Problem.of(LogitKind.ONE_CONFIDENT, 12, 100),
          Problem.of(LogitKind.SOME_MASKED, 12, 131),
          Problem.of(LogitKind.WILD_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 6, 40_000));

  /** What such targets say of every class, in double. */
  private static double[] q(int[] classes, float[] values, int row, int count, boolean tail) {
    double[] q = new double[count];
    boolean[] listed = new boolean[count];
    double sum = 0;
    int others = count;
    for (int i = row * PER_ROW; i < (row + 1) * PER_ROW; i++) {
      if (classes[i] >= 0) {
        others -= listed[classes[i]] ? 0 : 1;
        listed[classes[i]] = true;
        q[classes[i]] += values[i];
        sum += values[i];
      }
    }
    for (int c = 0; tail && c < count; c++) {
      q[c] = listed[c] ? q[c] : Math.max(0, 1 - sum) / others;
    }
    return q;
  }

  static float[] weights(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = i % 7 == 3 ? 0 : (float) random.nextDouble(2);
    }
    return weights;
  }

  private CrossEntropy.Builder loss(double smoothing, float[] weights) {
    CrossEntropy.Builder builder = crossEntropy().labelSmoothing(smoothing).divisor(Divisor.of(8));
    return weights == null ? builder : builder.classWeights(weights);
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

  /** Some places empty, sums below and over 1; classes all over the row, none twice. */
  record Lists(int[] classes, float[] values, SparseTargets view) {
    static Lists of(Problem problem, boolean tail) {
      int[] classes = new int[problem.rows() * PER_ROW];
      float[] values = new float[classes.length];
      SplittableRandom random = new SplittableRandom(problem.classes());
      for (int row = 0; row < problem.rows(); row++) {
        fill(problem, row, random, classes, values);
      }
      SparseTargets view = SparseTargets.of(classes, values, PER_ROW);
      return new Lists(classes, values, tail ? view.withTail() : view);
    }

    private static void fill(
        Problem problem, int row, SplittableRandom random, int[] classes, float[] values) {
      int count = problem.classes();
      int shift = random.nextInt(count);
      for (int j = 0; j < PER_ROW; j++) {
        int i = row * PER_ROW + j;
        int place = (int) ((long) count * j / PER_ROW) + shift;
        classes[i] = (row + j) % 4 == 3 ? -1 : place % count;
        values[i] = row % 6 == 5 ? 1 : (float) random.nextDouble(0.2);
      }
      if (row % 3 == 1) {
        Arrays.fill(classes, row * PER_ROW + 1, (row + 1) * PER_ROW, -1);
        classes[row * PER_ROW] = problem.label(row);
        values[row * PER_ROW] = 0.9f;
      }
    }

    double[] q(int row, int count) {
      return SparseTargetsContract.q(classes, values, row, count, view.hasTail());
    }
  }

  @Test
  void everyCombinationKeepsTheBounds() {
    for (Problem problem : PROBLEMS) {
      for (boolean tail : new boolean[] {false, true}) {
        Lists lists = Lists.of(problem, tail);
        for (double smoothing : new double[] {0, 0.1}) {
          check(problem, lists, smoothing, null);
          check(problem, lists, smoothing, weights(problem.classes()));
        }
      }
    }
  }

  private void check(Problem problem, Lists lists, double smoothing, float[] weights) {
    Results results =
        Results.of(loss(smoothing, weights).build(), Batch.of(problem.logits(), lists.view));
    for (int row = 0; row < problem.rows(); row++) {
      double[] t = lists.q(row, problem.classes());
      for (int c = 0; c < t.length; c++) {
        double target = (1 - smoothing) * t[c] + smoothing / t.length;
        t[c] = target * (weights == null ? 1 : weights[c]);
      }
      ExactTargets exact = new ExactTargets(problem.exact(row), t, 0);
      Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
      String what = lists.view + ", smoothing " + smoothing;
      double loss = exact.loss().value();
      assertWithinBound(what + ", loss", cell, results.losses[row], loss, exact.lossScale());
      double[] gradient = exact.gradient();
      double[] scale = exact.gradientScale();
      for (int c = 0; c < gradient.length; c++) {
        Cell place = new Cell(problem, row, c);
        float actual = results.gradient.get(row, c);
        assertWithinBound(what + ", gradient", place, actual, gradient[c] / 8, scale[c] / 8);
      }
    }
  }

  private static void assertWithinBound(
      String what, Cell cell, float actual, double expected, double scale) {
    double error = Errors.ulps(actual, expected, scale, 2);
    assertTrue(
        error <= 4, () -> what + " is off by " + error + ": " + cell.describe(actual, expected));
  }

  @Test
  void oneClassOfOneHasTheBitsOfALabel() {
    for (Problem problem : PROBLEMS) {
      int[] classes = new int[problem.rows()];
      float[] ones = new float[problem.rows()];
      Arrays.setAll(classes, problem::label);
      Arrays.fill(ones, 1);
      SparseTargets targets = SparseTargets.of(classes, ones, 1);
      for (double smoothing : new double[] {0, 0.1}) {
        CrossEntropy loss = loss(smoothing, weights(problem.classes())).build();
        Results labels = Results.of(loss, problem.batch());
        for (SparseTargets view : List.of(targets, targets.withTail())) {
          Results sparse = Results.of(loss, Batch.of(problem.logits(), view));
          Bits.assertSame(labels.losses, sparse.losses, "losses of " + problem);
          Bits.assertSame(labels.gradient, sparse.gradient, "gradient of " + problem);
          assertEquals(labels.totals.weight(), sparse.totals.weight());
        }
      }
    }
  }

  @Test
  void classListedTwiceCountsTwice() {
    Problem problem = PROBLEMS.get(1);
    int[] twice = new int[4 * problem.rows()];
    float[] quarters = new float[twice.length];
    int[] once = new int[2 * problem.rows()];
    float[] halves = new float[once.length];
    for (int i = 0; i < once.length; i++) {
      // The likelier of two classes, and the other, which has no place of its own in the pass.
      once[i] = (problem.label(i / 2) + i % 2) % problem.classes();
      halves[i] = i % 2 == 0 ? 0.5f : 0.25f;
      twice[2 * i] = once[i];
      twice[2 * i + 1] = once[i];
      quarters[2 * i] = halves[i] / 2;
      quarters[2 * i + 1] = halves[i] / 2;
    }
    CrossEntropy loss = loss(0.1, null).build();
    Results one = Results.of(loss, Batch.of(problem.logits(), SparseTargets.of(once, halves, 2)));
    Results two =
        Results.of(loss, Batch.of(problem.logits(), SparseTargets.of(twice, quarters, 4)));
    for (int row = 0; row < problem.rows(); row++) {
      assertEquals(one.losses[row], two.losses[row], 1e-6 * one.losses[row]);
      for (int c = 0; c < problem.classes(); c++) {
        assertEquals(one.gradient.get(row, c), two.gradient.get(row, c), 1e-7);
      }
    }
  }

  @Test
  void maskedClassCountsNothingUnlessItHasATarget() {
    for (int classes : new int[] {4, 70, 16_400}) {
      Matrix logits = Problem.of(LogitKind.NORMAL, 1, classes).copyOfLogits();
      logits.data()[1] = -INFINITY;
      for (boolean tail : new boolean[] {false, true}) {
        int[] numbers = {0, 1};
        float[] values = {0.5f, 0};
        SparseTargets targets = SparseTargets.of(numbers, values, 2);
        Batch batch = Batch.of(logits, tail ? targets.withTail() : targets);
        Results results = Results.of(loss(0, null).build(), batch);
        assertTrue(Float.isFinite(results.losses[0]), "a masked class of target 0");
        Results smoothed = Results.of(loss(0.1, null).build(), batch);
        assertEquals(INFINITY, smoothed.losses[0], "a masked class under the smoothing");
        assertTrue(results.gradient.get(0, 1) == 0);
        values[1] = 0.25f;
        results = Results.of(loss(0, null).build(), batch);
        assertEquals(INFINITY, results.losses[0], "a masked class of target 0.25");
        assertEquals(-0.25f / 8, results.gradient.get(0, 1), 1e-8);
        assertTrue(Float.isFinite(results.gradient.get(0, 2)));
        numbers[1] = 2;
        results = Results.of(loss(0, null).build(), batch);
        assertEquals(tail, results.losses[0] == INFINITY, "a masked class under the tail");
      }
    }
  }

  @Test
  void targetsOverOneLeaveNoTail() {
    Matrix logits = Matrix.of(new float[] {1, 2, -INFINITY}, 3);
    SparseTargets targets = SparseTargets.of(new int[] {0}, new float[] {1.5f}, 1);
    Results with = Results.of(loss(0, null).build(), Batch.of(logits, targets.withTail()));
    Results without = Results.of(loss(0, null).build(), Batch.of(logits, targets));
    assertEquals(without.losses[0], with.losses[0]);
    assertTrue(Float.isFinite(with.losses[0]));
  }

  @Test
  void rowsThatAreNotFiniteAndIgnoredOnes() {
    for (boolean inLogits : new boolean[] {true, false}) {
      Matrix logits = Problem.of(LogitKind.NORMAL, 3, 10).copyOfLogits();
      float[] values = {1, 1, 1};
      (inLogits ? logits.data() : values)[inLogits ? 15 : 1] = Float.NaN;
      Batch batch = Batch.of(logits, SparseTargets.of(new int[] {3, 4, 5}, values, 1).withTail());
      Results results = Results.of(loss(0, null).build(), batch);
      assertTrue(Bits.same(Float.NaN, results.losses[1]));
      Bits.assertRowIs(Float.NaN, results.gradient, 1, "gradient");
      assertTrue(Float.isFinite(results.losses[2]));
      results =
          Results.of(
              loss(0, null).build(), batch.withIgnoredRows(new boolean[] {false, true, false}));
      assertTrue(Bits.same(0, results.losses[1]));
      Bits.assertRowIs(0, results.gradient, 1, "gradient of an ignored row");
    }
  }

  @Test
  void weightsDivideAsForDenseTargets() {
    Problem problem = PROBLEMS.get(1);
    float[] weights = weights(problem.classes());
    for (boolean tail : new boolean[] {false, true}) {
      Lists lists = Lists.of(problem, tail);
      double weight = 0;
      for (int row = 0; row < problem.rows(); row++) {
        double[] q = lists.q(row, problem.classes());
        for (int c = 0; c < q.length; c++) {
          weight += weights[c] * q[c];
        }
      }
      CrossEntropy loss = crossEntropy().classWeights(weights).divisor(Divisor.WEIGHTS).build();
      CrossEntropy sum = crossEntropy().classWeights(weights).divisor(Divisor.ONE).build();
      Results mean = Results.of(loss, Batch.of(problem.logits(), lists.view));
      Results whole = Results.of(sum, Batch.of(problem.logits(), lists.view));
      assertEquals(weight, mean.totals.weight(), 1e-9 * weight);
      assertEquals(whole.totals.sum() / weight, mean.totals.mean(), 1e-9 * mean.totals.mean());
      float entry = mean.gradient.get(2, 3);
      assertEquals(whole.gradient.get(2, 3) / weight, entry, 1e-6 * Math.abs(entry));
    }
  }

  /** What the weight was before the call may not show: a batch of heavy rows goes first. */
  @Test
  void rowsWithoutProbabilitiesWeighWhatTheirTargetsDo() {
    Matrix logits = Matrix.zeros(3, 7);
    SparseTargets heavy = SparseTargets.of(new int[] {1, 2, 3}, new float[] {9, 9, 9}, 1);
    SparseTargets halves = SparseTargets.of(new int[] {1, 2, 3}, new float[] {0.5f, 0.5f, 0.5f}, 1);
    for (float logit : new float[] {Float.NaN, INFINITY, -INFINITY}) {
      Arrays.fill(logits.data(), 0);
      Results.of(loss(0, null).build(), Batch.of(logits, heavy));
      Arrays.fill(logits.data(), 7, 2 * 7, logit);
      Results listed = Results.of(loss(0, null).build(), Batch.of(logits, halves));
      assertEquals(1.5, listed.totals.weight(), "weight with a row of " + logit);
      Results whole = Results.of(loss(0, null).build(), Batch.of(logits, halves.withTail()));
      assertEquals(3, whole.totals.weight(), 1e-12, "weight with tails and a row of " + logit);
    }
  }

  @Test
  void addedGradientIsTheOldValuePlusTheGradient() {
    for (Problem problem : PROBLEMS) {
      for (boolean tail : new boolean[] {false, true}) {
        CrossEntropy loss = loss(0, null).build();
        Batch batch = Batch.of(problem.logits(), Lists.of(problem, tail).view);
        Matrix gradient = Results.of(loss, batch).gradient;
        GuardedMatrix sum = GuardedMatrix.copyOf(problem.logits(), 3, 2);
        loss.compute(batch, Outputs.none().withGradient(Gradient.addedTo(sum.matrix())));
        for (int i = 0; i < gradient.data().length; i++) {
          gradient.data()[i] += problem.logits().data()[i];
        }
        Bits.assertSame(gradient, sum.matrix(), "added gradient of " + problem);
        sum.assertGuardsUntouched("added gradient");
      }
    }
  }

  @Test
  void tailOfNothingListedIsFullSmoothing() {
    Problem problem = PROBLEMS.get(4);
    SparseTargets none =
        SparseTargets.of(filled(problem.rows(), -1), new float[problem.rows()], 1).withTail();
    Results tail = Results.of(loss(0, null).build(), Batch.of(problem.logits(), none));
    Labels any = Labels.of(filled(problem.rows(), 0));
    Results smoothed = Results.of(loss(1, null).build(), Batch.of(problem.logits(), any));
    for (int row = 0; row < problem.rows(); row++) {
      assertEquals(smoothed.losses[row], tail.losses[row], 1e-5 * tail.losses[row]);
    }
  }

  private static int[] filled(int count, int value) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }
}
