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

  /** Refuses rows that are not there. */
  static void range(int from, int to, int rows) {
    if (from < 0 || to < from || to > rows) {
      throw new IndexOutOfBoundsException(
          "rows [" + from + ", " + to + ") are not within [0, " + rows + ")");
    }
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
    if (!Overlap.isSameView(written, read)) {
      disjoint(output, written, input, read);
    }
  }

  static void disjoint(String output, Matrix written, String input, Matrix read) {
    if (Overlap.meet(written, read)) {
      throw new IllegalArgumentException(
          Overlap.range(output, written)
              + " overlaps "
              + Overlap.range(input, read)
              + " of the same "
              + Overlap.shared(written, read)
              + (Overlap.isSameView(written, read)
                  ? "; it needs a matrix of its own"
                  : " in part"));
    }
  }

  /** Vectors of per-row results, four bytes or eight a row, share no element with a matrix. */
  static void disjoint(String output, Object written, int rows, String input, Matrix read) {
    int bytes = written instanceof double[] ? Double.BYTES : Float.BYTES;
    if (rows > 0 && Overlap.meets(read, written, 0, (long) rows * bytes)) {
      throw new IllegalArgumentException(
          output
              + " [0, "
              + rows
              + ") overlaps "
              + Overlap.range(input, read)
              + " of the same array");
    }
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
