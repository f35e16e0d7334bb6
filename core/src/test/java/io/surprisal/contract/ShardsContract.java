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
import io.surprisal.ShardSummary;
import io.surprisal.ShardedCrossEntropy;
import io.surprisal.Totals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cross-entropy of classes that are cut into shards, which exchange nothing but summaries. */
public abstract class ShardsContract extends KernelContract {
  private static final int CELL = 16_384;
  private static final int IGNORE = -100;

  /** In ulp of the largest sum that is subtracted, or the largest term. */
  private static final double BOUND = 4;

  /** What the shards computed: losses and totals of the first one, gradients side by side. */
  private record Results(float[] losses, Matrix gradient, Totals totals) {}

  /** The classes from a first one on, copied: a shard has no more. */
  private static Matrix columns(Matrix logits, int first, int last) {
    Matrix shard = Matrix.zeros(logits.rows(), last - first);
    for (int row = 0; row < logits.rows(); row++) {
      System.arraycopy(
          logits.data(),
          logits.rowStart(row) + first,
          shard.data(),
          shard.rowStart(row),
          shard.classes());
    }
    return shard;
  }

  /** Every shard by itself, the summaries by way of bytes and in any order. */
  private static Results sharded(CrossEntropy loss, Matrix logits, Labels labels, int... cuts) {
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, logits.classes());
    int shards = cuts.length - 1;
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      Batch shard = Batch.of(columns(logits, cuts[i], cuts[i + 1]), labels);
      messages.add(sharded.summarize(shard, cuts[i]).toBytes());
    }
    Collections.shuffle(messages, new Random(shards));
    byte[] merged = ShardSummary.ofAll(messages.stream().map(ShardSummary::of).toList()).toBytes();
    Results results =
        new Results(
            new float[logits.rows()],
            Matrix.zeros(logits.rows(), logits.classes()),
            loss.newTotals());
    for (int i = 0; i < shards; i++) {
      Matrix own = columns(logits, cuts[i], cuts[i + 1]);
      Outputs outputs = Outputs.none().withGradient(own);
      if (i == 0) {
        outputs = outputs.withLosses(results.losses).withTotals(results.totals);
      }
      sharded.compute(Batch.of(own, labels), cuts[i], ShardSummary.of(merged), outputs);
      for (int row = 0; row < own.rows(); row++) {
        System.arraycopy(
            own.data(),
            own.rowStart(row),
            results.gradient.data(),
            results.gradient.rowStart(row) + cuts[i],
            own.classes());
      }
    }
    return results;
  }

  private static Results whole(CrossEntropy loss, Matrix logits, Labels labels) {
    float[] losses = new float[logits.rows()];
    Matrix gradient = Matrix.zeros(logits.rows(), logits.classes());
    Totals totals = loss.newTotals();
    loss.compute(
        Batch.of(logits, labels),
        Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    return new Results(losses, gradient, totals);
  }

  private static void assertSameBits(Results expected, Results actual) {
    Bits.assertSame(expected.losses, actual.losses, "losses");
    Bits.assertSame(expected.gradient, actual.gradient, "gradient");
    assertTrue(Arrays.equals(expected.totals.toBytes(), actual.totals.toBytes()), "totals");
  }

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      weights[i] = i % 7 == 3 ? 0 : (i * 31 % 17) / 8f;
    }
    return weights;
  }

  private List<CrossEntropy> losses(int classes) {
    return List.of(
        crossEntropy().build(),
        crossEntropy().labelSmoothing(0.1).build(),
        crossEntropy().classWeights(weights(classes)).labelSmoothing(0.2).zLoss(1e-3).build(),
        crossEntropy().classWeights(weights(classes)).build(),
        crossEntropy().logitScale(0.7).softCap(30).zLoss(0.01).build());
  }

  @Test
  void shardsOfOneCellGiveTheBitsOfAllClassesAtOnce() {
    int classes = 2 * CELL + 5000;
    for (LogitKind kind : List.of(LogitKind.NORMAL_3, LogitKind.WILD_BLOCKS, LogitKind.LIMITS)) {
      Problem problem = Problem.of(kind, 6, classes);
      int[] labels = {0, CELL - 1, CELL, IGNORE, classes - 1, 2 * CELL + 1};
      for (CrossEntropy loss : losses(classes)) {
        assertSameBits(
            whole(loss, problem.logits(), Labels.of(labels)),
            sharded(loss, problem.logits(), Labels.of(labels), 0, CELL, 2 * CELL, classes));
      }
    }
  }

  @Test
  void everyCutKeepsTheBounds() {
    int[][] cuts = {
      {0, 1, 2}, {0, 3, 30, 33}, {0, 64, 130}, {0, 1, 2049, 4097}, {0, 17_000, 17_500}
    };
    for (int[] cut : cuts) {
      int classes = cut[cut.length - 1];
      for (LogitKind kind :
          List.of(LogitKind.NORMAL_3, LogitKind.GAP, LogitKind.OFFSET_1E4, LogitKind.WILD_BLOCKS)) {
        Problem problem = Problem.of(kind, 6, classes);
        checkBounds(problem, new ExactCrossEntropy(0, 0, null), crossEntropy(), cut);
        checkBounds(
            problem,
            new ExactCrossEntropy(0.1, 1e-3, weights(classes)),
            crossEntropy().labelSmoothing(0.1).zLoss(1e-3).classWeights(weights(classes)),
            cut);
      }
    }
  }

  private static void checkBounds(
      Problem problem, ExactCrossEntropy exact, CrossEntropy.Builder builder, int... cuts) {
    CrossEntropy loss = builder.divisor(Divisor.ONE).build();
    Results results = sharded(loss, problem.logits(), problem.labels(), cuts);
    for (int row = 0; row < problem.rows(); row++) {
      int label = problem.label(row);
      ExactRow exactRow = problem.exact(row);
      Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
      double expected = exact.loss(exactRow, label).value();
      check(cell, results.losses[row], expected, exact.lossScale(exactRow, label));
      double[] gradient = exact.gradient(exactRow, label);
      double[] scale = exact.gradientScale(exactRow, label);
      for (int c = 0; c < gradient.length; c++) {
        check(new Cell(problem, row, c), results.gradient.get(row, c), gradient[c], scale[c]);
      }
    }
  }

  private static void check(Cell cell, float actual, double expected, double scale) {
    double error = Errors.ulps(actual, expected, scale, 2);
    assertTrue(error <= BOUND, () -> "off by " + error + ": " + cell.describe(actual, expected));
  }

  @Test
  void theLabelMayLieInAnyShard() {
    int classes = 40;
    Matrix logits = Problem.of(LogitKind.NORMAL_3, classes, classes).logits();
    Labels labels = Labels.of(IntStream.range(0, classes).toArray());
    CrossEntropy loss = crossEntropy().classWeights(weights(classes)).build();
    Results whole = whole(loss, logits, labels);
    Results parts = sharded(loss, logits, labels, 0, 1, 13, 39, 40);
    for (int row = 0; row < classes; row++) {
      float expected = whole.losses[row];
      assertEquals(expected, parts.losses[row], 2 * Math.ulp(expected));
      assertEquals(
          whole.gradient.get(row, row),
          parts.gradient.get(row, row),
          4 * Math.ulp(whole.gradient.get(row, row)));
    }
    assertEquals(whole.totals.divisor(), parts.totals.divisor());
    assertEquals(whole.totals.sum(), parts.totals.sum(), 1e-12 * whole.totals.sum());
  }

  /** Labels of other shards, in the same tile, change no bit of a row. */
  @Test
  void everyRowIsAsItIsAlone() {
    for (int width : new int[] {1, 2, 3, 5, 33}) {
      int classes = 3 * width;
      int rows = 12;
      Matrix logits = Problem.of(LogitKind.NORMAL_3, rows, classes).logits();
      int[] labels = IntStream.range(0, rows).map(row -> row * 5 % classes).toArray();
      labels[4] = IGNORE;
      CrossEntropy.Builder smooth = crossEntropy().labelSmoothing(0.1);
      for (CrossEntropy.Builder builder : List.of(crossEntropy(), smooth)) {
        CrossEntropy loss = builder.divisor(Divisor.ONE).build();
        Results all = sharded(loss, logits, Labels.of(labels), 0, width, 2 * width, classes);
        for (int row = 0; row < rows; row++) {
          Matrix own = logits.slice(row, row + 1);
          Results alone =
              sharded(loss, own, Labels.of(labels, row, 1), 0, width, 2 * width, classes);
          String what = "row " + row + " of shards of " + width;
          assertEquals(alone.losses[0], all.losses[row], what);
          Bits.assertSame(alone.gradient, all.gradient.slice(row, row + 1), what);
        }
      }
    }
  }

  @Test
  void specialRowsAreAsThoseOfAllClassesAtOnce() {
    float infinity = Float.POSITIVE_INFINITY;
    float[][] rows = {
      {-infinity, -infinity, 1, 2, 3, 4},
      {-infinity, -infinity, -infinity, -infinity, 0, -infinity},
      {-infinity, -infinity, -infinity, -infinity, -infinity, -infinity},
      {0, 0, infinity, 0, 0, 0},
      {0, 0, 0, 0, 0, Float.NaN},
      {Float.NaN, infinity, 0, 0, 0, 0},
      {3.4e38f, -3.4e38f, 0, 3.4e38f, 1, -1e30f},
      {-700, -700, 700, 0, 0, 0}
    };
    Matrix logits = Matrix.zeros(rows.length, 6);
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, logits.data(), 6 * row, 6);
    }
    for (CrossEntropy loss : losses(6)) {
      for (int label = 0; label < 6; label++) {
        int[] labels = new int[rows.length];
        Arrays.fill(labels, label);
        labels[5] = IGNORE;
        Results whole = whole(loss, logits, Labels.of(labels));
        Results parts = sharded(loss, logits, Labels.of(labels), 0, 2, 4, 6);
        assertNear(whole.losses, parts.losses);
        assertNear(whole.gradient.data(), parts.gradient.data());
      }
    }
  }

  /** Special values alike, all others within a few ulp. */
  private static void assertNear(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      float unit = Math.ulp(Math.max(Math.abs(expected[i]), 0x1p-6f));
      assertEquals(expected[i], actual[i], Float.isFinite(unit) ? 8 * unit : 0, "at " + i);
    }
  }

  /** Three shards of rows with weights, some of them ignored, and the batch of all classes. */
  private record Weighted(Batch left, Batch middle, Batch right, Batch all) {
    static Weighted of(Problem problem) {
      Matrix logits = problem.logits();
      return new Weighted(
          batch(columns(logits, 0, 100), problem),
          batch(columns(logits, 100, 250), problem),
          batch(columns(logits, 250, 300), problem),
          batch(logits, problem));
    }

    private static Batch batch(Matrix logits, Problem problem) {
      return Batch.of(logits, problem.labels())
          .withSampleWeights(new float[] {1, 2, 0, 1, 3, 1, 1, 0.5f, 1})
          .withIgnoredRows(
              new boolean[] {false, true, false, false, false, false, false, false, true});
    }

    ShardSummary merged(ShardedCrossEntropy loss) {
      return ShardSummary.ofAll(
          List.of(
              loss.summarize(right, 250), loss.summarize(left, 0), loss.summarize(middle, 100)));
    }
  }

  @Test
  void everyWayToWriteAGradientGivesItsShare() {
    Weighted rows = Weighted.of(Problem.of(LogitKind.NORMAL_3, 9, 300));
    CrossEntropy loss = crossEntropy().divisor(Divisor.COUNT).build();
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 300);
    ShardSummary merged = rows.merged(sharded);
    float[] upstream = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Matrix once = Matrix.zeros(9, 150);
    Gradient into = Gradient.into(once).withUpstream(upstream).withUpstream(-0.5);
    sharded.compute(rows.middle, 100, merged, Outputs.none().withGradient(into));
    Matrix twice = Matrix.zeros(9, 150);
    Gradient added = Gradient.addedTo(twice).withUpstream(upstream).withUpstream(-0.5);
    sharded.compute(rows.middle, 100, merged, Outputs.none().withGradient(added));
    sharded.compute(rows.middle, 100, merged, Outputs.none().withGradient(added));
    Matrix whole = Matrix.zeros(9, 300);
    Gradient all = Gradient.into(whole).withUpstream(upstream).withUpstream(-0.5);
    loss.compute(rows.all, Outputs.none().withGradient(all));
    for (int row = 0; row < 9; row++) {
      for (int c = 0; c < 150; c++) {
        float expected = whole.get(row, 100 + c);
        assertEquals(expected, once.get(row, c), 4 * Math.ulp(expected));
        assertEquals(2 * once.get(row, c), twice.get(row, c));
      }
    }
  }

  @Test
  void lossesAndTotalsCountWeightsAndLeaveOutIgnoredRows() {
    Weighted rows = Weighted.of(Problem.of(LogitKind.NORMAL_3, 9, 300));
    CrossEntropy loss = crossEntropy().labelSmoothing(0.1).build();
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 300);
    float[] whole = new float[9];
    float[] parts = new float[9];
    Arrays.fill(parts, 7);
    Totals expected = loss.newTotals();
    Totals found = loss.newTotals();
    loss.compute(rows.all, Outputs.none().withLosses(whole).withTotals(expected));
    sharded.compute(
        rows.middle, 100, rows.merged(sharded), Outputs.none().withLosses(parts).withTotals(found));
    for (int row = 0; row < 9; row++) {
      assertEquals(whole[row], parts[row], 2 * Math.ulp(whole[row]));
    }
    assertEquals(2, found.ignoredRows());
    assertEquals(expected.divisor(), found.divisor());
    assertEquals(expected.mean(), found.mean(), 1e-12);
    assertEquals(expected.perplexity(), found.perplexity(), 1e-10);
  }
}
