package io.surprisal;

/** Sizes of matrices: in range, and within their arrays; and layouts that not every loss takes. */
final class MatrixArguments {
  private MatrixArguments() {}

  static void checkSizes(int rows, int classes) {
    Checks.notNegative("rows", rows);
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

  /** The rows of a matrix with classes last lie within its array. */
  static void checkLength(Matrix matrix) {
    int rows = matrix.rows();
    int offset = matrix.offset();
    int length = matrix.data().length;
    long needed =
        rows == 0 ? offset : offset + (long) (rows - 1) * matrix.rowStride() + matrix.classes();
    if (needed > length) {
      throw tooShort(
          length,
          offset,
          rows
              + " rows of "
              + matrix.classes()
              + " classes with rowStride "
              + matrix.rowStride()
              + " need "
              + needed);
    }
  }

  /** Batches with classes first lie within an array. */
  static void checkLength(int length, int offset, int batches, int classes, int positions) {
    long batch = (long) classes * positions;
    // By division, because a product of three sizes may be more than a long holds.
    if (offset > length || (batches > 0 && (length - offset) / batches < batch)) {
      throw tooShort(
          length,
          offset,
          batches + " batches of " + classes + " classes at " + positions + " positions");
    }
  }

  private static IllegalArgumentException tooShort(int length, int offset, String what) {
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
}
