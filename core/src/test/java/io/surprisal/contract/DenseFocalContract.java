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
import io.surprisal.SoftmaxFocal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Focal loss with dense targets: bounds, special values, what it is equal to. */
public abstract class DenseFocalContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** A power by products, by a root too, by the kernel's own form, and by neither. */
  private static final double[] GAMMAS = {0, 0.5, 1, 1.3, 2, 5};

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.EQUAL_MAXIMA, 30, 16),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 12, 130),
          Problem.of(LogitKind.HUGE, 12, 257),
          Problem.of(LogitKind.SMALL_TERMS, 6, 2049),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000));

  private SoftmaxFocal loss(double gamma, float[] weights) {
    SoftmaxFocal.Builder builder =
        SoftmaxFocal.builder().gamma(gamma).execution(execution()).divisor(Divisor.of(8));
    return (weights == null ? builder : builder.classWeights(weights)).build();
  }

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = c % 7 == 3 ? 0 : 0.1f + c % 5;
    }
    return weights;
  }

  @Test
  void lossesAndGradientsKeepTheirBounds() {
    for (double gamma : GAMMAS) {
      ErrorTable table = new ErrorTable();
      for (Problem problem : PROBLEMS) {
        for (float[] weights : new float[][] {null, weights(problem.classes())}) {
          measure(table, problem, weights, gamma);
        }
      }
      System.out.println("Kernel " + kernel().name() + ", γ = " + gamma + "\n" + table);
      table.assertBound("loss", 3 + 2 * gamma, 0.6 + 0.2 * gamma);
      table.assertBound("gradient", 4 + 2 * gamma, 0.7 + 0.2 * gamma);
    }
  }

  private void measure(ErrorTable table, Problem problem, float[] weights, double gamma) {
    Matrix targets = DenseTargetsContract.targets(problem);
    LossResults results =
        resultsOfMinusThree(loss(gamma, weights), Batch.of(problem.logits(), targets));
    for (int row = 0; row < problem.rows(); row++) {
      double[] t = new double[problem.classes()];
      for (int c = 0; c < t.length; c++) {
        t[c] = (weights == null ? 1.0 : weights[c]) * targets.get(row, c);
      }
      addErrors(table, problem, row, new ExactFocal(problem.exact(row), t, gamma), results);
    }
  }

  /** Losses, and the gradient times −3. */
  static LossResults resultsOfMinusThree(SoftmaxFocal loss, Batch batch) {
    int rows = batch.logits().rows();
    Matrix out = Matrix.zeros(rows, batch.logits().classes());
    LossResults results = new LossResults(new float[rows], out, loss.newTotals());
    Gradient gradient = Gradient.into(out).withUpstream(-3);
    loss.compute(batch, Outputs.none().withLosses(results.losses()).withGradient(gradient));
    return results;
  }

  /** Of a row of results by a loss whose divisor is 8. */
  static void addErrors(
      ErrorTable table, Problem problem, int row, ExactFocal exact, LossResults results) {
    Errors lossErrors = table.errors("loss", problem.kind());
    Errors errors = table.errors("gradient", problem.kind());
    double loss = exact.loss(false);
    float actual = results.losses()[row];
    if (lossErrors.add(actual, loss, exact.loss(true), 2)) {
      lossErrors.describeWorst(new Cell(problem, row, Cell.WHOLE_ROW).describe(actual, loss));
    }
    lossErrors.endRow();
    double[] gradient = exact.gradient();
    double[] scale = exact.gradientScale();
    // Each class below 2^−126 may have lost as much from the sum.
    double lost = 2 + 3.0 / 8 * exact.factor() * problem.classes();
    for (int c = 0; c < gradient.length; c++) {
      double entry = -3.0 / 8 * gradient[c];
      float found = results.gradient().get(row, c);
      if (errors.add(found, entry, 3.0 / 8 * scale[c], lost)) {
        errors.describeWorst(new Cell(problem, row, c).describe(found, entry));
      }
    }
    errors.endRow();
  }

  /** The oracle's own formulas: its gradient is that of its loss, by central differences. */
  @Test
  void gradientOfTheOracleIsTheSlopeOfItsLoss() {
    double h = 1e-5;
    double[] t = {0.2, 0, 0.9, -0.3};
    for (double gamma : GAMMAS) {
      double[] x = {0.3, 3, -0.4, 0.1};
      double[] gradient = new ExactFocal(ExactRow.of(x), t, gamma).gradient();
      for (int c = 0; c < x.length; c++) {
        double[] up = x.clone();
        double[] down = x.clone();
        up[c] += h;
        down[c] -= h;
        double difference =
            new ExactFocal(ExactRow.of(up), t, gamma).loss(false)
                - new ExactFocal(ExactRow.of(down), t, gamma).loss(false);
        assertEquals(difference / (2 * h), gradient[c], 1e-8, "class " + c + " at " + gamma);
      }
    }
  }

  @Test
  void oneHotTargetsAreTheirLabels() {
    for (double gamma : GAMMAS) {
      for (Problem problem : PROBLEMS) {
        Matrix targets = SquaredErrorContract.oneHot(problem);
        LossResults labels = LossResults.of(loss(gamma, null), problem.batch());
        LossResults dense = LossResults.of(loss(gamma, null), Batch.of(problem.logits(), targets));
        assertAlike(labels, dense, 8 + 4 * gamma, problem + ", γ = " + gamma);
      }
    }
  }

  @Test
  void gammaOfZeroIsCrossEntropy() {
    CrossEntropy entropy =
        CrossEntropy.builder().execution(execution()).divisor(Divisor.of(8)).build();
    for (Problem problem : PROBLEMS) {
      Batch batch = Batch.of(problem.logits(), DenseTargetsContract.targets(problem));
      LossResults expected = LossResults.of(entropy, batch);
      LossResults focal = LossResults.of(loss(0, null), batch);
      double sum = expected.totals().sum();
      assertEquals(sum, focal.totals().sum(), 2e-6 * Math.abs(sum), "sum of " + problem);
      assertEquals(
          expected.totals().negativeLogLikelihood(),
          focal.totals().negativeLogLikelihood(),
          2e-6 * Math.abs(sum),
          "likelihood of " + problem);
    }
  }

  /** The same within so many ulp of each loss, and of the largest entry of each gradient row. */
  private static void assertAlike(
      LossResults expected, LossResults actual, double bound, String what) {
    Matrix gradient = expected.gradient();
    for (int row = 0; row < expected.losses().length; row++) {
      double loss = expected.losses()[row];
      double error = Errors.ulps(actual.losses()[row], loss);
      assertTrue(error <= bound, what + ": " + actual.losses()[row] + " is not " + loss);
      double largest = 0;
      for (int c = 0; c < gradient.classes(); c++) {
        largest = Math.max(largest, Math.abs(gradient.get(row, c)));
      }
      for (int c = 0; c < gradient.classes(); c++) {
        double entry = gradient.get(row, c);
        double found = Errors.ulps(actual.gradient().get(row, c), entry, largest, 2);
        assertTrue(found <= bound, what + ", class " + c + ": " + found + " ulp");
      }
    }
  }

  @Test
  void confidentRowKeepsItsDigitsWithEveryGamma() {
    for (double gamma : GAMMAS) {
      for (int gap = 10; gap <= 60; gap += 10) {
        Matrix logits = Matrix.of(new float[] {gap, 0}, 2);
        Matrix targets = Matrix.of(new float[] {1, 0}, 2);
        double others = 1 / (1 + Math.exp(gap));
        double exact = Math.pow(others, gamma) * Math.log1p(Math.exp(-gap));
        LossResults results = LossResults.of(loss(gamma, null), Batch.of(logits, targets));
        if (exact > Float.MIN_NORMAL) {
          assertEquals(1, results.losses()[0] / exact, 2e-6, "γ " + gamma + ", gap " + gap);
        }
        assertTrue(Float.isFinite(results.gradient().get(0, 0)), "γ " + gamma + ", gap " + gap);
      }
    }
  }

  @Test
  void maskedClassCountsWhereItsTargetDoes() {
    Matrix logits = Matrix.of(new float[] {1, -INFINITY, 2, 1, -INFINITY, 2}, 3);
    Matrix targets = Matrix.of(new float[] {0.5f, 0, 0.5f, 0.5f, 0.25f, 0.25f}, 3);
    Matrix two = Matrix.of(new float[] {1, 2}, 2);
    Matrix halves = Matrix.of(new float[] {0.5f, 0.5f}, 2);
    for (double gamma : GAMMAS) {
      LossResults results = LossResults.of(loss(gamma, null), Batch.of(logits, targets));
      LossResults without = LossResults.of(loss(gamma, null), Batch.of(two, halves));
      assertEquals(without.losses()[0], results.losses()[0], 1e-6f);
      assertTrue(results.gradient().get(0, 1) == 0, "entry of a masked class");
      assertEquals(INFINITY, results.losses()[1]);
      for (int c = 0; c < 3; c++) {
        assertTrue(Float.isFinite(results.gradient().get(1, c)), "entry " + c);
      }
      assertEquals(Double.POSITIVE_INFINITY, results.totals().sum());
    }
  }

  @Test
  void rowThatIsNotFiniteIsNanAndNoOther() {
    for (int classes : new int[] {3, 70, 2100, 16_400}) {
      Problem problem = Problem.of(LogitKind.NORMAL, 3, classes);
      for (float value : new float[] {Float.NaN, INFINITY}) {
        for (boolean inLogits : new boolean[] {true, false}) {
          Matrix logits = problem.copyOfLogits();
          Matrix targets = DenseTargetsContract.targets(problem);
          LossResults before = LossResults.of(loss(2, null), Batch.of(logits, targets));
          (inLogits ? logits : targets).data()[classes + classes / 2] = value;
          LossResults results = LossResults.of(loss(2, null), Batch.of(logits, targets));
          assertTrue(Bits.same(Float.NaN, results.losses()[1]), "loss of " + classes);
          Bits.assertRowIs(Float.NaN, results.gradient(), 1, "gradient of " + classes);
          assertTrue(Bits.same(before.losses()[2], results.losses()[2]));
          Bits.assertSameRow(before.gradient(), 2, results.gradient(), 2, "its neighbour");
        }
      }
    }
  }

  @Test
  void ignoredRowsAreZeroByBits() {
    float nan = Float.NaN;
    Matrix logits = Matrix.of(new float[] {1, 2, 3, nan, nan, nan, 3, 2, 1}, 3);
    Matrix targets = Matrix.of(new float[] {1, 0, 0, nan, 1, 0, 0, 0, 1}, 3);
    Batch batch = Batch.of(logits, targets).withIgnoredRows(new boolean[] {false, true, false});
    LossResults results = LossResults.of(loss(2, null), batch);
    assertTrue(Bits.same(0, results.losses()[1]));
    Bits.assertRowIs(0, results.gradient(), 1, "gradient of an ignored row");
    assertEquals(1, results.totals().ignoredRows());
  }

  @Test
  void gradientInPlaceAndAddedAreThatWrittenApart() {
    for (Problem problem : PROBLEMS) {
      for (double gamma : GAMMAS) {
        SoftmaxFocal loss = loss(gamma, weights(problem.classes()));
        Matrix logits = problem.copyOfLogits();
        Batch batch = Batch.of(logits, DenseTargetsContract.targets(problem));
        LossResults.assertGradientPlaces(loss, batch, problem);
      }
    }
  }

  @Test
  void oneLabelOfManyIsThatOfTheLossOnLabels() {
    Matrix logits = Matrix.of(new float[] {2, 0.5f, 0.3f}, 3);
    Matrix targets = Matrix.of(new float[] {1, 0, 0}, 3);
    LossResults dense = LossResults.of(loss(2, null), Batch.of(logits, targets));
    LossResults label = LossResults.of(loss(2, null), Batch.of(logits, Labels.of(0)));
    assertEquals(label.losses()[0], dense.losses()[0], 1e-7f);
    double p = Math.exp(-0.3406162698);
    assertEquals((1 - p) * (1 - p) * 0.3406162698, dense.losses()[0], 1e-7);
  }
}
