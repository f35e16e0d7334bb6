package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The constants of the exponential are what their derivation says. */
class ExpPolynomialTest {
  private static final BigDecimal LN2 =
      new BigDecimal("0.6931471805599453094172321214581765680755");

  @Test
  void coefficientsAreThoseOfTheMinimaxPolynomial() {
    ExpPolynomial derived = ExpPolynomial.derive(6);
    assertTrue(derived.largestError() < 3.1e-9, "relative error " + derived.largestError());
    float[] used = {VectorExp.C2, VectorExp.C3, VectorExp.C4, VectorExp.C5, VectorExp.C6};
    for (int i = 0; i < used.length; i++) {
      int power = i + 2;
      float expected = derived.coefficient(power).floatValue();
      assertEquals(
          Float.toHexString(expected), Float.toHexString(used[i]), "coefficient of r^" + power);
    }
  }

  @Test
  void coefficientsInDoubleAreThoseOfTheMinimaxPolynomial() {
    ExpPolynomial derived = ExpPolynomial.derive(11);
    assertTrue(derived.largestError() < 3.7e-18, "relative error " + derived.largestError());
    double[] used = {
      VectorDoubleExp.C2,
      VectorDoubleExp.C3,
      VectorDoubleExp.C4,
      VectorDoubleExp.C5,
      VectorDoubleExp.C6,
      VectorDoubleExp.C7,
      VectorDoubleExp.C8,
      VectorDoubleExp.C9,
      VectorDoubleExp.C10,
      VectorDoubleExp.C11
    };
    for (int i = 0; i < used.length; i++) {
      int power = i + 2;
      double expected = derived.coefficient(power).doubleValue();
      assertEquals(
          Double.toHexString(expected), Double.toHexString(used[i]), "coefficient of r^" + power);
    }
  }

  @Test
  void logarithmOfTwoIsSplitIntoTwoDoubles() {
    BigDecimal bits = LN2.multiply(BigDecimal.valueOf(1L << 32));
    assertEquals(Math.floor(bits.doubleValue()) / (1L << 32), VectorDoubleExp.LN2_HIGH);
    BigDecimal rest = LN2.subtract(new BigDecimal(VectorDoubleExp.LN2_HIGH));
    assertEquals(rest.doubleValue(), VectorDoubleExp.LN2_LOW);
  }

  @Test
  void logarithmOfTwoIsSplitIntoTwoFloats() {
    BigDecimal bits = LN2.multiply(BigDecimal.valueOf(1 << 15));
    assertEquals(Math.floor(bits.doubleValue()) / (1 << 15), VectorExp.LN2_HIGH);
    BigDecimal rest = LN2.subtract(new BigDecimal((double) VectorExp.LN2_HIGH));
    assertEquals(rest.floatValue(), VectorExp.LN2_LOW);
  }
}
