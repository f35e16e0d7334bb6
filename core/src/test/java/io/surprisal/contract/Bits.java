package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.surprisal.Matrix;

/** Comparisons to the bit. */
final class Bits {
  private Bits() {}

  static boolean same(float one, float other) {
    return Float.floatToRawIntBits(one) == Float.floatToRawIntBits(other);
  }

  static void assertSame(float[] expected, float[] actual, String what) {
    assertSame(Matrix.of(expected, 1, expected.length), Matrix.of(actual, 1, actual.length), what);
  }

  static void assertSame(Matrix expected, Matrix actual, String what) {
    for (int row = 0; row < expected.rows(); row++) {
      assertSameRow(expected, row, actual, row, what);
    }
  }

  static void assertSameRow(
      Matrix expected, int expectedRow, Matrix actual, int actualRow, String what) {
    for (int c = 0; c < expected.classes(); c++) {
      float one = expected.get(expectedRow, c);
      float other = actual.get(actualRow, c);
      if (!same(one, other)) {
        fail(what + ": row " + expectedRow + " class " + c + " is " + other + ", not " + one);
      }
    }
  }

  /** Fails unless a row of results is this value, to the bit. */
  static void assertRowIs(float value, Matrix actual, int row, String what) {
    for (int c = 0; c < actual.classes(); c++) {
      if (!same(value, actual.get(row, c))) {
        fail(what + ": row " + row + " class " + c + " is " + actual.get(row, c));
      }
    }
  }
}
