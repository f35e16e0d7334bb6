package io.surprisal;

/** Checks of arguments that more than one loss makes. */
final class Checks {
  private Checks() {}

  static int index(String argument, int index, int length) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          argument + " = " + index + " is outside [0, " + length + ")");
    }
    return index;
  }

  static void notNegative(String argument, int number) {
    if (number < 0) {
      throw new IllegalArgumentException(argument + " = " + number + " is negative");
    }
  }

  static void length(String argument, int length, String of, int expected) {
    if (length != expected) {
      throw new IllegalArgumentException(
          argument + ".length = " + length + " is not the number of " + of + ", " + expected);
    }
  }

  static void capacity(String argument, int length, int rows) {
    if (length < rows) {
      throw new IllegalArgumentException(
          argument + ".length = " + length + " is less than the number of rows, " + rows);
    }
  }

  static void shape(String argument, Matrix matrix, Matrix logits) {
    shape(argument, matrix, "logits", logits);
  }

  static void shape(String argument, Matrix matrix, String of, Matrix expected) {
    if (matrix.rows() != expected.rows() || matrix.classes() != expected.classes()) {
      throw new IllegalArgumentException(
          argument
              + " is ["
              + matrix.rows()
              + " × "
              + matrix.classes()
              + "] but the "
              + of
              + " are ["
              + expected.rows()
              + " × "
              + expected.classes()
              + "]");
    }
  }

  /** An output may lie exactly over an input or apart from it, nothing between. */
  static void overlap(String output, Matrix written, String input, Matrix read) {
    if (!sameView(written, read)) {
      disjoint(output, written, input, read);
    }
  }

  static void disjoint(String output, Matrix written, String input, Matrix read) {
    if (written.data() == read.data()
        && written.offset() < end(read)
        && read.offset() < end(written)
        && !interleaved(written, read)) {
      throw new IllegalArgumentException(
          output
              + " ["
              + written.offset()
              + ", "
              + end(written)
              + ") overlaps "
              + input
              + " ["
              + read.offset()
              + ", "
              + end(read)
              + ") of the same array"
              + (sameView(written, read) ? "; it needs a matrix of its own" : " in part"));
    }
  }

  /** Vectors of per-row results share no element with a matrix. */
  static void disjoint(String output, float[] written, int rows, String input, Matrix read) {
    if (written == read.data() && rows > 0 && read.offset() < rows) {
      throw new IllegalArgumentException(
          output
              + " [0, "
              + rows
              + ") overlaps "
              + input
              + " ["
              + read.offset()
              + ", "
              + end(read)
              + ") of the same array");
    }
  }

  private static boolean sameView(Matrix one, Matrix other) {
    return one.data() == other.data()
        && one.offset() == other.offset()
        && one.classStride() == other.classStride()
        && one.firstPosition() == other.firstPosition()
        && (one.rowStride() == other.rowStride() || one.rows() < 2);
  }

  /** Two row-major matrices of one stride whose rows fit into each other's gaps. */
  private static boolean interleaved(Matrix one, Matrix other) {
    if (one.rowStride() != other.rowStride() || one.classStride() + other.classStride() > 2) {
      return false;
    }
    int stride = one.rowStride();
    int shift = Math.floorMod(other.offset() - one.offset(), stride);
    return shift >= one.classes() && shift + other.classes() <= stride;
  }

  private static int end(Matrix matrix) {
    return matrix.rows() == 0
        ? matrix.offset()
        : matrix.rowStart(matrix.rows() - 1) + (matrix.classes() - 1) * matrix.classStride() + 1;
  }

  /** Rows that count are distributions: nothing negative, sums within a tolerance of 1. */
  static void distributions(String argument, Matrix targets, boolean[] ignored, double tolerance) {
    for (int row = 0; row < targets.rows(); row++) {
      if (ignored == null || !ignored[row]) {
        distribution(argument, targets, row, tolerance);
      }
    }
  }

  private static void distribution(String argument, Matrix targets, int row, double tolerance) {
    double sum = 0;
    for (int c = 0; c < targets.classes(); c++) {
      float target = targets.get(row, c);
      if (!(target >= 0)) {
        throw new IllegalArgumentException(
            argument + "[" + row + "][" + c + "] = " + target + " is not 0 or more");
      }
      sum += target;
    }
    if (!(Math.abs(sum - 1) <= tolerance)) {
      throw new IllegalArgumentException(
          argument + "[" + row + "] sums to " + sum + ", not to 1 within " + tolerance);
    }
  }

  /** A share is from 0 to 1. */
  static void share(String argument, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(argument + " = " + share + " is outside [0, 1]");
    }
  }

  /** Weights are finite and not negative. */
  static void weights(String argument, float[] weights) {
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || weights[i] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            argument + "[" + i + "] = " + weights[i] + " is outside [0, ∞)");
      }
    }
  }
}
