package io.surprisal;

/**
 * How rows lie in storage: whether they fit into it, who takes which layout, and how it is told.
 */
final class Layout {
  /** What HotSpot allows. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 2;

  private Layout() {}

  static void notNegative(String argument, long number) {
    if (number < 0) {
      throw new IllegalArgumentException(argument + " = " + number + " is negative");
    }
  }

  static void checkSizes(int rows, int classes) {
    notNegative("rows", rows);
    checkClasses(classes);
  }

  static void checkClasses(int classes) {
    atLeastOne("classes", classes);
  }

  static void atLeastOne(String argument, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(argument + " = " + number + " is less than 1");
    }
  }

  /** Length of an array for so many rows. */
  static int arrayLength(int rows, int classes) {
    checkSizes(rows, classes);
    long length = (long) rows * classes;
    if (length > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "rows × classes = " + length + " is more than an array holds");
    }
    return (int) length;
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
      throw tooShort(
          length,
          offset,
          rows
              + " rows of "
              + classes
              + " classes with rowStride "
              + rowStride
              + " need "
              + needed);
    }
  }

  /** Refuses batches with classes first that would not lie within {@code length} elements. */
  static void checkBatches(long length, long offset, int batches, int classes, int positions) {
    notNegative("offset", offset);
    notNegative("batches", batches);
    checkClasses(classes);
    atLeastOne("positions", positions);
    long batch = (long) classes * positions;
    // By division, because a product of three sizes may be more than a long holds.
    if (offset > length || (batches > 0 && (length - offset) / batches < batch)) {
      throw tooShort(
          length,
          offset,
          batches + " batches of " + classes + " classes at " + positions + " positions");
    }
  }

  private static IllegalArgumentException tooShort(long length, long offset, String what) {
    return new IllegalArgumentException(
        "data.length = " + length + " is too short: offset " + offset + " and " + what);
  }

  /** A loss of single elements takes rows. */
  static void requireClassesLast(String argument, Matrix matrix) {
    if (matrix.classStride() > 1) {
      throw new IllegalArgumentException(
          argument
              + " is a matrix with its classes first, "
              + "but a loss of single elements takes classes last");
    }
  }

  /** A matrix in words. */
  static String describe(Matrix matrix) {
    ElementType type = matrix.elementType();
    int classStride = matrix.classStride();
    return "Matrix["
        + matrix.rows()
        + " × "
        + matrix.classes()
        + (type == ElementType.FLOAT ? "" : " " + type)
        + (classStride == 1 ? ", rowStride " + matrix.rowStride() : ", classStride " + classStride)
        + (matrix.storage().memory() == null ? "" : ", in memory")
        + "]";
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
