package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SoftmaxSquaredError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Squared error of softmax probabilities: bounds, worked examples, special values, laws. */
public abstract class SquaredErrorContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.EQUAL_MAXIMA, 30, 16),
          Problem.of(LogitKind.SOME_MASKED, 30, 33),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 12, 130),
          Problem.of(LogitKind.HUGE, 12, 130),
          Problem.of(LogitKind.LIMITS, 60, 131),
          Problem.of(LogitKind.SMALL_TERMS, 6, 2049),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.WILD_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000),
          Problem.of(LogitKind.NORMAL, 1, 140_000));

  private SoftmaxSquaredError.Builder squaredError() {
    return SoftmaxSquaredError.builder().execution(execution());
  }

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = c % 7 == 3 ? 0 : 0.1f + c % 5;
    }
    return weights;
  }

  private SoftmaxSquaredError loss(float[] weights) {
    SoftmaxSquaredError.Builder builder = squaredError().divisor(Divisor.of(8));
    return (weights == null ? builder : builder.classWeights(weights)).build();
  }

  private static double[] doubles(float[] values, int from, int count) {
    double[] doubles = new double[count];
    for (int i = 0; i < count; i++) {
      doubles[i] = values == null ? 1 : values[from + i];
    }
    return doubles;
  }

  static Matrix oneHot(Problem problem) {
    Matrix targets = Matrix.zeros(problem.rows(), problem.classes());
    for (int row = 0; row < problem.rows(); row++) {
      targets.data()[targets.rowStart(row) + problem.label(row)] = 1;
    }
    return targets;
  }

  @Test
  void lossesAndGradientsKeepTheirBounds() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : PROBLEMS) {
      for (float[] weights : new float[][] {null, weights(problem.classes())}) {
        measure(table, problem, problem.batch(), oneHot(problem), weights);
        Matrix targets = DenseTargetsContract.targets(problem);
        measure(table, problem, Batch.of(problem.logits(), targets), targets, weights);
      }
    }
    for (String quantity : table.quantities()) {
      table.assertBound(quantity, 4, 0.7);
    }
  }

  private void measure(
      ErrorTable table, Problem problem, Batch batch, Matrix targets, float[] weights) {
    String with = batch.labels() == null ? " with targets" : " with labels";
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    loss(weights)
        .compute(
            batch,
            Outputs.none().withLosses(losses).withGradient(Gradient.into(out).withUpstream(-3)));
    Errors lossErrors = table.errors("loss" + with, problem.kind());
    Errors errors = table.errors("gradient" + with, problem.kind());
    for (int row = 0; row < problem.rows(); row++) {
      double[] q = doubles(targets.data(), targets.rowStart(row), problem.classes());
      ExactSquaredError exact =
          new ExactSquaredError(problem.exact(row), q, doubles(weights, 0, problem.classes()));
      double loss = exact.loss();
      double lossScale = batch.labels() == null ? exact.lossScale() : loss;
      if (lossErrors.add(losses[row], loss, lossScale, 2)) {
        Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
        lossErrors.describeWorst(cell.describe(losses[row], loss));
      }
      lossErrors.endRow();
      double[] gradient = exact.gradient();
      double[] scale = exact.gradientScale();
      // Each class below 2^−126 may have lost as much from the sum.
      double lost = 2 + 3.0 / 8 * exact.factor() * problem.classes();
      for (int c = 0; c < gradient.length; c++) {
        double entry = -3.0 / 8 * gradient[c];
        if (errors.add(out.get(row, c), entry, 3.0 / 8 * scale[c], lost)) {
          errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), entry));
        }
      }
      errors.endRow();
    }
  }

  /** The oracle's own formulas: its gradient is that of its loss, by central differences. */
  @Test
  void gradientOfTheOracleIsTheSlopeOfItsLoss() {
    double h = 1e-5;
    double[] q = {0.2, 0, 0.9, -0.3};
    double[] w = {1, 0.5, 2, 0};
    for (double peak : new double[] {0, 3, 7}) {
      double[] x = {0.3, peak, -0.4, 0.1};
      double[] gradient = new ExactSquaredError(ExactRow.of(x), q, w).gradient();
      for (int c = 0; c < x.length; c++) {
        double[] up = x.clone();
        double[] down = x.clone();
        up[c] += h;
        down[c] -= h;
        double difference =
            new ExactSquaredError(ExactRow.of(up), q, w).loss()
                - new ExactSquaredError(ExactRow.of(down), q, w).loss();
        assertEquals(difference / (2 * h), gradient[c], 1e-8, "class " + c + " at " + peak);
      }
    }
  }

  private static Matrix logarithms(float... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return Matrix.of(logits, 3);
  }

  @Test
  void twoModelsOfEqualAccuracyDifferInSquaredError() {
    Labels labels = Labels.of(2, 1, 0);
    Matrix modelA = logarithms(0.3f, 0.3f, 0.4f, 0.3f, 0.4f, 0.3f, 0.1f, 0.2f, 0.7f);
    Matrix modelB = logarithms(0.1f, 0.2f, 0.7f, 0.1f, 0.7f, 0.2f, 0.3f, 0.4f, 0.3f);
    SoftmaxSquaredError loss = squaredError().build();
    LossResults a = LossResults.of(loss, Batch.of(modelA, labels));
    assertArrayEquals(new float[] {0.54f, 0.54f, 1.34f}, a.losses(), 1e-6f);
    assertEquals(2.42 / 3, a.totals().mean(), 2e-7);
    LossResults b = LossResults.of(loss, Batch.of(modelB, labels));
    assertArrayEquals(new float[] {0.14f, 0.14f, 0.74f}, b.losses(), 1e-6f);
    assertEquals(0.34, b.totals().mean(), 2e-7);
    assertEquals(1.3783888522, a.totals().negativeLogLikelihood() / 3, 2e-7);
    assertEquals(0.6391075641, b.totals().negativeLogLikelihood() / 3, 2e-7);
  }

  @Test
  void gradientVanishesWhereTheModelIsConfidentlyWrong() {
    Matrix logits = Matrix.of(new float[] {-20, 20}, 2);
    LossResults results = LossResults.of(squaredError().build(), Batch.of(logits, Labels.of(0)));
    assertEquals(2, results.losses()[0]);
    float[] gradient = results.gradient().data();
    double exact = 4 * Math.exp(-40);
    assertEquals(-exact, gradient[0], 1e-6 * exact);
    assertEquals(exact, gradient[1], 1e-6 * exact);
    assertTrue(exact < 1e-16);
  }

  @Test
  void oneHotTargetsAreTheirLabels() {
    for (Problem problem : PROBLEMS) {
      LossResults labels = LossResults.of(loss(null), problem.batch());
      LossResults dense = LossResults.of(loss(null), Batch.of(problem.logits(), oneHot(problem)));
      double sum = labels.totals().sum();
      assertEquals(sum, dense.totals().sum(), 1e-6 * sum, "losses of " + problem);
      double likelihood = labels.totals().negativeLogLikelihood();
      double other = dense.totals().negativeLogLikelihood();
      assertEquals(likelihood, other, 1e-9 * Math.abs(likelihood) + 1e-6, "likelihood");
    }
  }

  @Test
  void confidentRowKeepsTheDigitsOfItsLoss() {
    for (int gap = 10; gap <= 40; gap += 5) {
      Matrix logits = Matrix.of(new float[] {gap, 0}, 2);
      double share = 1 / (1 + Math.exp(gap));
      double exact = 2 * share * share;
      LossResults results = LossResults.of(squaredError().build(), Batch.of(logits, Labels.of(0)));
      assertEquals(1, results.losses()[0] / exact, 4e-7, "gap " + gap);
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
          LossResults before = LossResults.of(loss(null), Batch.of(logits, targets));
          (inLogits ? logits : targets).data()[classes + classes / 2] = value;
          LossResults results = LossResults.of(loss(null), Batch.of(logits, targets));
          assertTrue(Bits.same(Float.NaN, results.losses()[1]), "loss of " + classes);
          Bits.assertRowIs(Float.NaN, results.gradient(), 1, "gradient of " + classes);
          assertTrue(Bits.same(before.losses()[2], results.losses()[2]));
          Bits.assertSameRow(before.gradient(), 2, results.gradient(), 2, "its neighbour");
        }
      }
      Matrix masked = problem.copyOfLogits();
      Arrays.fill(masked.data(), classes, 2 * classes, -INFINITY);
      LossResults results = LossResults.of(loss(null), Batch.of(masked, problem.labels()));
      assertTrue(Bits.same(Float.NaN, results.losses()[1]), "a row of −∞");
      Bits.assertRowIs(Float.NaN, results.gradient(), 1, "gradient of a row of −∞");
    }
  }

  @Test
  void impossibleLabelHasAFiniteLossAndNoGradient() {
    Matrix logits = Matrix.of(new float[] {0, 0, -INFINITY}, 3);
    LossResults results = LossResults.of(squaredError().build(), Batch.of(logits, Labels.of(2)));
    assertEquals(1.5f, results.losses()[0], 1e-6f);
    assertArrayEquals(new float[3], results.gradient().data(), 1e-7f);
    assertTrue(results.gradient().get(0, 2) == 0);
    assertEquals(Double.POSITIVE_INFINITY, results.totals().negativeLogLikelihood());
  }

  @Test
  void ignoredRowsAreZeroByBits() {
    float nan = Float.NaN;
    Matrix logits = Matrix.of(new float[] {1, 2, 3, nan, nan, nan, 3, 2, 1}, 3);
    LossResults results =
        LossResults.of(squaredError().build(), Batch.of(logits, Labels.of(0, -100, 0)));
    assertTrue(Bits.same(0, results.losses()[1]));
    Bits.assertRowIs(0, results.gradient(), 1, "gradient of an ignored row");
    assertEquals(1, results.totals().ignoredRows());
    assertEquals((results.losses()[0] + results.losses()[2]) / 2, results.totals().mean(), 1e-7);
  }

  @Test
  void gradientInPlaceAndAddedAreThatWrittenApart() {
    for (Problem problem : PROBLEMS) {
      Matrix targets = DenseTargetsContract.targets(problem);
      for (boolean labels : new boolean[] {true, false}) {
        SoftmaxSquaredError loss = loss(weights(problem.classes()));
        Matrix logits = problem.copyOfLogits();
        Batch batch = labels ? Batch.of(logits, problem.labels()) : Batch.of(logits, targets);
        LossResults.assertGradientPlaces(loss, batch, problem);
      }
    }
  }
}
