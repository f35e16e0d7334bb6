package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BatchTest {
  private final Matrix logits = Matrix.zeros(2, 3);
  private final Labels labels = Labels.of(0, 1);
  private final Batch batch = Batch.of(logits, labels);

  @Test
  void missingPartsAreNamed() {
    Refusal.ofNull("logits", () -> Batch.of(null, labels));
    Refusal.ofNull("labels", () -> Batch.of(logits, (Labels) null));
    Refusal.ofNull("targets", () -> Batch.of(logits, (Matrix) null));
    Refusal.ofNull("sampleWeights", () -> batch.withSampleWeights(null));
    Refusal.ofNull("ignoredRows", () -> batch.withIgnoredRows(null));
  }

  @Test
  void partsOfAnotherLengthAreRefused() {
    Refusal.ofArgument(
        () -> Batch.of(logits, Labels.of(0)), "labels.length = 1 is not the number of rows, 2");
    Refusal.ofArgument(
        () -> batch.withSampleWeights(new float[3]),
        "sampleWeights.length = 3 is not the number of rows, 2");
    Refusal.ofArgument(
        () -> batch.withIgnoredRows(new boolean[0]),
        "ignoredRows.length = 0 is not the number of rows, 2");
  }

  @Test
  void holdsWhatItWasGiven() {
    Batch whole = batch.withSampleWeights(new float[2]).withIgnoredRows(new boolean[2]);
    assertSame(logits, whole.logits());
    assertSame(labels, whole.labels());
  }

  @Test
  void weightsAndIgnoredRowsAreKeptTogether() {
    Batch maskedLast = batch.withSampleWeights(new float[] {3, 5}).withIgnoredRows(new boolean[2]);
    assertEquals(8, weight(maskedLast));
    boolean[] second = {false, true};
    Batch weighedLast = batch.withIgnoredRows(second).withSampleWeights(new float[] {3, 5});
    assertEquals(3, weight(weighedLast));
    assertEquals(2, weight(batch), "the batch that both were made from");
  }

  @Test
  void rowsHaveTheirWeightAndAreLeftOut() {
    assertEquals(1, batch.sampleWeight(1));
    assertFalse(batch.isLeftOut(1));
    boolean[] ignored = {false, true};
    Batch whole = batch.withSampleWeights(new float[] {3, 5}).withIgnoredRows(ignored);
    assertEquals(5, whole.sampleWeight(1));
    assertTrue(whole.isLeftOut(1));
    assertFalse(whole.isLeftOut(0));
    ignored[1] = false;
    assertFalse(whole.isLeftOut(1), "as the array says now");
    Refusal.ofIndex(() -> batch.sampleWeight(2), "row = 2 is outside [0, 2)");
    Refusal.ofIndex(() -> batch.isLeftOut(-1), "row = -1 is outside [0, 2)");
  }

  @Test
  void isDescribedInWords() {
    assertEquals("Batch[2 × 3]", batch.toString());
    Batch whole = batch.withIgnoredRows(new boolean[2]).withSampleWeights(new float[2]);
    assertEquals("Batch[2 × 3, sample weights, ignored rows]", whole.toString());
  }

  /** The weight that a batch's rows have together. */
  private static double weight(Batch batch) {
    Totals totals = CrossEntropy.standard().newTotals();
    CrossEntropy.standard().compute(batch, Outputs.none().withTotals(totals));
    return totals.weight();
  }
}
