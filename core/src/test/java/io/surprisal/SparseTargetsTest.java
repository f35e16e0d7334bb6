package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** Views of sparse targets, and how bad ones are refused: named, before any write. */
class SparseTargetsTest {
  private final Matrix logits = Matrix.of(new float[] {-1, -2, -3, -3, -1, -2}, 3);
  private final int[] classes = {0, 2, 1, -1};
  private final float[] values = {0.5f, 0.25f, 1, 7};
  private final SparseTargets targets = SparseTargets.of(classes, values, 2);
  private final Batch batch = Batch.of(logits, targets);

  private static void refused(CrossEntropy loss, Batch batch, String... parts) {
    GuardedOutputs outputs = new GuardedOutputs(loss, 2, 3);
    Refusal.ofArgument(() -> loss.compute(batch, outputs.all()), parts);
    outputs.assertUntouched();
  }

  @Test
  void missingAndMisshapenArraysAreNamed() {
    Refusal.ofNull("classes", () -> SparseTargets.of(null, values, 2));
    Refusal.ofNull("targets", () -> SparseTargets.of(classes, null, 2));
    Refusal.ofNull("targets", () -> Batch.of(logits, (SparseTargets) null));
    Refusal.ofArgument(() -> SparseTargets.of(classes, values, 0), "perRow = 0 is less than 1");
    Refusal.ofArgument(
        () -> SparseTargets.of(classes, values, 3),
        "classes.length = 4 is not a multiple of perRow = 3");
    Refusal.ofArgument(
        () -> SparseTargets.of(classes, new float[3], 2),
        "targets.length = 3 is not the number of classes, 4");
    Refusal.ofArgument(
        () -> Batch.of(logits, targets.slice(0, 1)),
        "targets.length = 1 is not the number of rows, 2");
  }

  @Test
  void batchHasOneKindOfTargets() {
    assertSame(targets, batch.withIgnoredRows(new boolean[2]).sparseTargets());
    assertNull(batch.labels());
    assertNull(batch.targets());
    assertNull(Batch.of(logits, Labels.of(0, 1)).sparseTargets());
  }

  @Test
  void slicesKeepTheirRowsAndTheirTail() {
    SparseTargets second = targets.withTail().slice(1, 2);
    assertEquals("SparseTargets[1 × 2, with a tail]", second.toString());
    Batch row = Batch.of(logits.slice(1, 2), second);
    Totals totals = CrossEntropy.standard().newTotals();
    CrossEntropy.standard().compute(row, Outputs.none().withTotals(totals));
    double expected = CrossEntropy.standard().forward(logits.slice(1, 2), Labels.of(1)).sum();
    assertEquals(expected, totals.sum());
    assertEquals(1, targets.slice(1, 2).withTail().rows());
    Refusal.ofIndex(() -> targets.slice(1, 3), "rows [1, 3)", "[0, 2)");
  }

  @Test
  void classOutOfRangeNamesRowPlaceValueAndRange() {
    for (int bad : new int[] {3, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      classes[3] = bad;
      GuardedOutputs outputs = new GuardedOutputs(CrossEntropy.standard(), 2, 3);
      Refusal.ofIndex(
          () -> CrossEntropy.standard().compute(batch, outputs.all()),
          "classes[1][1] = " + bad + " is outside [0, 3) and not -1");
      outputs.assertUntouched();
      Batch masked = batch.withIgnoredRows(new boolean[] {false, true});
      CrossEntropy.standard().compute(masked, Outputs.none());
    }
  }

  @Test
  void classListedTwiceIsRefusedWithATailAlone() {
    classes[3] = 1;
    CrossEntropy.standard().compute(batch, Outputs.none());
    refused(
        CrossEntropy.standard(),
        Batch.of(logits, targets.withTail()),
        "classes[1][1] = 1 is listed twice");
  }

  @Test
  void outputsInTheArrayOfTheValuesAreRefused() {
    CrossEntropy loss = CrossEntropy.standard();
    Outputs losses = Outputs.none().withLosses(values);
    Refusal.ofArgument(() -> loss.compute(batch, losses), "losses", "targets");
    Matrix one = Matrix.of(values, 1, 2);
    Batch row = Batch.of(Matrix.zeros(1, 2), SparseTargets.of(new int[4], values, 4));
    Outputs gradient = Outputs.none().withGradient(one);
    Refusal.ofArgument(() -> loss.compute(row, gradient), "gradient", "targets");
  }

  @Test
  void rowThatIsNoDistributionIsNamedWhereTargetsAreChecked() {
    CrossEntropy loss = CrossEntropy.builder().checkedTargets(0x1p-4).build();
    refused(loss, batch, "targets[0] sums to 0.75, not to 1 within 0.0625");
    loss.compute(Batch.of(logits, targets.withTail()), Outputs.none());
    values[0] = 0.875f;
    refused(loss, Batch.of(logits, targets.withTail()), "targets[0] sums to 1.125");
    values[0] = -0.5f;
    refused(loss, batch, "targets[0][0] = -0.5 is not 0 or more");
    loss.compute(batch.withIgnoredRows(new boolean[] {true, false}), Outputs.none());
  }

  @Test
  void lossesOfLabelsRefuseThem() {
    PolyCrossEntropy loss = PolyCrossEntropy.standard();
    GuardedOutputs outputs = new GuardedOutputs(loss, 2, 3);
    Refusal.ofArgument(
        () -> loss.compute(batch, outputs.all()),
        "sparse targets",
        "PolyCrossEntropy takes labels");
    outputs.assertUntouched();
  }
}
