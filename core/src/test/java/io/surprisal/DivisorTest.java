package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mean divides by, and what it is where that is 0. */
class DivisorTest {
  @Test
  void eachDivisorTakesItsOwnNumber() {
    assertEquals(1.5, Divisor.STANDARD.of(1.5, 2.5, 7, 4));
    assertEquals(2.5, Divisor.WEIGHTS.of(1.5, 2.5, 7, 4));
    assertEquals(7, Divisor.ROWS.of(1.5, 2.5, 7, 4));
    assertEquals(4, Divisor.COUNT.of(1.5, 2.5, 7, 4));
    assertEquals(1, Divisor.ONE.of(1.5, 2.5, 7, 4));
    assertEquals(0.25, Divisor.of(0.25).of(1.5, 2.5, 7, 4));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, 1 / 0.0, -1 / 0.0, 0 / 0.0})
  void numberThatIsNotPositiveAndFiniteIsRefused(double number) {
    Refusal.ofArgument(() -> Divisor.of(number), "divisor = " + number + " is outside (0, ∞)");
  }

  @Test
  void divisorsOfOneNumberAreEqual() {
    assertEquals(Divisor.of(3), Divisor.of(3));
    assertEquals(Divisor.of(3).hashCode(), Divisor.of(3).hashCode());
    assertNotEquals(Divisor.of(3), Divisor.of(4));
    assertNotEquals(Divisor.of(3).hashCode(), Divisor.of(4).hashCode());
    assertNotEquals(Divisor.ROWS, Divisor.COUNT);
    assertNotEquals(Divisor.WEIGHTS, null);
  }

  @Test
  void divisorsAreDescribedByName() {
    assertEquals("Divisor.WEIGHTS", Divisor.WEIGHTS.toString());
    assertEquals("Divisor.of(12.0)", Divisor.of(12).toString());
  }

  @ParameterizedTest
  @EnumSource(EmptyMean.class)
  void meanOverSomethingIsTheQuotientByAnyPolicy(EmptyMean policy) {
    assertEquals(2.5, policy.mean(5, 2));
    assertEquals(-0.5, policy.mean(1, -2));
    policy.check(1);
  }

  @Test
  void meanOverNothingIsWhatThePolicySays() {
    assertEquals(Double.NaN, EmptyMean.NAN.mean(5, 0));
    assertEquals(Double.NaN, EmptyMean.NAN.mean(0, -0.0));
    assertEquals(0, EmptyMean.ZERO.mean(0, 0));
    String message =
        assertThrows(IllegalStateException.class, () -> EmptyMean.THROW.mean(0, 0)).getMessage();
    assertEquals(
        "the mean is empty: its divisor is 0 (no rows, all ignored, or no weight)", message);
    assertThrows(IllegalStateException.class, () -> EmptyMean.THROW.check(0));
  }
}
