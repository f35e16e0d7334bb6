package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SoftmaxEntropy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entropy as an objective: bounds, special values, what its labels are for. */
public abstract class EntropyContract extends KernelContract {
  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.EQUAL_MAXIMA, 30, 16),
          Problem.of(LogitKind.SOME_MASKED, 30, 20),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 12, 130),
          Problem.of(LogitKind.HUGE, 12, 257),
          Problem.of(LogitKind.SMALL_TERMS, 6, 2049),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000));

  private SoftmaxEntropy.Builder builder() {
    return SoftmaxEntropy.builder().execution(execution()).divisor(Divisor.of(8));
  }

  @Test
  void lossesAndGradientsKeepTheirBounds() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : PROBLEMS) {
      measure(table, problem);
    }
    System.out.println("Kernel " + kernel().name() + "\n" + table);
    table.assertBound("loss", 4, 0.5);
    table.assertBound("gradient", 4, 0.7);
  }

  private void measure(ErrorTable table, Problem problem) {
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    builder()
        .build()
        .compute(
            Batch.of(problem.logits()),
            Outputs.none().withLosses(losses).withGradient(Gradient.into(out).withUpstream(-3)));
    Errors lossErrors = table.errors("loss", problem.kind());
    Errors errors = table.errors("gradient", problem.kind());
    // Each class below 2^−126 may have lost as much, times its −log p, from the sum.
    double lost = 2 + 128.0 * problem.classes();
    for (int row = 0; row < problem.rows(); row++) {
      ExactEntropy exact = new ExactEntropy(problem.exact(row));
      if (lossErrors.add(losses[row], exact.entropy(), exact.entropy(), lost)) {
        lossErrors.describeWorst(
            new Cell(problem, row, Cell.WHOLE_ROW).describe(losses[row], exact.entropy()));
      }
      lossErrors.endRow();
      double[] gradient = exact.gradient();
      double[] scale = exact.gradientScale();
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
    double[] x = {0.3, 3, -0.4, 0.1};
    double[] gradient = new ExactEntropy(ExactRow.of(x)).gradient();
    for (int c = 0; c < x.length; c++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[c] += h;
      down[c] -= h;
      double above = new ExactEntropy(ExactRow.of(up)).entropy();
      double below = new ExactEntropy(ExactRow.of(down)).entropy();
      assertEquals((above - below) / (2 * h), gradient[c], 1e-9, "class " + c);
    }
  }

  @Test
  void equalLogitsHaveTheLargestEntropyAndNoGradient() {
    for (int classes : new int[] {1, 2, 3, 64, 1000, 20_000}) {
      LossResults results = LossResults.of(builder().build(), Batch.of(Matrix.zeros(2, classes)));
      assertEquals(Math.log(classes), results.losses()[1], 2e-7 * Math.log(classes));
      for (float entry : results.gradient().data()) {
        assertEquals(0, entry, 1e-6 / classes, "entry of " + classes);
      }
    }
  }

  @Test
  void confidentRowKeepsItsDigits() {
    for (int gap = 5; gap <= 80; gap += 5) {
      Matrix logits = Matrix.of(new float[] {gap, 0}, 2);
      LossResults results = LossResults.of(builder().build(), Batch.of(logits));
      double odds = Math.exp(-gap);
      double entropy = Math.log1p(odds) + odds * gap / (1 + odds);
      assertEquals(1, results.losses()[0] / entropy, 4e-7, "entropy at " + gap);
      double entry = odds / (1 + odds) * (gap + Math.log1p(odds) - entropy) / 8;
      assertEquals(1, results.gradient().get(0, 1) / entry, 1e-6, "the other at " + gap);
      assertEquals(-1, results.gradient().get(0, 0) / entry, 1e-6, "the largest at " + gap);
    }
  }

  @Test
  void labelsSayWhichRowsCountAndOtherwiseChangeNothing() {
    for (int classes : new int[] {3, 40, 2100, 17_000}) {
      Problem problem = Problem.of(LogitKind.NORMAL_3, 4, classes);
      Labels labels = Labels.of(1, -100, 0, classes - 1);
      LossResults with = LossResults.of(builder().build(), Batch.of(problem.logits(), labels));
      LossResults without = LossResults.of(builder().build(), Batch.of(problem.logits()));
      for (int row = 0; row < 4; row++) {
        if (row == 1) {
          assertTrue(Bits.same(0, with.losses()[row]));
          Bits.assertRowIs(0, with.gradient(), row, "gradient of an ignored row");
        } else {
          assertTrue(Bits.same(without.losses()[row], with.losses()[row]), "row " + row);
          Bits.assertSameRow(without.gradient(), row, with.gradient(), row, "gradient");
        }
      }
      assertEquals(1, with.totals().ignoredRows());
      double likelihood = 0;
      for (int row : new int[] {0, 2, 3}) {
        likelihood += problem.exact(row).surprisal(labels.get(row)).value();
      }
      assertEquals(likelihood, with.totals().negativeLogLikelihood(), 2e-6 * likelihood);
      assertTrue(Double.isNaN(without.totals().negativeLogLikelihood()));
    }
  }

  @Test
  void meanIsOverTheRowsThatCountByTheirWeights() {
    Matrix logits = Matrix.of(new float[] {0, 0, 1, 9, 5, 5}, 2);
    float[] weights = {1, 2, 5};
    SoftmaxEntropy loss = SoftmaxEntropy.builder().execution(execution()).build();
    Batch batch = Batch.of(logits).withSampleWeights(weights);
    boolean[] mask = {false, true, false};
    LossResults results = LossResults.of(loss, batch.withIgnoredRows(mask));
    assertEquals(6 * Math.log(2), results.totals().sum(), 1e-6);
    assertEquals(6 * Math.log(2) / 3, results.totals().mean(), 1e-6);
    assertEquals(6, results.totals().weight());
    Labels labels = Labels.of(0, -100, 1);
    Batch labelled = Batch.of(logits, labels).withSampleWeights(weights);
    assertEquals(Math.log(2), LossResults.of(loss, labelled).totals().mean(), 1e-7);
  }

  @Test
  void rowThatIsNotFiniteIsNanAndMaskedClassesAreZero() {
    float nan = Float.NaN;
    float mask = Float.NEGATIVE_INFINITY;
    float[] data = {0, mask, 0, nan, 1, 2, mask, mask, mask, -mask, 0, 0, mask, 7, mask};
    LossResults results = LossResults.of(builder().build(), Batch.of(Matrix.of(data, 3)));
    assertEquals((float) Math.log(2), results.losses()[0]);
    Bits.assertRowIs(0, results.gradient(), 0, "gradient of equal classes beside a masked one");
    for (int row = 1; row < 4; row++) {
      assertTrue(Bits.same(nan, results.losses()[row]), "loss " + row);
      Bits.assertRowIs(nan, results.gradient(), row, "gradient");
    }
    assertEquals(0f, results.losses()[4]);
    Bits.assertRowIs(0, results.gradient(), 4, "gradient of one class");
  }

  @Test
  void lossesAreTheEntropiesOfRows() {
    for (Problem problem : PROBLEMS) {
      float[] entropies = new float[problem.rows()];
      float[] losses = new float[problem.rows()];
      Outputs outputs = Outputs.none().withLosses(losses).withEntropies(entropies);
      builder().build().compute(problem.batch(), outputs);
      for (int row = 0; row < problem.rows(); row++) {
        double error =
            Errors.ulps(losses[row], entropies[row], losses[row], 256 * problem.classes());
        assertTrue(error <= 8, "row " + row + " of " + problem + " is off by " + error);
      }
    }
  }

  @Test
  void gradientInPlaceAndAddedAreThatWrittenApart() {
    for (Problem problem : PROBLEMS) {
      LossResults.assertGradientPlaces(
          builder().build(), Batch.of(problem.copyOfLogits()), problem);
    }
  }
}
