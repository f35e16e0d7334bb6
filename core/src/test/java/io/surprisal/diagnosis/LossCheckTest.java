package io.surprisal.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.contract.LogitKind;
import io.surprisal.contract.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The check passes what is right, and names what is wrong. */
class LossCheckTest {
  private static final Problem PROBLEM = Problem.of(LogitKind.NORMAL_3, 9, 12);

  private final CrossEntropy loss =
      CrossEntropy.builder().labelSmoothing(0.1).divisor(Divisor.ONE).build();
  private final float[] losses = new float[9];
  private final Matrix gradient = Matrix.zeros(9, 12);
  private final double[] upstream = {1, 1, 1, 2, 1, 1, 1, 1, 1};

  LossCheckTest() {
    float[] factors = new float[9];
    for (int row = 0; row < 9; row++) {
      factors[row] = (float) upstream[row];
    }
    loss.compute(
        PROBLEM.batch(),
        Outputs.none()
            .withLosses(losses)
            .withGradient(Gradient.into(gradient).withUpstream(factors)));
  }

  private LossReport compare(ReferenceLoss reference) {
    return LossCheck.compare(
        reference, PROBLEM.logits(), new LossCheck.Results(losses, gradient, upstream));
  }

  private LossReport compare() {
    return compare(ReferenceLoss.of(loss, PROBLEM.batch()));
  }

  private void addUlps(int row, int column, int ulps) {
    int i = gradient.rowStart(row) + column;
    gradient.data()[i] += ulps * Math.ulp(gradient.data()[i]);
  }

  @Test
  void rightResultsAreWithinTheirBound() {
    assertTrue(compare().isWithin(4), () -> compare().toString());
    assertTrue(compare().losses().ulps() > 0, "floats are rounded");
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfLogitsIsWithinTheBound(LogitKind kind) {
    for (int classes : new int[] {1, 2, 33, 2049}) {
      Batch batch = Problem.of(kind, 6, classes).batch();
      for (LossReport report :
          new LossReport[] {
            LossCheck.run(CrossEntropy.standard(), batch),
            LossCheck.run(CrossEntropy.builder().labelSmoothing(1).zLoss(0.01).build(), batch),
            LossCheck.run(
                NegativeLogLikelihood.standard(), batch, new float[] {1, 2, -3, 4, 0, 1e30f})
          }) {
        assertTrue(report.isWithin(4), () -> kind + " of " + classes + ":\n" + report);
      }
    }
  }

  @Test
  void lossThatIsOffIsNamedByItsRow() {
    losses[4] += 6 * Math.ulp(losses[4]);
    LossReport report = compare();
    assertEquals(4, report.losses().row());
    assertEquals(6, report.losses().ulps(), 1);
    assertEquals(losses[4], report.losses().actual());
    assertFalse(report.isWithin(4));
    assertTrue(report.toString().startsWith("losses: " + report.losses().ulps() + " ulp at row 4"));
  }

  @Test
  void entryThatIsOffIsNamedByRowAndClass() {
    int label = PROBLEM.label(3);
    addUlps(3, label, 40);
    LossReport report = compare();
    assertEquals(3, report.gradient().row());
    assertEquals(label, report.gradient().column());
    assertFalse(report.isWithin(4));
    assertEquals(label, report.slopes().column(), "the label has the steepest slope");
    assertEquals(3, report.slopes().row());
    assertTrue(report.toString().contains("row 3 class " + label), report::toString);
  }

  @Test
  void slopeOfTheLossFindsAFormulaOfTheGradientThatIsWrong() {
    ReferenceLoss right = ReferenceLoss.of(loss, PROBLEM.batch());
    ReferenceLoss wrong =
        (row, logits) -> {
          ReferenceRow result = right.row(row, logits);
          double[] entries = result.gradient().clone();
          entries[PROBLEM.label(row)] *= 1 + 1e-5;
          return new ReferenceRow(
              result.loss(), result.lossScale(), entries, result.gradientScale(), 1);
        };
    for (int row = 0; row < 9; row++) {
      ReferenceRow agreed = wrong.row(row, PROBLEM.logits());
      for (int column = 0; column < 12; column++) {
        gradient.data()[gradient.rowStart(row) + column] =
            (float) (upstream[row] * agreed.gradient()[column]);
      }
    }
    LossReport report = compare(wrong);
    assertTrue(report.gradient().ulps() <= 1, "it agrees with the wrong formula");
    assertTrue(report.slopes().ulps() > 40, report::toString);
  }

  @Test
  void numberThatShouldBeNoneIsInfinitelyFar() {
    gradient.data()[gradient.rowStart(5) + 2] = Float.NaN;
    losses[1] = Float.POSITIVE_INFINITY;
    LossReport report = compare();
    assertEquals(Double.POSITIVE_INFINITY, report.losses().ulps());
    assertEquals(5, report.gradient().row());
    assertEquals(2, report.gradient().column());
  }

  @Test
  void lossOfOnesOwnIsCheckedToo() {
    ReferenceLoss squares = (row, x) -> ReferenceRow.of(x[0] * x[0] / 2 + x[1], x[0], 1);
    Matrix logits = Matrix.of(new float[] {3, 1, 0.5f, 2}, 2);
    float[] values = {5.5f, 2.125f};
    Matrix slopes = Matrix.of(new float[] {3, 1, 0.5f, 1}, 2);
    LossReport report =
        LossCheck.compare(
            squares, logits, new LossCheck.Results(values, slopes, new double[] {1, 1}));
    assertTrue(report.isWithin(0), report::toString);
    assertEquals("losses: exact\ngradient: exact\nslopes: exact", report.toString());
    slopes.data()[2] = 0.25f;
    report =
        LossCheck.compare(
            squares, logits, new LossCheck.Results(values, slopes, new double[] {1, 1}));
    assertEquals(1, report.slopes().row());
  }

  @Test
  void gradientRowsOfUpstreamNumbersThatAreNotFiniteAreLeftOut() {
    upstream[3] = Double.NaN;
    addUlps(3, 0, 1000);
    assertTrue(compare().isWithin(4));
  }

  @Test
  void emptyMeanHasAGradientOfZero() {
    Batch ignored = Batch.of(Matrix.zeros(2, 3), Labels.of(-100, -100));
    assertTrue(LossCheck.run(CrossEntropy.standard(), ignored).isWithin(0));
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    ReferenceLoss reference = ReferenceLoss.of(loss, PROBLEM.batch());
    LossCheck.Results narrow = new LossCheck.Results(losses, Matrix.zeros(9, 11), new double[9]);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> LossCheck.compare(reference, PROBLEM.logits(), narrow))
            .getMessage();
    assertTrue(message.contains("[9 × 11]") && message.contains("[9 × 12]"), message);
    LossCheck.Results few = new LossCheck.Results(losses, gradient, new double[8]);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> LossCheck.compare(reference, PROBLEM.logits(), few))
            .getMessage();
    assertTrue(message.contains("upstream.length = 8"), message);
  }
}
