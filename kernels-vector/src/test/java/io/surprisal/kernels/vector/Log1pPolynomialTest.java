package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The constants of the logarithm are what their derivation says. */
class Log1pPolynomialTest {
  @Test
  void coefficientsAreThoseOfTheMinimaxPolynomial() {
    Log1pPolynomial derived = Log1pPolynomial.derive();
    assertTrue(derived.largestError() < 5.2e-9, "relative error " + derived.largestError());
    float[] used = {
      VectorLogistic.C2,
      VectorLogistic.C3,
      VectorLogistic.C4,
      VectorLogistic.C5,
      VectorLogistic.C6,
      VectorLogistic.C7,
      VectorLogistic.C8,
      VectorLogistic.C9,
      VectorLogistic.C10
    };
    for (int i = 0; i < used.length; i++) {
      int power = i + 2;
      float expected = derived.coefficient(power);
      assertEquals(
          Float.toHexString(expected), Float.toHexString(used[i]), "coefficient of e^" + power);
    }
  }
}
