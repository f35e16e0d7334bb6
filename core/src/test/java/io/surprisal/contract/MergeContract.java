package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.RowSummary;
import io.surprisal.Totals;
import io.surprisal.contract.LogitArbitraries.Row;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** The laws of what merges: row summaries, totals, and batches that are cut. */
public abstract class MergeContract extends KernelContract {
  private static final double ASSOCIATIVITY = 0x1p-50;

  /** Batches have one number of classes: rows that jqwik draws are cut or repeated to it. */
  private static final int CLASSES = 19;

  @Provide
  Arbitrary<Row> rows() {
    return LogitArbitraries.rows();
  }

  @Provide
  Arbitrary<RowSummary> summaries() {
    Arbitrary<Double> sums =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.doubles().between(1e-6, 1e6).ofScale(6)),
            Tuple.of(1, Arbitraries.just(0.0)));
    Arbitrary<Integer> exponents = Arbitraries.of(0, 0, 1, -7, 40, 127, -369);
    Arbitrary<Double> origins = Arbitraries.of(0.0, 0.0, 1.5, 300.0, -4000.0, 3e38);
    return Combinators.combine(sums, exponents, origins)
        .as((sum, exponent, origin) -> new RowSummary(sum, exponent, origin))
        .withoutEdgeCases();
  }

  @Property(tries = 200)
  void mergingSummariesIsCommutative(
      @ForAll("summaries") RowSummary one, @ForAll("summaries") RowSummary other) {
    assertEquals(one.merge(other), other.merge(one));
  }

  @Property(tries = 100)
  void emptySummaryIsTheIdentity(@ForAll("summaries") RowSummary summary) {
    RowSummary merged = summary.merge(RowSummary.EMPTY);
    assertEquals(RowSummary.EMPTY.merge(summary), merged);
    assertEquals(summary.sum() == 0 ? RowSummary.EMPTY : summary, merged);
  }

  @Property(tries = 200)
  void mergingSummariesIsAssociative(
      @ForAll("summaries") RowSummary one,
      @ForAll("summaries") RowSummary two,
      @ForAll("summaries") RowSummary three) {
    RowSummary left = one.merge(two).merge(three);
    RowSummary right = one.merge(two.merge(three));
    if (left.origin() == right.origin()) {
      double sum = Math.scalb(right.sum(), right.exponent() - left.exponent());
      assertEquals(left.sum(), sum, ASSOCIATIVITY * left.sum());
    }
    double tolerance = ASSOCIATIVITY * Math.max(1, Math.abs(left.logSumExp()));
    if (left.sum() > 0) {
      assertEquals(left.logSumExp(), right.logSumExp(), tolerance);
    }
  }

  private static Matrix matrix(List<Row> rows) {
    Matrix logits = Matrix.zeros(rows.size(), CLASSES);
    for (int i = 0; i < logits.data().length; i++) {
      float[] row = rows.get(i / CLASSES).logits();
      logits.data()[i] = row[i % CLASSES % row.length];
    }
    return logits;
  }

  private static int[] labels(List<Row> rows) {
    int[] labels = new int[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = rows.get(i).label() % 5 == 4 ? -100 : rows.get(i).label() % CLASSES;
    }
    return labels;
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void sumIsTheSumOfTheRowLosses(@ForAll @Size(min = 1, max = 12) List<@From("rows") Row> rows) {
    Matrix logits = matrix(rows);
    CrossEntropy loss = crossEntropy().labelSmoothing(0.05).build();
    float[] losses = new float[rows.size()];
    Totals totals = loss.newTotals();
    loss.compute(
        Batch.of(logits, Labels.of(labels(rows))),
        Outputs.none().withLosses(losses).withTotals(totals));
    double sum = 0;
    for (float rowLoss : losses) {
      sum += rowLoss;
    }
    assertEquals(sum, totals.sum(), 0x1p-24 * sum + rows.size() * 0x1p-126);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void anySplitGivesTheSameRowsAndAddsUp(
      @ForAll @Size(min = 2, max = 12) List<@From("rows") Row> rows, @ForAll int seed) {
    int cut = 1 + Math.floorMod(seed, rows.size() - 1);
    Part whole = part(rows);
    Part first = part(rows.subList(0, cut));
    Part second = part(rows.subList(cut, rows.size()));
    for (int row = 0; row < rows.size(); row++) {
      Part part = row < cut ? first : second;
      int there = row < cut ? row : row - cut;
      assertTrue(Bits.same(whole.losses[row], part.losses[there]), "loss of row " + row);
      Bits.assertSameRow(whole.gradient, row, part.gradient, there, "gradient");
    }
    assertMergesTo(whole.totals, first.totals, second.totals);
  }

  private record Part(float[] losses, Matrix gradient, Totals totals) {}

  private Part part(List<Row> rows) {
    CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
    Part part =
        new Part(new float[rows.size()], Matrix.zeros(rows.size(), CLASSES), loss.newTotals());
    loss.compute(
        Batch.of(matrix(rows), Labels.of(labels(rows))),
        Outputs.none().withLosses(part.losses).withGradient(part.gradient).withTotals(part.totals));
    return part;
  }

  private void assertMergesTo(Totals whole, Totals first, Totals second) {
    Totals forwards = crossEntropy().divisor(Divisor.ONE).build().newTotals();
    Totals backwards = crossEntropy().divisor(Divisor.ONE).build().newTotals();
    forwards.merge(first);
    forwards.merge(second);
    backwards.merge(second);
    backwards.merge(first);
    assertEquals(forwards.sum(), backwards.sum(), "merging is commutative to the bit");
    assertEquals(whole.sum(), forwards.sum(), 1e-15 * whole.sum());
    assertEquals(whole.weight(), forwards.weight());
    assertEquals(whole.rows(), forwards.rows());
    assertEquals(whole.ignoredRows(), forwards.ignoredRows());
    backwards.merge(crossEntropy().divisor(Divisor.ONE).build().newTotals());
    assertEquals(forwards.sum(), backwards.sum(), "empty totals are the identity");
  }
}
