package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The running sums of one row, as blocks are merged into them. */
class SummaryTest {
  private final Summary summary = new Summary();

  private double logSumExp() {
    return Summary.logSumExp(summary.sum, summary.exponent, summary.origin);
  }

  /** ⟨p, v⟩, which does not depend on the frame. */
  private double weightedMean() {
    return summary.dot / summary.sum;
  }

  @Test
  void firstBlockIsTakenAsItIs() {
    summary.merge(3, 5, 7, 11);
    assertEquals(3, summary.sum);
    assertEquals(5, summary.exponent);
    assertEquals(7, summary.origin);
    assertEquals(11, summary.dot);
  }

  @Test
  void emptyBlockChangesNothing() {
    summary.merge(3, 5, 7, 11);
    summary.merge(0, 900, 1e30, 0);
    assertEquals(3, summary.sum);
    assertEquals(7, summary.origin);
  }

  @Test
  void clearedSummaryTakesTheNextBlockAsItIs() {
    summary.merge(3, 5, 7, 11);
    summary.clear();
    assertEquals(Double.NEGATIVE_INFINITY, logSumExp());
    summary.merge(2, 0, 0, 1);
    assertEquals(2, summary.sum);
  }

  @Test
  void dotIsScaledLikeTheSum() {
    summary.merge(1, 10, 0, 4);
    summary.merge(1024, 0, 0, 1024 * 8);
    assertEquals(6, weightedMean(), 1e-15);
    summary.merge(2048, 0, 0, 2048 * 10);
    assertEquals(8, weightedMean(), 1e-15);
  }

  @Test
  void dotFollowsWhicheverOriginWins() {
    summary.merge(1, 0, 300, 4);
    summary.merge(Math.exp(1), 0, 299, Math.exp(1) * 8);
    assertEquals(6, weightedMean(), 1e-14);
    assertEquals(300 + Math.log(2), logSumExp(), 1e-12);
  }

  @Test
  void tinyBlockOfALargerOriginDoesNotLoseTheOther() {
    // e^−256 from one block, 1 from another whose origin is far below.
    summary.merge(1, 0, 0, 0);
    summary.merge(0x1p-100, 0, 1, 0);
    assertEquals(Math.log1p(0x1p-100 * Math.E), logSumExp(), 1e-15);
  }

  @Test
  void infiniteSumMakesTheDotUndefined() {
    summary.merge(1, 0, 0, 4);
    summary.merge(Double.POSITIVE_INFINITY, 0, 0, 1);
    assertEquals(Double.POSITIVE_INFINITY, logSumExp());
    assertEquals(Double.NaN, summary.dot);
    summary.merge(Double.NaN, 3, 9, 1);
    assertEquals(Double.NaN, logSumExp());
  }

  @Test
  void framesThatAreFarApartDoNotMeet() {
    summary.merge(1, 0, -3.4e38, 1);
    summary.merge(1, 0, 3.4e38, 1);
    assertEquals(3.4e38, logSumExp());
    assertEquals(1, summary.sum);
    summary.merge(1, 0, -3.4e38, 1);
    assertEquals(1, summary.sum);
  }

  @ParameterizedTest
  @ValueSource(ints = {-900, -501, -500, 0, 500, 501, 900})
  void sumsAndDotsOfAnySizeMerge(int exponent) {
    summary.merge(Math.scalb(1.0, exponent), 3, 0, Math.scalb(4.0, exponent));
    summary.merge(Math.scalb(1.0, exponent + 3), 0, 0, Math.scalb(8.0, exponent + 3));
    assertEquals((exponent + 4) * Math.log(2), logSumExp(), 1e-12);
    assertEquals(6, weightedMean());
  }

  @Test
  void factorIsThatBetweenTwoFrames() {
    assertEquals(1, Summary.factor(5, 7, 5, 7));
    assertEquals(0x1p-9, Summary.factor(-4, 0, 5, 0));
    assertEquals(Math.exp(-1.5), Summary.factor(0, 0, 0, 1.5), 1e-16);
    assertEquals(0, Summary.factor(0, -1e30, 0, 1e30));
    assertEquals(2 + 3 * Math.log(2), Summary.logFrame(3, 2), 1e-15);
  }
}
