package io.surprisal.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UlpErrorTest {
  @Test
  void errorsAreCountedInUlpsOfTheExactValue() {
    UlpError error = UlpError.of(new float[] {1, 1, 1, 1 + 0x1p-22f}, i -> 1);
    assertEquals(2, error.largest());
    assertEquals(1, error.rootMeanSquare());
  }

  @Test
  void scaleOfASumThatCancelsIsItsLargestTerm() {
    UlpError error = UlpError.of(new float[] {0x1p-23f}, i -> 0, i -> 1);
    assertEquals(1, error.largest());
  }

  @Test
  void nanIsInfinitelyFar() {
    assertEquals(Double.POSITIVE_INFINITY, UlpError.of(new float[] {Float.NaN}, i -> 1).largest());
  }

  @Test
  void whatIsBelowTheNormalRangeIsZero() {
    assertEquals(1, UlpError.of(new float[] {0}, i -> 0x1p-126).largest());
  }
}
