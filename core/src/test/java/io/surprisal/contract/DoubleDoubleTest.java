package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The oracle's arithmetic against series in BigDecimal. */
class DoubleDoubleTest {
  private static final MathContext DIGITS = new MathContext(80);
  private static final BigDecimal BOUND = new BigDecimal("1e-28");

  @Test
  void exponentialsAreWithinTheirBound() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      double x = i < 100 ? random.nextDouble(-600, 600) : random.nextDouble(-1, 1);
      DoubleDouble argument = DoubleDouble.sum(x, x * 0x1p-55);
      assertClose("exp " + x, exp(decimal(argument)), argument.exp());
    }
  }

  @Test
  void exponentialsLessOneAreWithinTheirBound() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200; i++) {
      double x = Math.scalb(random.nextDouble(-1, 1), 5 - i);
      BigDecimal expected = exp(decimal(DoubleDouble.of(x))).subtract(BigDecimal.ONE);
      // 80 digits less the some 60 that 1 takes of e^1e-60: below that e^x − 1 is x itself.
      assertClose("expm1 " + x, i < 120 ? expected : new BigDecimal(x), DoubleDouble.of(x).expm1());
    }
  }

  @Test
  void logarithmsAreInverseToExponentials() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      double x = Math.scalb(random.nextDouble(0.5, 1), 20 - i);
      DoubleDouble logarithm = DoubleDouble.of(x).log1p();
      assertClose("log1p " + x, logarithmOfOnePlus(new BigDecimal(x)), logarithm);
    }
  }

  @Test
  void logarithmsOfSmallAndLargeNumbersAreRight() {
    for (double x : new double[] {1e-9, 0.3, 0.999, 1, 1.001, 7, 1e5}) {
      DoubleDouble logarithm = DoubleDouble.of(x).log();
      BigDecimal back = exp(decimal(logarithm));
      assertTrue(distance(back, new BigDecimal(x)).compareTo(BOUND) <= 0, "log " + x);
    }
  }

  @Test
  void divisionIsInverseToMultiplication() {
    DoubleDouble third = DoubleDouble.ONE.dividedBy(DoubleDouble.of(3));
    assertClose("1/3", BigDecimal.ONE.divide(new BigDecimal(3), DIGITS), third);
    assertEquals(1.0, third.times(3).value());
  }

  private static void assertClose(String what, BigDecimal expected, DoubleDouble actual) {
    BigDecimal distance = distance(decimal(actual), expected);
    assertTrue(distance.compareTo(BOUND) <= 0, what + " is off by " + distance.toString());
  }

  private static BigDecimal distance(BigDecimal actual, BigDecimal expected) {
    BigDecimal difference = actual.subtract(expected).abs();
    return expected.signum() == 0 ? difference : difference.divide(expected.abs(), DIGITS);
  }

  private static BigDecimal decimal(DoubleDouble value) {
    return new BigDecimal(value.high()).add(new BigDecimal(value.low()));
  }

  /** e^x: the series of x/2^20, squared twenty times. */
  private static BigDecimal exp(BigDecimal x) {
    BigDecimal argument = x.divide(BigDecimal.valueOf(1 << 20), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int i = 1; i < 40; i++) {
      term = term.multiply(argument, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term);
    }
    BigDecimal result = sum;
    for (int i = 0; i < 20; i++) {
      result = result.multiply(result, DIGITS);
    }
    return result;
  }

  /** log(1 + x) = 2 artanh(x / (2 + x)), the argument brought near 0 by halving with ln 2. */
  private static BigDecimal logarithmOfOnePlus(BigDecimal x) {
    BigDecimal ln2 = logarithmNearOne(BigDecimal.ONE);
    BigDecimal reduced = x;
    int halvings = 0;
    while (reduced.compareTo(BigDecimal.ONE) > 0) {
      reduced = reduced.subtract(BigDecimal.ONE).divide(BigDecimal.TWO, DIGITS);
      halvings++;
    }
    return logarithmNearOne(reduced).add(ln2.multiply(BigDecimal.valueOf(halvings)));
  }

  private static BigDecimal logarithmNearOne(BigDecimal x) {
    BigDecimal ratio = x.divide(x.add(BigDecimal.TWO), DIGITS);
    BigDecimal square = ratio.multiply(ratio, DIGITS);
    BigDecimal power = ratio;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 1; i < 180; i += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(i), DIGITS));
      power = power.multiply(square, DIGITS);
    }
    return sum.multiply(BigDecimal.TWO);
  }
}
