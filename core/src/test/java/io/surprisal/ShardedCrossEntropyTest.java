package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What shards refuse; what they compute is in the contract of the kernels. */
class ShardedCrossEntropyTest {
  private static final Matrix LEFT = Matrix.zeros(2, 3);
  private static final Matrix RIGHT = Matrix.zeros(2, 5);
  private static final Labels LABELS = Labels.of(1, 7);
  private static final ShardedCrossEntropy LOSS =
      ShardedCrossEntropy.of(CrossEntropy.standard(), 8);

  private static ShardSummary left() {
    return LOSS.summarize(Batch.of(LEFT, LABELS), 0);
  }

  private static ShardSummary right() {
    return LOSS.summarize(Batch.of(RIGHT, LABELS), 3);
  }

  private static void compute(ShardSummary merged, Outputs outputs) {
    LOSS.compute(Batch.of(RIGHT, LABELS), 3, merged, outputs);
  }

  @Test
  void mergedSummaryIsOfAllClasses() {
    ShardSummary merged = left().merge(right());
    assertEquals("ShardSummary[2 rows, classes 0 to 8]", merged.toString());
    assertEquals(0, merged.firstClass());
    assertEquals(8, merged.endClass());
    Totals totals = CrossEntropy.standard().newTotals();
    compute(merged, Outputs.none().withTotals(totals));
    assertEquals(Math.log(8), totals.mean(), 1e-15);
    assertEquals(8, totals.perplexity(), 1e-14);
    assertEquals(2, totals.rows());
  }

  @Test
  void smoothingOverFiniteClassesIsRefused() {
    CrossEntropy finite = CrossEntropy.builder().labelSmoothingOverFinite(0.1).build();
    Refusal.ofArgument(() -> ShardedCrossEntropy.of(finite, 8), "labelSmoothingOverFinite = 0.1");
  }

