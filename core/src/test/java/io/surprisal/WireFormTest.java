package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What merges, as bytes: nothing is lost on the way. */
class WireFormTest {
  @Provide
  Arbitrary<RowSummary> summaries() {
    return Combinators.combine(
            Arbitraries.oneOf(
                Arbitraries.doubles().greaterOrEqual(0),
                Arbitraries.of(Double.POSITIVE_INFINITY, Double.NaN)),
            Arbitraries.integers().between(-(1 << 28), 1 << 28),
            Arbitraries.doubles())
        .as(RowSummary::new);
  }

  @Property
  void rowSummariesMergeAfterTheJourneyAsBefore(
      @ForAll("summaries") RowSummary one, @ForAll("summaries") RowSummary other) {
    assertEquals(one, RowSummary.of(one.toBytes()));
    assertEquals(
        one.merge(other), RowSummary.of(one.toBytes()).merge(RowSummary.of(other.toBytes())));
  }

  @Property(tries = 300)
  void everythingIsWrittenAgainAsItWasRead(@ForAll WireSamples.Kind kind, @ForAll long seed) {
    byte[] bytes = kind.sample(seed);
    assertArrayEquals(bytes, kind.again(bytes));
  }

  @Property(tries = 300)
  void totalsMergeAfterTheJourneyAsBefore(@ForAll long seed, @ForAll long more) {
    CrossEntropy loss = CrossEntropy.builder().classWeights(1, 0.1f, 3, 0, 7, 1e-20f).build();
    Totals one = totals(loss, seed);
    Totals other = totals(loss, more);
    Totals travelled = Totals.of(one.toBytes());
    travelled.merge(Totals.of(other.toBytes()));
    one.merge(other);
    assertEquals(one.sum(), travelled.sum());
    assertEquals(one.mean(), travelled.mean());
    assertEquals(one.perplexity(), travelled.perplexity());
    assertEquals(one.weight(), travelled.weight());
    assertEquals(one.divisor(), travelled.divisor());
    assertEquals(one.rows(), travelled.rows());
    assertEquals(one.ignoredRows(), travelled.ignoredRows());
    assertArrayEquals(one.toBytes(), travelled.toBytes());
  }

  private static Totals totals(CrossEntropy loss, long seed) {
    Random random = new Random(seed);
    Matrix logits = Matrix.of(WireSamples.logits(random), WireSamples.CLASSES);
    return loss.forward(logits, WireSamples.labels(random, logits.rows()));
  }

  @Property(tries = 200)
  void totalsOfElementsMergeAfterTheJourneyAsBefore(@ForAll long seed) {
    ElementTotals one = WireSamples.elements(new Random(seed));
    ElementTotals other = ElementTotals.of(one.toBytes());
    other.merge(ElementTotals.of(one.toBytes()));
    ElementTotals travelled = ElementTotals.of(other.toBytes());
    one.merge(ElementTotals.of(one.toBytes()));
    assertEquals(one.sum(), travelled.sum());
    assertEquals(one.mean(), travelled.mean());
    assertEquals(one.divisor(), travelled.divisor());
    assertEquals(one.weight(), travelled.weight());
    assertEquals(one.rows(), travelled.rows());
    assertEquals(one.elements(), travelled.elements());
    assertEquals(one.ignoredElements(), travelled.ignoredElements());
    assertArrayEquals(one.toBytes(), travelled.toBytes());
  }

  @Property(tries = 200)
  void evaluationsMergeAfterTheJourneyAsBefore(@ForAll long seed, @ForAll long more) {
    Evaluation one = evaluation(seed);
    Evaluation other = evaluation(more);
    Evaluation travelled = Evaluation.of(one.toBytes());
    travelled.merge(Evaluation.of(other.toBytes()));
    one.merge(other);
    assertEquals(one.toString(), travelled.toString());
    assertArrayEquals(one.toBytes(), travelled.toBytes());
    for (int bin = 0; bin < one.bins(); bin++) {
      assertEquals(one.binConfidence(bin), travelled.binConfidence(bin));
    }
  }

  private static Evaluation evaluation(long seed) {
    Random random = new Random(seed);
    Matrix logits = Matrix.of(WireSamples.logits(random), WireSamples.CLASSES);
    Evaluation evaluation = Evaluation.standard();
    CrossEntropy.standard()
        .compute(
            Batch.of(logits, WireSamples.labels(random, logits.rows())),
            Outputs.none().withEvaluation(evaluation));
    return evaluation;
  }
}
