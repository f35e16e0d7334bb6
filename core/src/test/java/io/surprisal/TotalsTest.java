package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TotalsTest {
  private static final float MASKED = Float.NEGATIVE_INFINITY;

  /** Of 2, 4 and 8 equally likely classes: the label has probability ½, ¼, ⅛. */
  private static final Matrix HALVES =
      Matrix.of(
          new float[] {
            0, 0, MASKED, MASKED, MASKED, MASKED, MASKED, MASKED, //
            0, 0, 0, 0, MASKED, MASKED, MASKED, MASKED, //
            0, 0, 0, 0, 0, 0, 0, 0
          },
          8);

  private static final Labels LABELS = Labels.of(1, 2, 7);
  private static final double LN2 = Math.log(2);

  private static CrossEntropy loss(Divisor divisor) {
    return CrossEntropy.builder().divisor(divisor).build();
  }

  @Test
  void halfQuarterAndEighthHavePerplexityFourAndTwoBits() {
    Totals totals = CrossEntropy.standard().forward(HALVES, LABELS);
    assertEquals(4, totals.perplexity(), 1e-15);
    assertEquals(2, totals.bits(), 1e-15);
    assertEquals(2 * LN2, totals.mean(), 1e-15);
    assertEquals(6 * LN2, totals.sum(), 2e-15);
    assertEquals(totals.sum(), totals.negativeLogLikelihood());
  }

  @Test
  void ignoredRowsAreCountedApart() {
    Totals totals = CrossEntropy.standard().forward(HALVES, Labels.of(1, -100, 7));
    assertEquals(3, totals.rows());
    assertEquals(1, totals.ignoredRows());
    assertEquals(2, totals.countedRows());
    assertEquals(2, totals.weight());
    assertEquals(4 * LN2, totals.sum(), 1e-15);
    assertEquals(2 * LN2, totals.mean(), 1e-15);
  }

  @Test
  void eachDivisorDividesTheSameSum() {
    Labels labels = Labels.of(1, -100, 7);
    assertEquals(4 * LN2, loss(Divisor.ONE).forward(HALVES, labels).mean(), 1e-15);
    assertEquals(4 * LN2 / 3, loss(Divisor.ROWS).forward(HALVES, labels).mean(), 1e-15);
    assertEquals(4 * LN2 / 2, loss(Divisor.COUNT).forward(HALVES, labels).mean(), 1e-15);
    assertEquals(4 * LN2 / 16, loss(Divisor.of(16)).forward(HALVES, labels).mean(), 1e-15);
  }

  @Test
  void weightsWeighTheMeanButNotThePerplexity() {
    Totals totals = CrossEntropy.standard().newTotals();
    Batch batch = Batch.of(HALVES, LABELS).withSampleWeights(new float[] {4, 0, 2});
    CrossEntropy.standard().compute(batch, Outputs.none().withTotals(totals));
    assertEquals(6, totals.weight());
    assertEquals((4 * 1 + 2 * 3) * LN2, totals.sum(), 2e-15);
    assertEquals((4 * 1 + 2 * 3) * LN2 / 6, totals.mean(), 1e-15);
    assertEquals(4, totals.perplexity(), 1e-15);
  }

  @Test
  void smoothingAndZLossLeaveTheLikelihoodAlone() {
    CrossEntropy loss = CrossEntropy.builder().zLoss(0.5).build();
    Totals totals = loss.forward(HALVES, LABELS);
    assertEquals(4, totals.perplexity(), 1e-15);
    double squares = (1 + 4 + 9) * LN2 * LN2;
    assertEquals(6 * LN2 + 0.5 * squares, totals.sum(), 1e-14);
  }

  @Test
  void callsAddUpInTheSameTotals() {
    CrossEntropy loss = CrossEntropy.standard();
    Totals once = loss.forward(HALVES, LABELS);
    Totals twice = loss.newTotals();
    Outputs outputs = Outputs.none().withTotals(twice);
    loss.compute(Batch.of(HALVES, LABELS), outputs);
    loss.compute(Batch.of(HALVES, LABELS), outputs);
    assertEquals(6, twice.rows());
    assertEquals(2 * once.sum(), twice.sum());
    assertEquals(once.perplexity(), twice.perplexity());
  }

  @Test
  void mergingAddsEverything() {
    CrossEntropy loss = CrossEntropy.standard();
    Totals whole = loss.forward(HALVES, Labels.of(1, -100, 7));
    Totals first = loss.forward(HALVES.slice(0, 2), Labels.of(1, -100));
    Totals second = loss.forward(HALVES.slice(2, 3), Labels.of(7));
    String secondBefore = second.toString();
    first.merge(second);
    assertEquals(whole.sum(), first.sum(), 1e-15);
    assertEquals(whole.weight(), first.weight());
    assertEquals(3, first.rows());
    assertEquals(1, first.ignoredRows());
    assertEquals(secondBefore, second.toString());
  }

  @Test
  void mergingIntoItselfDoubles() {
    Totals totals = CrossEntropy.standard().forward(HALVES, LABELS);
    double sum = totals.sum();
    totals.merge(totals);
    assertEquals(2 * sum, totals.sum());
    assertEquals(6, totals.rows());
    assertEquals(6, totals.weight());
  }

  @Test
  void emptyTotalsChangeNothingWhenMerged() {
    Totals totals = CrossEntropy.standard().forward(HALVES, LABELS);
    String before = totals.toString();
    totals.merge(CrossEntropy.standard().newTotals());
    assertEquals(before, totals.toString());
  }

  @Test
  void missingTotalsAreNamed() {
    Refusal.ofNull("other", () -> CrossEntropy.standard().newTotals().merge(null));
  }

  @Test
  void totalsOfAnotherDivisorDoNotMerge() {
    Totals standard = CrossEntropy.standard().forward(HALVES, LABELS);
    Totals byRows = loss(Divisor.ROWS).forward(HALVES, LABELS);
    String before = standard.toString();
    Refusal.ofArgument(() -> standard.merge(byRows), "Divisor.STANDARD", "Divisor.ROWS");
    Totals byTwo = loss(Divisor.of(2)).newTotals();
    Totals byThree = loss(Divisor.of(3)).newTotals();
    Refusal.ofArgument(() -> byTwo.merge(byThree), "Divisor.of(2.0)", "Divisor.of(3.0)");
    assertEquals(before, standard.toString());
  }

  @Test
  void totalsOfAnotherPolicyDoNotMerge() {
    Totals nan = CrossEntropy.standard().newTotals();
    Totals zero = CrossEntropy.builder().emptyMean(EmptyMean.ZERO).build().newTotals();
    Refusal.ofArgument(() -> nan.merge(zero), "EmptyMean.NAN", "EmptyMean.ZERO");
  }

  @Test
  void totalsOfTwoLossesWithTheSameDivisorMerge() {
    Totals totals = loss(Divisor.of(2)).forward(HALVES, LABELS);
    totals.merge(loss(Divisor.of(2)).forward(HALVES, LABELS));
    assertEquals(6 * LN2, totals.mean(), 2e-15);
  }

  @Test
  void clearedTotalsAreEmpty() {
    Totals totals = CrossEntropy.standard().forward(HALVES, Labels.of(1, -100, 7));
    totals.clear();
    assertEquals(CrossEntropy.standard().newTotals().toString(), totals.toString());
    assertEquals(0, totals.weight());
    assertEquals(0, totals.negativeLogLikelihood());
    totals.merge(CrossEntropy.standard().forward(HALVES, LABELS));
    assertEquals(4, totals.perplexity(), 1e-15);
  }

  @Test
  void totalsWithoutRowsHaveNoPerplexity() {
    Totals totals = CrossEntropy.standard().forward(Matrix.of(new float[0], 3), Labels.of());
    assertEquals(Double.NaN, totals.perplexity());
    assertEquals(Double.NaN, totals.bits());
    assertEquals(0, totals.sum());
    assertEquals("Totals[sum 0.0, rows 0, ignored 0]", totals.toString());
  }

  @ParameterizedTest
  @EnumSource(EmptyMean.class)
  void meanOverNothingIsWhatThePolicySays(EmptyMean policy) {
    CrossEntropy loss = CrossEntropy.builder().emptyMean(policy).build();
    Totals totals = loss.forward(HALVES, Labels.of(-100, -100, -100));
    switch (policy) {
      case NAN -> assertEquals(Double.NaN, totals.mean());
      case ZERO -> assertEquals(0, totals.mean());
      case THROW -> assertThrows(IllegalStateException.class, totals::mean);
    }
  }

  @Test
  void infiniteAndUndefinedLossesStayInTheSum() {
    Matrix masked = Matrix.of(new float[] {0, MASKED, 0, 0}, 2);
    assertEquals(
        Double.POSITIVE_INFINITY, CrossEntropy.standard().forward(masked, Labels.of(1, 0)).mean());
    Matrix undefined = Matrix.of(new float[] {0, Float.NaN, 0, 0}, 2);
    assertEquals(
        Double.NaN, CrossEntropy.standard().forward(undefined, Labels.of(1, 0)).perplexity());
  }

  @Test
  void bitsPerByteAreTheBitsOfAllLabelsByTheBytes() {
    Totals totals = CrossEntropy.standard().forward(HALVES, LABELS);
    double bits = totals.bits() * totals.countedRows();
    assertEquals(bits / 5, totals.bitsPerByte(5), 1e-15 * bits);
    Refusal.ofArgument(() -> totals.bitsPerByte(0), "bytes = 0 is less than 1");
    Refusal.ofArgument(() -> totals.bitsPerByte(-3), "bytes = -3 is less than 1");
  }
}
