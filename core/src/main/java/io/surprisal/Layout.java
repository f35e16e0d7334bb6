package io.surprisal;

/** Whether rows fit into the storage that they are said to lie in. */
final class Layout {
  private Layout() {}

  static void notNegative(String argument, long number) {
    if (number < 0) {
      throw new IllegalArgumentException(argument + " = " + number + " is negative");
    }
  }

  /** Refuses rows that would not lie within the first {@code length} elements. */
  static void check(long length, long offset, int rows, int classes, long rowStride) {
    notNegative("offset", offset);
    if (rowStride < classes) {
      throw new IllegalArgumentException(
          "rowStride = " + rowStride + " is less than classes = " + classes);
    }
    long needed = rows == 0 ? offset : end(offset, rows, classes, rowStride);
    if (needed > length) {
      throw new IllegalArgumentException(
          "data.length = "
              + length
              + " is too short: offset "
              + offset
              + " and "
              + rows
              + " rows of "
              + classes
              + " classes with rowStride "
              + rowStride
              + " need "
              + needed);
    }
  }

  /** One past the last element, or more than any storage has where that overflows. */
  private static long end(long offset, int rows, int classes, long rowStride) {
    try {
      long lastRow = Math.multiplyExact(rows - 1L, rowStride);
      return Math.addExact(Math.addExact(offset, lastRow), classes);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
