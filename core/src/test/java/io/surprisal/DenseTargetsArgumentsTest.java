package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad arguments of losses with dense targets: named, and refused before any write. */
class DenseTargetsArgumentsTest {
  private final Matrix logits = Matrix.of(new float[] {-1, -2, -3, -3, -1, -2}, 3);
  private final Matrix targets = Matrix.of(new float[] {0.5f, 0.25f, 0.25f, 1, 0, 0}, 3);

  private static void refused(CrossEntropy loss, Batch batch, String... parts) {
    GuardedOutputs outputs = new GuardedOutputs(loss, 2, 3);
    Refusal.ofArgument(() -> loss.compute(batch, outputs.all()), parts);
    outputs.assertUntouched();
  }

  @Test
  void batchHasEitherLabelsOrTargets() {
    Batch dense = Batch.of(logits, targets).withIgnoredRows(new boolean[2]);
    assertSame(targets, dense.withSampleWeights(new float[2]).targets());
    assertNull(dense.labels());
    assertNull(Batch.of(logits, Labels.of(0, 1)).targets());
  }

  @Test
  void targetsOfAnotherShapeAreRefused() {
    Refusal.ofArgument(
        () -> Batch.of(logits, Matrix.zeros(2, 4)), "targets is [2 × 4]", "logits are [2 × 3]");
  }

  @Test
  void gradientOverTheTargetsIsRefused() {
    float[] before = targets.data().clone();
    CrossEntropy loss = CrossEntropy.standard();
    Batch batch = Batch.of(logits, targets);
    Outputs over = Outputs.none().withGradient(targets);
    Refusal.ofArgument(() -> loss.compute(batch, over), "gradient [0, 6) overlaps targets [0, 6)");
    Outputs losses = Outputs.none().withLosses(targets.data());
    Refusal.ofArgument(() -> loss.compute(batch, losses), "losses [0, 2) overlaps targets [0, 6)");
    for (int i = 0; i < before.length; i++) {
      assertEquals(before[i], targets.data()[i]);
    }
  }

  @Test
  void lossesOfLabelsRefuseOtherTargets() {
    for (LabelledLoss loss :
        List.of(NegativeLogLikelihood.standard(), PolyCrossEntropy.standard())) {
      GuardedOutputs outputs = new GuardedOutputs(loss, 2, 3);
      Refusal.ofArgument(
          () -> loss.compute(Batch.of(logits, targets), outputs.all()),
          "dense targets",
          loss.getClass().getSimpleName() + " takes labels");
      outputs.assertUntouched();
    }
  }

  @Test
  void targetThatIsNegativeIsNamedWhereTargetsAreChecked() {
    CrossEntropy loss = CrossEntropy.builder().checkedTargets(0.5).build();
    for (float target : new float[] {-0.25f, Float.NaN}) {
      targets.data()[4] = target;
      refused(loss, Batch.of(logits, targets), "targets[1][1] = " + target + " is not 0 or more");
    }
  }

  @Test
  void rowThatDoesNotSumToOneIsNamedWhereTargetsAreChecked() {
    CrossEntropy loss = CrossEntropy.builder().checkedTargets(0x1p-4).build();
    targets.data()[3] = 0.875f;
    Batch batch = Batch.of(logits, targets);
    refused(loss, batch, "targets[1] sums to 0.875, not to 1 within 0.0625");
    loss.compute(batch.withIgnoredRows(new boolean[] {false, true}), Outputs.none());
    targets.data()[3] = 0.9375f;
    loss.compute(batch, Outputs.none());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0x1p-1074, -1, 1 / 0.0, 0 / 0.0})
  void toleranceOutsideItsRangeIsRefused(double tolerance) {
    Refusal.ofArgument(
        () -> CrossEntropy.builder().checkedTargets(tolerance),
        "tolerance = " + tolerance + " is outside [0, ∞)");
  }

  @Test
  void theShortFormsComputeWhatTheLongOneDoes() {
    Matrix gradient = Matrix.zeros(2, 3);
    Totals totals = CrossEntropy.standard().forwardAndGradient(logits, targets, gradient);
    assertEquals(totals.mean(), CrossEntropy.standard().forward(logits, targets).mean());
    Matrix again = Matrix.zeros(2, 3);
    CrossEntropy.standard().compute(Batch.of(logits, targets), Outputs.none().withGradient(again));
    for (int i = 0; i < 6; i++) {
      assertEquals(again.data()[i], gradient.data()[i]);
    }
  }
}
