package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

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
  void weightAndMaskAreKeptTogether() {
    Batch maskedLast = batch.withSampleWeights(new float[] {3, 5}).withIgnoredRows(new boolean[2]);
    assertEquals(8, weight(maskedLast));
    boolean[] second = {false, true};
    Batch weighedLast = batch.withIgnoredRows(second).withSampleWeights(new float[] {3, 5});
    assertEquals(3, weight(weighedLast));
    assertEquals(2, weight(batch), "the batch that both were made from");
  }

  /** The weight that a batch's rows have together. */
  private static double weight(Batch batch) {
    Totals totals = CrossEntropy.standard().newTotals();
    CrossEntropy.standard().compute(batch, Outputs.none().withTotals(totals));
    return totals.weight();
  }
}
