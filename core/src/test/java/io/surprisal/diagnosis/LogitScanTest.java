package io.surprisal.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Matrix;
import io.surprisal.diagnosis.LogitScan.Fault;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The scan names the first logit that is no finite number, and counts all. */
class LogitScanTest {
  private static final float NAN = Float.intBitsToFloat(0xFFC0_1234);
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** Four rows of five logits with a gap of two behind each, full of NaN. */
  private static Matrix logits() {
    float[] data = new float[3 + 4 * 7];
    Arrays.fill(data, Float.NaN);
    Matrix logits = Matrix.strided(data, 3, 4, 5, 7);
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 5; column++) {
        set(logits, row, column, row - column);
      }
    }
    return logits;
  }

  private static void set(Matrix logits, int row, int column, float value) {
    logits.data()[logits.rowStart(row) + column] = value;
  }

  @Test
  void finiteLogitsAreClean() {
    Matrix logits = logits();
    set(logits, 1, 1, Float.MAX_VALUE);
    set(logits, 2, 2, -Float.MIN_VALUE);
    for (LogitScan scan : new LogitScan[] {LogitScan.of(logits), LogitScan.allowingMasks(logits)}) {
      assertTrue(scan.isClean());
      assertEquals(new LogitScan(4, 0, 0, 0, 0, Optional.empty()), scan);
      assertEquals("no fault; 0 NaN, 0 +∞, 0 −∞ in 4 rows", scan.toString());
    }
  }

  @Test
  void firstFaultIsTheOneOfTheFirstRowAndThenOfTheFirstClass() {
    Matrix logits = logits();
    set(logits, 3, 0, INFINITY);
    set(logits, 2, 4, -INFINITY);
    set(logits, 2, 1, NAN);
    set(logits, 2, 3, INFINITY);
    LogitScan scan = LogitScan.of(logits);
    assertFalse(scan.isClean());
    assertEquals(new LogitScan(4, 2, 1, 2, 1, Optional.of(new Fault(2, 1, NAN))), scan);
    assertEquals(
        "row 2 class 1 is NaN; 2 faulty rows, 1 NaN, 2 +∞, 1 −∞ in 4 rows", scan.toString());
  }

  @Test
  void doublesBeyondFloatsRangeAreFinite() {
    Matrix logits = Matrix.of(new double[] {1e39, -1e300, NAN, 0}, 2, 2);
    assertEquals(
        new LogitScan(2, 1, 1, 0, 0, Optional.of(new Fault(1, 0, NAN))), LogitScan.of(logits));
  }

  @Test
  void minusInfinityIsAFaultOnlyWhereItIsNoMask() {
    Matrix logits = logits();
    set(logits, 1, 2, -INFINITY);
    set(logits, 3, 4, -INFINITY);
    assertEquals(
        new LogitScan(4, 2, 0, 0, 2, Optional.of(new Fault(1, 2, -INFINITY))),
        LogitScan.of(logits));
    assertEquals(new LogitScan(4, 0, 0, 0, 2, Optional.empty()), LogitScan.allowingMasks(logits));
  }

  @Test
  void rowOfNothingButMasksIsAFault() {
    Matrix logits = logits();
    set(logits, 0, 3, -INFINITY);
    for (int column = 0; column < 5; column++) {
      set(logits, 2, column, -INFINITY);
    }
    LogitScan scan = LogitScan.allowingMasks(logits);
    assertEquals(Optional.of(new Fault(2, 0, -INFINITY)), scan.first());
    assertEquals(1, scan.faultyRows());
    assertEquals(6, scan.negativeInfinities());
  }

  @Test
  void matrixWithoutRowsIsClean() {
    assertTrue(LogitScan.of(Matrix.zeros(0, 3)).isClean());
  }
}
