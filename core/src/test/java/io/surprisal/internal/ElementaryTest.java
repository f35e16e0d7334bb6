package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Our exp, log and log1p beside those of {@code StrictMath}, which are within 1 ulp themselves: so
 * within 2 ulp of each other.
 */
class ElementaryTest {
  private static final int COUNT = 200_000;
  private static final long SEED = 20_250_702;

  @Test
  void exponentialIsWithinItsBound() {
    assertClose(Elementary::exp, StrictMath::exp, unit -> (unit - 0.5) * 1400);
    assertClose(Elementary::exp, StrictMath::exp, unit -> (unit - 0.5) * 2);
  }

  @Test
  void logarithmIsWithinItsBound() {
    assertClose(Elementary::log, StrictMath::log, unit -> StrictMath.exp((unit - 0.5) * 1400));
    assertClose(Elementary::log, StrictMath::log, unit -> 0.5 + unit);
  }

  @Test
  void logarithmOfOnePlusIsWithinItsBound() {
    DoubleUnaryOperator ours = Elementary::log1p;
    assertClose(ours, StrictMath::log1p, unit -> StrictMath.exp((unit - 0.5) * 1400));
    assertClose(ours, StrictMath::log1p, unit -> StrictMath.exp((unit - 1) * 40));
    assertClose(ours, StrictMath::log1p, unit -> 3 * unit);
  }

  @Test
  void specialValuesAreExact() {
    assertEquals(1, Elementary.exp(0));
    assertEquals(0, Elementary.log(1));
    assertEquals(0, Elementary.log1p(0));
    assertEquals(Double.NEGATIVE_INFINITY, Elementary.log(0));
    assertEquals(Double.POSITIVE_INFINITY, Elementary.log(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(Elementary.log(Double.NaN)));
    assertEquals(Double.MIN_VALUE, Elementary.log1p(Double.MIN_VALUE));
  }

  private static void assertClose(
      DoubleUnaryOperator ours, DoubleUnaryOperator strict, DoubleUnaryOperator ofUnit) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < COUNT; i++) {
      double x = ofUnit.applyAsDouble(random.nextDouble());
      double expected = strict.applyAsDouble(x);
      double actual = ours.applyAsDouble(x);
      assertTrue(
          Math.abs(actual - expected) <= 2 * Math.ulp(expected),
          () -> "at " + x + ": " + actual + ", StrictMath " + expected + ", seed " + SEED);
    }
  }

  @Test
  void powersAndComplementsOfExponentialsKeepTheirDigits() {
    for (double base = 0x1p-1000; base <= 1; base *= 1.7) {
      for (double exponent : new double[] {0, 0.01, 0.5, 1, 2, 5}) {
        double expected = StrictMath.pow(base, exponent);
        double tolerance = 1e-300 + 1e-12 * expected;
        assertEquals(expected, Elementary.power(base, exponent), tolerance);
      }
    }
    assertEquals(1, Elementary.power(0, 0));
    assertEquals(0, Elementary.power(0, 0.5));
    assertEquals(1, Elementary.power(1, 3));
    for (double z = 1e-300; z < 1e4; z *= 1.3) {
      double expected = -StrictMath.expm1(-z);
      assertEquals(expected, Elementary.oneMinusExp(z), 1e-15 * expected);
      assertEquals(StrictMath.exp(-z), Elementary.expOfMinus(z), 1e-15);
    }
    assertEquals(0, Elementary.oneMinusExp(0));
    assertEquals(1, Elementary.oneMinusExp(Double.POSITIVE_INFINITY));
    assertEquals(0, Elementary.expOfMinus(Double.POSITIVE_INFINITY));
  }
}