  /** A pool's threads read a copy of labels that only the caller may look at. */
  @Test
  void labelsOfTheCallerAloneGoWithAPool() {
    int rows = 4000;
    CrossEntropy loss = CrossEntropy.builder().execution(Execution.parallel()).build();
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 100);
    Matrix logits = Matrix.zeros(rows, 100);
    try (Arena arena = Arena.ofConfined()) {
      Labels labels = Labels.of(arena.allocate(4L * rows), LabelType.INT32, rows);
      Batch batch = Batch.of(logits, labels);
      ShardSummary summary = sharded.summarize(batch, 0);
      sharded.compute(batch, 0, summary, Outputs.none().withGradient(logits));
    }
    assertEquals((1 / 100f - 1) / rows, logits.get(rows - 1, 0), 1e-10);
  }

  @Test
  void callThatFailsLeavesTotalsAsTheyWere() {
    ForkJoinPool closed = new ForkJoinPool(2);
    closed.shutdown();
    CrossEntropy loss = CrossEntropy.builder().execution(Execution.on(closed)).build();
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 100);
    Matrix logits = Matrix.zeros(4000, 100);
    Batch batch = Batch.of(logits, Labels.of(new int[4000]));
    ShardSummary summary = ShardedCrossEntropy.of(CrossEntropy.standard(), 100).summarize(batch, 0);
    Totals totals = loss.newTotals();
    Outputs outputs = Outputs.none().withTotals(totals).withGradient(Matrix.zeros(4000, 100));
    assertThrows(
        RejectedExecutionException.class, () -> sharded.compute(batch, 0, summary, outputs));
    assertEquals(0, totals.rows());
    assertEquals(0, totals.sum());
  }

  @Test
  void shardOutsideAllClassesIsRefused() {
    Refusal.ofIndex(() -> LOSS.summarize(Batch.of(RIGHT, LABELS), 4), "5 classes from 4", "[0, 8)");
    Refusal.ofIndex(() -> LOSS.summarize(Batch.of(LEFT, LABELS), -1), "3 classes from -1");
    Refusal.ofArgument(
        () -> ShardedCrossEntropy.of(CrossEntropy.standard(), 0), "classes = 0 is less than 1");
  }

  @Test
  void labelOutsideAllClassesIsRefused() {
    Refusal.ofIndex(
        () -> LOSS.summarize(Batch.of(LEFT, Labels.of(0, 8)), 0), "labels[1] = 8", "[0, 8)");
  }

  @Test
  void weightsOfTheShardAloneAreRefused() {
    CrossEntropy loss = CrossEntropy.builder().classWeights(1, 2, 3).build();
    Refusal.ofArgument(
        () -> ShardedCrossEntropy.of(loss, 8).summarize(Batch.of(LEFT, LABELS), 0),
        "classWeights.length = 3",
        "classes, 8");
  }

  @Test
  void targetsAreRefused() {
    Refusal.ofArgument(() -> LOSS.summarize(Batch.of(LEFT, LEFT), 0), "need labels");
  }

  @Test
  void shardsThatLeaveOutAClassDoNotMerge() {
    ShardSummary gap = LOSS.summarize(Batch.of(Matrix.zeros(2, 4), LABELS), 4);
    Refusal.ofArgument(() -> left().merge(gap), "classes 4 to 8] does not follow", "0 to 3");
    Refusal.ofArgument(() -> ShardSummary.ofAll(List.of(left(), left())), "does not follow");
    Refusal.ofArgument(() -> ShardSummary.ofAll(List.of()), "shards is empty");
    Refusal.ofNull("next", () -> left().merge(null));
  }

  @Test
  void shardsOfOtherRowsOrAnotherLossDoNotMerge() {
    ShardSummary oneRow = LOSS.summarize(Batch.of(Matrix.zeros(1, 5), Labels.of(0)), 3);
    Refusal.ofArgument(() -> left().merge(oneRow), "is not of the rows and the loss of");
    ShardSummary smoothed =
        ShardedCrossEntropy.of(CrossEntropy.builder().labelSmoothing(0.1).build(), 8)
            .summarize(Batch.of(RIGHT, LABELS), 3);
    Refusal.ofArgument(() -> left().merge(smoothed), "is not of the rows and the loss of");
  }

  @Test
  void shardsOfOtherLabelsDoNotMerge() {
    ShardSummary ignoring = LOSS.summarize(Batch.of(RIGHT, Labels.of(1, -100)), 3);
    Refusal.ofArgument(() -> left().merge(ignoring), "row 1 is ignored in one of");
    ShardSummary labelledTwice = LOSS.summarize(Batch.of(RIGHT, Labels.of(4, 7)), 3);
    Refusal.ofArgument(() -> left().merge(labelledTwice), "row 0 has its label both in");
  }

  @Test
  void summaryOfSomeClassesIsNotComputedFrom() {
    Outputs losses = Outputs.none().withLosses(new float[2]);
    Refusal.ofArgument(() -> compute(right(), losses), "is not of all classes, 0 to 8");
  }

  @Test
  void summaryOfAnotherBatchIsNotComputedFrom() {
    Outputs losses = Outputs.none().withLosses(new float[3]);
    ShardSummary merged = left().merge(right());
    Refusal.ofArgument(
        () -> LOSS.compute(Batch.of(Matrix.zeros(3, 5), Labels.of(0, 1, 2)), 3, merged, losses),
        "is not of this batch and loss");
    Refusal.ofArgument(
        () -> LOSS.compute(Batch.of(RIGHT, Labels.of(1, -100)), 3, merged, losses),
        "another label of row 1");
    ShardSummary without =
        LOSS.summarize(Batch.of(LEFT, Labels.of(4, 7)), 0)
            .merge(LOSS.summarize(Batch.of(RIGHT, Labels.of(1, 7)), 3));
    Refusal.ofArgument(() -> compute(without, losses), "another label of row 0");
  }

  @Test
  void outputsOfWholeRowsAreRefused() {
    ShardSummary merged = left().merge(right());
    Outputs predictions = Outputs.none().withPredictions(new int[2]);
    Refusal.ofArgument(() -> compute(merged, predictions), "needs the logits of all shards");
  }

  @Test
  void totalsOfAnotherDivisorAreRefused() {
    Totals byRows = CrossEntropy.builder().divisor(Divisor.ROWS).build().newTotals();
    ShardSummary merged = left().merge(right());
    Refusal.ofArgument(() -> compute(merged, Outputs.none().withTotals(byRows)), "Divisor.ROWS");
  }

  @Test
  void emptyMeanThrowsBeforeAnythingIsWritten() {
    CrossEntropy loss = CrossEntropy.builder().emptyMean(EmptyMean.THROW).build();
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 3);
    Batch batch = Batch.of(LEFT, Labels.of(-100, -100));
    float[] losses = {5, 5};
    Matrix gradient = Matrix.of(new float[] {1, 1, 1, 1, 1, 1}, 3);
    Outputs outputs = Outputs.none().withLosses(losses).withGradient(gradient);
    Refusal.of(
        IllegalStateException.class,
        () -> sharded.compute(batch, 0, sharded.summarize(batch, 0), outputs),
        "the mean is empty");
    assertEquals(5, losses[0]);
    assertEquals(1, gradient.get(0, 0));
  }
}
