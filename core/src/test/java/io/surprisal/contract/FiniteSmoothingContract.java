package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SparseTargets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Label smoothing over the classes that are not masked by −∞. */
public abstract class FiniteSmoothingContract extends KernelContract {
  private static final float MASK = Float.NEGATIVE_INFINITY;

  /** In ulp of the largest sum that is subtracted, or the largest term. */
  private static final double BOUND = 4;

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL, 9, 1),
          Problem.of(LogitKind.SOME_MASKED, 30, 2),
          Problem.of(LogitKind.SOME_MASKED, 30, 7),
          Problem.of(LogitKind.ALL_BUT_ONE_MASKED, 12, 16),
          Problem.of(LogitKind.SOME_MASKED, 12, 33),
          Problem.of(LogitKind.NORMAL_3, 12, 64),
          Problem.of(LogitKind.SOME_MASKED, 12, 65),
          Problem.of(LogitKind.SOME_MASKED, 9, 130),
          Problem.of(LogitKind.ALL_BUT_ONE_MASKED, 6, 2049),
          Problem.of(LogitKind.SOME_MASKED, 6, 4097),
          Problem.of(LogitKind.SOME_MASKED, 3, 17_000),
          Problem.of(LogitKind.NEAR_BLOCKS, 3, 17_000));

  /** What the rows of a problem are compared with, and the same as numbers for all classes. */
  private record Targets(Batch batch, float[][] rows) {}

  private CrossEntropy.Builder builder(double smoothing) {
    return crossEntropy().labelSmoothingOverFinite(smoothing).divisor(Divisor.of(8));
  }

  private static boolean isMasked(Problem problem, int row, int column) {
    return problem.logits().get(row, column) == MASK;
  }

  private static float[] weights(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = i % 3 == 1 ? 0 : (float) random.nextDouble(2);
    }
    return weights;
  }

  private static Targets labels(Problem problem) {
    float[][] rows = new float[problem.rows()][problem.classes()];
    for (int row = 0; row < rows.length; row++) {
      rows[row][problem.label(row)] = 1;
    }
    return new Targets(problem.batch(), rows);
  }

  /** Some numbers, in every other row at masked classes too. */
  private static Targets dense(Problem problem) {
    SplittableRandom random = new SplittableRandom(problem.classes());
    Matrix targets = Matrix.zeros(problem.rows(), problem.classes());
    float[][] rows = new float[problem.rows()][problem.classes()];
    for (int row = 0; row < rows.length; row++) {
      for (int c = 0; c < problem.classes(); c++) {
        boolean empty = random.nextInt(3) == 0 || (row % 2 == 0 && isMasked(problem, row, c));
        rows[row][c] = empty ? 0 : (float) random.nextDouble();
      }
      System.arraycopy(rows[row], 0, targets.data(), targets.rowStart(row), problem.classes());
    }
    return new Targets(Batch.of(problem.logits(), targets), rows);
  }

  /** Three classes a row, no matter whether they are masked. */
  private static Targets sparse(Problem problem, boolean tail) {
    int classes = problem.classes();
    int perRow = Math.min(3, classes);
    int[] ids = new int[problem.rows() * perRow];
    float[] values = new float[ids.length];
    float[][] rows = new float[problem.rows()][classes];
    for (int row = 0; row < rows.length; row++) {
      float rest = tail && classes > perRow ? (1 - 0.25f * perRow) / (classes - perRow) : 0;
      Arrays.fill(rows[row], rest);
      for (int j = 0; j < perRow; j++) {
        int i = row * perRow + j;
        ids[i] = (row + j * (classes / perRow)) % classes;
        values[i] = 0.25f;
        rows[row][ids[i]] = values[i];
      }
    }
    SparseTargets targets = SparseTargets.of(ids, values, perRow);
    return new Targets(Batch.of(problem.logits(), tail ? targets.withTail() : targets), rows);
  }

  private static List<Targets> all(Problem problem) {
    return List.of(labels(problem), dense(problem), sparse(problem, false), sparse(problem, true));
  }

  @Test
  void everyCombinationKeepsTheBounds() {
    for (Problem problem : PROBLEMS) {
      for (Targets targets : all(problem)) {
        for (double smoothing : new double[] {0.1, 1}) {
          check(problem, targets, smoothing, 0, null);
          check(problem, targets, smoothing, 1e-3, weights(problem.classes()));
        }
      }
    }
  }

  private void check(
      Problem problem, Targets targets, double smoothing, double zLoss, float[] weights) {
    CrossEntropy.Builder builder = builder(smoothing).zLoss(zLoss);
    CrossEntropy loss = (weights == null ? builder : builder.classWeights(weights)).build();
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    loss.compute(
        targets.batch,
        Outputs.none().withLosses(losses).withGradient(Gradient.into(out).withUpstream(-3)));
    for (int row = 0; row < problem.rows(); row++) {
      double[] smoothed = smoothed(problem, row, targets.rows[row], smoothing, weights);
      ExactTargets exact = new ExactTargets(problem.exact(row), smoothed, zLoss);
      Cell whole = new Cell(problem, row, Cell.WHOLE_ROW);
      String what = "ε = " + smoothing + " of " + targets.batch;
      assertWithinBound(what, whole, losses[row], exact.loss().value(), exact.lossScale());
      double[] gradient = exact.gradient();
      double[] scale = exact.gradientScale();
      for (int c = 0; c < gradient.length; c++) {
        Cell cell = new Cell(problem, row, c);
        double factor = -3.0 / 8;
        assertWithinBound(what, cell, out.get(row, c), factor * gradient[c], factor * scale[c]);
        if (isMasked(problem, row, c) && smoothed[c] == 0) {
          assertTrue(out.get(row, c) == 0, what + ": " + cell.describe(out.get(row, c), 0));
        }
      }
    }
  }

  /** w·((1−ε)·q + ε/F·[finite]). */
  private static double[] smoothed(
      Problem problem, int row, float[] q, double smoothing, float[] weights) {
    int finite = 0;
    for (int c = 0; c < q.length; c++) {
      finite += isMasked(problem, row, c) ? 0 : 1;
    }
    double[] smoothed = new double[q.length];
    for (int c = 0; c < q.length; c++) {
      double share = isMasked(problem, row, c) ? 0 : smoothing / finite;
      smoothed[c] = (weights == null ? 1 : weights[c]) * ((1 - smoothing) * q[c] + share);
    }
    return smoothed;
  }

  private static void assertWithinBound(
      String what, Cell cell, float actual, double expected, double scale) {
    double error = Errors.ulps(actual, expected, scale, 2);
    assertTrue(
        error <= BOUND,
        () -> what + " is off by " + error + ": " + cell.describe(actual, expected));
  }

  @Test
  void rowsWithoutAMaskHaveTheBitsOfSmoothingOverAllClasses() {
    for (int classes : new int[] {2, 33, 2049, 17_000}) {
      Problem problem = Problem.of(LogitKind.NORMAL_3, 5, classes);
      for (float[] weights : new float[][] {null, weights(classes)}) {
        CrossEntropy.Builder over = builder(0.1);
        CrossEntropy.Builder all = crossEntropy().labelSmoothing(0.1).divisor(Divisor.of(8));
        if (weights != null) {
          over.classWeights(weights);
          all.classWeights(weights);
        }
        for (Targets targets : all(problem)) {
          LossResults expected = LossResults.of(all.build(), targets.batch);
          LossResults actual = LossResults.of(over.build(), targets.batch);
          Bits.assertSame(expected.losses(), actual.losses(), "losses of " + targets.batch);
          Bits.assertSame(expected.gradient(), actual.gradient(), "gradient of " + problem);
        }
      }
    }
  }

  @Test
  void maskedClassesAreAsIfTheyWereNotThere() {
    Matrix logits = Matrix.of(new float[] {1, MASK, 2, MASK, 0.5f}, 5);
    Matrix without = Matrix.of(new float[] {1, 2, 0.5f}, 3);
    LossResults masked = LossResults.of(builder(0.3).build(), Batch.of(logits, Labels.of(2)));
    LossResults few = LossResults.of(builder(0.3).build(), Batch.of(without, Labels.of(1)));
    assertEquals(few.losses()[0], masked.losses()[0], 1e-6f);
    for (int c = 0; c < 3; c++) {
      float expected = few.gradient().get(0, c);
      assertEquals(expected, masked.gradient().get(0, 2 * c), 1e-7f, "class " + 2 * c);
    }
    assertTrue(Bits.same(0, masked.gradient().get(0, 1)), "entry of a masked class");
    assertTrue(Bits.same(0, masked.gradient().get(0, 3)), "entry of a masked class");
  }

  @Test
  void maskedLabelHasAnInfiniteLossAndAFiniteGradientAndItsNeighbourIsUntouched() {
    float nan = Float.NaN;
    Matrix logits =
        Matrix.of(new float[] {MASK, 0, 0, MASK, 0, 0, nan, MASK, 0, MASK, MASK, MASK}, 3);
    LossResults results =
        LossResults.of(builder(0.3).build(), Batch.of(logits, Labels.of(0, 1, 2, 1)));
    assertEquals(Float.POSITIVE_INFINITY, results.losses()[0]);
    assertEquals(-0.7 / 8, results.gradient().get(0, 0), 1e-8);
    assertEquals(0.35 / 8, results.gradient().get(0, 1), 1e-8);
    assertEquals(0.6931472f, results.losses()[1], 1e-6f);
    for (int row = 2; row < 4; row++) {
      assertTrue(Bits.same(nan, results.losses()[row]), "row " + row);
      Bits.assertRowIs(nan, results.gradient(), row, "gradient of a row without probabilities");
    }
  }

  @Test
  void gradientInPlaceAndAddedAreThatWrittenApart() {
    for (Problem problem : PROBLEMS) {
      for (boolean dense : new boolean[] {false, true}) {
        Matrix logits = problem.copyOfLogits();
        Batch batch = Batch.of(logits, problem.labels());
        if (dense) {
          batch = Batch.of(logits, dense(problem).batch.targets());
        }
        CrossEntropy loss = builder(0.1).classWeights(weights(problem.classes())).build();
        LossResults.assertGradientPlaces(loss, batch, problem);
      }
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    Problem problem = Problem.of(LogitKind.SOME_MASKED, 3, 70_000);
    for (Targets targets : all(problem)) {
      CrossEntropy.Builder builder = builder(0.1).classWeights(weights(problem.classes()));
      LossResults one = LossResults.of(builder.build(), targets.batch);
      try (ForkJoinPool pool = new ForkJoinPool(3)) {
        builder.execution(Execution.on(pool).with(kernel()));
        LossResults three = LossResults.of(builder.build(), targets.batch);
        Bits.assertSame(one.losses(), three.losses(), "losses of " + targets.batch);
        Bits.assertSame(one.gradient(), three.gradient(), "gradient of " + targets.batch);
      }
    }
  }

  @Test
  void classesFirstHaveTheBitsOfClassesLast() {
    Problem problem = Problem.of(LogitKind.SOME_MASKED, 20, 40);
    int count = problem.rows() * problem.classes();
    Matrix first = Matrix.classesFirst(new float[count], 1, problem.classes(), problem.rows());
    for (int row = 0; row < problem.rows(); row++) {
      for (int c = 0; c < problem.classes(); c++) {
        first.data()[c * problem.rows() + row] = problem.logits().get(row, c);
      }
    }
    LossResults expected = LossResults.of(builder(0.1).build(), problem.batch());
    LossResults actual = LossResults.of(builder(0.1).build(), Batch.of(first, problem.labels()));
    Bits.assertSame(expected.losses(), actual.losses(), "losses");
    Bits.assertSame(expected.gradient(), actual.gradient(), "gradient");
  }

  /** Under a cap a masked logit is −c: no class is left out. */
  @Test
  void softCapLeavesNoClassOut() {
    Problem problem = Problem.of(LogitKind.SOME_MASKED, 9, 20);
    CrossEntropy all = crossEntropy().labelSmoothing(0.1).softCap(5).divisor(Divisor.of(8)).build();
    LossResults expected = LossResults.of(all, problem.batch());
    LossResults actual = LossResults.of(builder(0.1).softCap(5).build(), problem.batch());
    Bits.assertSame(expected.losses(), actual.losses(), "losses");
    Bits.assertSame(expected.gradient(), actual.gradient(), "gradient");
  }
}
