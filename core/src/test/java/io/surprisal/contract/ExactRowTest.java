package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The oracle where the answer is known without it. */
class ExactRowTest {
  private static final double CLOSE = 4e-16;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static void assertClose(double expected, double actual) {
    assertEquals(1, actual / expected, CLOSE, () -> actual + " and " + expected);
  }

  @Test
  void confidentRowKeepsAllDigits() {
    ExactRow row = ExactRow.of(0, -100);
    // log1p(e^−100) and e^−100 differ by e^−200/2.
    assertClose(3.720075976020836e-44, row.surprisal(0).value());
    assertClose(3.720075976020836e-44, row.complement(0));
    assertClose(3.720075976020836e-44, row.probability(1));
    assertClose(100, row.surprisal(1).value());
  }

  @Test
  void commonOffsetIsExact() {
    double expected = ExactRow.of(0, -1, -2).surprisal(0).value();
    assertClose(0.40760596444438, Math.round(expected * 1e14) / 1e14);
    for (double offset : new double[] {1e4, 1e6, -1e6, 0x1p100}) {
      double step = Math.ulp(offset) > 1 ? 0 : 1;
      ExactRow shifted = ExactRow.of(offset, offset - step, offset - 2 * step);
      assertClose(step == 0 ? Math.log(3) : expected, shifted.surprisal(0).value());
    }
  }

  @Test
  void equalLogitsShareTheProbability() {
    double[] logits = new double[1000];
    ExactRow row = ExactRow.of(logits);
    assertClose(0.001, row.probability(999));
    assertClose(0.999, row.complement(0));
    assertClose(Math.log(1000), row.logSumExp().value());
  }

  @Test
  void logSumExpThatCancelsKeepsItsDigits() {
    // lse of {−ln 2, −ln 2} is what rounding of ln 2 leaves: 2.3190468138462996e-17.
    double half = -Math.log(2);
    assertClose(2.3190468138462996e-17, ExactRow.of(half, half).logSumExp().value());
  }

  @Test
  void specialValuesAreThoseOfTheLimit() {
    assertTrue(ExactRow.of(1, -INFINITY).isRegular());
    assertEquals(0.0, ExactRow.of(1, -INFINITY).surprisal(0).value());
    assertEquals(INFINITY, ExactRow.of(1, -INFINITY).surprisal(1).value());
    assertFalse(ExactRow.of(1, INFINITY).isRegular());
    assertEquals(INFINITY, ExactRow.of(1, INFINITY).logSumExp().value());
    assertEquals(-INFINITY, ExactRow.of(-INFINITY, -INFINITY).logSumExp().value());
    assertTrue(Double.isNaN(ExactRow.of(Double.NaN, INFINITY).logSumExp().value()));
    assertTrue(Double.isNaN(ExactRow.of(-INFINITY).probability(0)));
  }

  @Test
  void optionsAddUpToTheirFormula() {
    ExactRow row = ExactRow.of(1, 2, 3);
    ExactCrossEntropy exact = new ExactCrossEntropy(0.3, 0.5, new float[] {1, 2, 4});
    double logSumExp = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    double smooth = (logSumExp - 1) + 2 * (logSumExp - 2) + 4 * (logSumExp - 3);
    double loss = 0.7 * 2 * (logSumExp - 2) + 0.1 * smooth + 0.5 * logSumExp * logSumExp;
    assertEquals(loss, exact.loss(row, 1).value(), 1e-14);
    double p = Math.exp(2 - logSumExp);
    double entry = 0.7 * 2 * (p - 1) + 0.1 * (7 * p - 2) + 2 * 0.5 * logSumExp * p;
    assertEquals(entry, exact.gradient(row, 1)[1], 1e-14);
  }

  @Test
  void errorsAreCountedInUlpOfTheResult() {
    assertEquals(1.0, Errors.ulps(1 + Math.ulp(1f), 1));
    assertEquals(0.0, Errors.ulps(0, 0x1p-127));
    assertEquals(INFINITY, Errors.ulps(Float.intBitsToFloat(0x7FC00001), Double.NaN));
    assertEquals(0.0, Errors.ulps(Float.NaN, Double.NaN));
    assertEquals(0.0, Errors.ulps(Float.POSITIVE_INFINITY, 1e39));
    assertEquals(INFINITY, Errors.ulps(Float.POSITIVE_INFINITY, 1));
    assertTrue(Errors.ulps(0, 0x1p-125) > 1e6, "lost above the normal range");
  }
}
