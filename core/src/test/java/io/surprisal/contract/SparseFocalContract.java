package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Matrix;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SparseTargets;
import io.surprisal.contract.SparseTargetsContract.Lists;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Focal loss with targets for a few classes, with and without a tail. */
public abstract class SparseFocalContract extends KernelContract {
  private static final double[] GAMMAS = {0, 0.5, 2, 5};

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 6, 5),
          Problem.of(LogitKind.NORMAL, 40, 7),
          Problem.of(LogitKind.GAP, 12, 20),
          Problem.of(LogitKind.OFFSET_1E6, 12, 66),
          Problem.of(LogitKind.ONE_CONFIDENT, 12, 100),
          Problem.of(LogitKind.NORMAL_10, 12, 300),
          Problem.of(LogitKind.WILD_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 40_000));

  private SoftmaxFocal.Builder builder(double gamma, float[] weights) {
    SoftmaxFocal.Builder builder =
        SoftmaxFocal.builder().gamma(gamma).execution(execution()).divisor(Divisor.of(8));
    return weights == null ? builder : builder.classWeights(weights);
  }

  private SoftmaxFocal loss(double gamma) {
    return builder(gamma, null).build();
  }

  @Test
  void lossesAndGradientsKeepTheirBounds() {
    for (double gamma : GAMMAS) {
      ErrorTable table = new ErrorTable();
      for (Problem problem : PROBLEMS) {
        for (boolean tail : new boolean[] {false, true}) {
          measure(table, problem, tail, gamma, null);
          float[] weights = SparseTargetsContract.weights(problem.classes());
          measure(table, problem, tail, gamma, weights);
        }
      }
      System.out.println("Kernel " + kernel().name() + ", γ = " + gamma + "\n" + table);
      table.assertBound("loss", 3 + 2 * gamma, 0.6 + 0.2 * gamma);
      table.assertBound("gradient", 4 + 2 * gamma, 0.7 + 0.2 * gamma);
    }
  }

  private void measure(
      ErrorTable table, Problem problem, boolean tail, double gamma, float[] weights) {
    Lists lists = Lists.of(problem, tail);
    LossResults results =
        DenseFocalContract.resultsOfMinusThree(
            builder(gamma, weights).build(), Batch.of(problem.logits(), lists.view()));
    for (int row = 0; row < problem.rows(); row++) {
      double[] t = lists.q(row, problem.classes());
      for (int c = 0; c < t.length; c++) {
        t[c] *= weights == null ? 1 : weights[c];
      }
      ExactFocal exact = new ExactFocal(problem.exact(row), t, gamma);
      DenseFocalContract.addErrors(table, problem, row, exact, results);
    }
  }

  /** What no tail lies on is written as a matrix of targets would be. */
  @Test
  void listedClassesAreThoseOfAMatrixOfTargets() {
    for (double gamma : GAMMAS) {
      for (Problem problem : PROBLEMS) {
        Lists lists = Lists.of(problem, false);
        Matrix targets = Matrix.zeros(problem.rows(), problem.classes());
        for (int row = 0; row < problem.rows(); row++) {
          double[] q = lists.q(row, problem.classes());
          for (int c = 0; c < q.length; c++) {
            targets.data()[targets.rowStart(row) + c] = (float) q[c];
          }
        }
        LossResults dense = LossResults.of(loss(gamma), Batch.of(problem.logits(), targets));
        LossResults few = LossResults.of(loss(gamma), Batch.of(problem.logits(), lists.view()));
        double sum = dense.totals().sum();
        assertEquals(sum, few.totals().sum(), 1e-6 * sum, "sum of " + problem);
        assertEquals(dense.totals().weight(), few.totals().weight(), 1e-12 * problem.rows());
        double likelihood = dense.totals().negativeLogLikelihood();
        assertEquals(
            likelihood,
            few.totals().negativeLogLikelihood(),
            1e-9 * likelihood,
            "likelihood of " + problem);
      }
    }
  }

  @Test
  void gammaOfZeroIsCrossEntropyWithATailAndWithout() {
    for (Problem problem : PROBLEMS) {
      float[] weights = SparseTargetsContract.weights(problem.classes());
      CrossEntropy entropy = crossEntropy().classWeights(weights).divisor(Divisor.of(8)).build();
      for (boolean tail : new boolean[] {false, true}) {
        Batch batch = Batch.of(problem.logits(), Lists.of(problem, tail).view());
        LossResults expected = LossResults.of(entropy, batch);
        LossResults focal = LossResults.of(builder(0, weights).build(), batch);
        double sum = expected.totals().sum();
        assertEquals(sum, focal.totals().sum(), 2e-6 * sum, "sum of " + problem);
        double likelihood = expected.totals().negativeLogLikelihood();
        assertEquals(
            likelihood,
            focal.totals().negativeLogLikelihood(),
            2e-6 * likelihood,
            "likelihood of " + problem);
        assertEquals(expected.totals().weight(), focal.totals().weight(), 1e-12 * problem.rows());
      }
    }
  }

  @Test
  void classListedTwiceCountsTwiceAndEmptyPlacesNothing() {
    Matrix logits = Matrix.of(new float[] {1, 2, 0.5f, 0}, 4);
    SparseTargets twice = SparseTargets.of(new int[] {2, -1, 2}, new float[] {0.25f, 9, 0.5f}, 3);
    SparseTargets once = SparseTargets.of(new int[] {2}, new float[] {0.75f}, 1);
    LossResults expected = LossResults.of(loss(2), Batch.of(logits, once));
    LossResults actual = LossResults.of(loss(2), Batch.of(logits, twice));
    Bits.assertSame(expected.losses(), actual.losses(), "loss");
    Bits.assertSame(expected.gradient(), actual.gradient(), "gradient");
  }

  @Test
  void maskedClassCountsWhereItsTargetDoes() {
    float mask = Float.NEGATIVE_INFINITY;
    Matrix logits = Matrix.of(new float[] {1, mask, 2, 1, mask, 2, 1, mask, 2}, 3);
    int[] classes = {0, 1, 0, 1, 0, 2};
    float[] values = {0.5f, 0, 0.5f, 0.25f, 0.25f, 0.25f};
    SparseTargets targets = SparseTargets.of(classes, values, 2);
    LossResults few = LossResults.of(loss(1.5), Batch.of(logits, targets));
    assertTrue(Float.isFinite(few.losses()[0]), "a target of 0");
    assertEquals(Float.POSITIVE_INFINITY, few.losses()[1]);
    assertTrue(Float.isFinite(few.losses()[2]), "a class that is not listed");
    LossResults tail = LossResults.of(loss(1.5), Batch.of(logits, targets.withTail()));
    assertTrue(Float.isFinite(tail.losses()[0]), "the tail lies on the other class");
    assertEquals(Float.POSITIVE_INFINITY, tail.losses()[2], "the tail lies on the masked class");
    for (float entry : tail.gradient().data()) {
      assertTrue(Float.isFinite(entry), "entry " + entry);
    }
  }

  @Test
  void ignoredRowsAreZeroByBitsAndRowsThatAreNotFiniteNan() {
    float nan = Float.NaN;
    Matrix logits = Matrix.of(new float[] {1, 2, 3, nan, nan, nan, 3, nan, 1}, 3);
    SparseTargets targets = SparseTargets.of(new int[3], new float[] {1, 1, 1}, 1);
    Batch batch = Batch.of(logits, targets).withIgnoredRows(new boolean[] {false, true, false});
    LossResults results = LossResults.of(loss(2), batch);
    assertTrue(Bits.same(0, results.losses()[1]));
    Bits.assertRowIs(0, results.gradient(), 1, "gradient of an ignored row");
    assertTrue(Bits.same(nan, results.losses()[2]));
    Bits.assertRowIs(nan, results.gradient(), 2, "gradient of a row with NaN");
    assertTrue(results.losses()[0] > 0);
  }

  @Test
  void gradientInPlaceAndAddedAreThatWrittenApart() {
    for (Problem problem : PROBLEMS) {
      Matrix logits = problem.copyOfLogits();
      float[] weights = SparseTargetsContract.weights(problem.classes());
      Batch batch = Batch.of(logits, Lists.of(problem, true).view());
      LossResults.assertGradientPlaces(builder(1.5, weights).build(), batch, problem);
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 3, 70_000);
    Batch batch = Batch.of(problem.logits(), Lists.of(problem, true).view());
    LossResults one = LossResults.of(loss(1.5), batch);
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Execution parallel = Execution.on(pool).with(kernel());
      SoftmaxFocal loss = builder(1.5, null).execution(parallel).build();
      LossResults three = LossResults.of(loss, batch);
      Bits.assertSame(one.losses(), three.losses(), "losses");
      Bits.assertSame(one.gradient(), three.gradient(), "gradient");
    }
  }
}
