package io.surprisal;

import java.util.Objects;

/**
 * A view of targets of a few classes a row: class numbers and what each is worth. The classes a
 * teacher found likeliest, the labels of an example that has several, a mixture of two labels.
 *
 * <p>Row r holds {@code perRow} pairs from {@code r·perRow}; a pair of class −1 is none, so that
 * rows may have fewer. A class that is listed twice counts twice. The targets need not sum to 1.
 *
 * <p>With a tail the rest of 1 is spread evenly over the classes that are not listed; then no class
 * may be listed twice.
 *
 * <p>A view copies nothing and is immutable, its arrays are not.
 *
 * {@snippet :
 * // Of each row the two likeliest classes of a teacher, the rest of the mass spread over the others.
 * int[] ids = {0, 2, 1, 0};
 * float[] probabilities = {0.7f, 0.2f, 0.9f, 0.05f};
 * SparseTargets topTwo = SparseTargets.of(ids, probabilities, 2).withTail();
 * Totals totals = CrossEntropy.standard().forward(Batch.of(Matrix.zeros(2, 4), topTwo));
 * }
 */
public final class SparseTargets {
  /** The class number of a pair that is none. */
  public static final int NO_CLASS = -1;

  private final int[] classes;
  private final float[] targets;
  private final int firstRow;
  private final int rows;
  private final int perRow;
  private final boolean tail;

  private SparseTargets(int[] classes, float[] targets, int[] rowRange, int perRow, boolean tail) {
    this.classes = classes;
    this.targets = targets;
    this.firstRow = rowRange[0];
    this.rows = rowRange[1] - rowRange[0];
    this.perRow = perRow;
    this.tail = tail;
  }

  /**
   * Targets that fill two arrays.
   *
   * @param classes {@code [rows × perRow]}, class numbers or −1
   * @param targets {@code [rows × perRow]}, what each class is worth
   * @param perRow pairs a row, 1 or more
   * @return the view
   * @throws IllegalArgumentException if the lengths differ or are no multiple of {@code perRow}
   */
  public static SparseTargets of(int[] classes, float[] targets, int perRow) {
    Objects.requireNonNull(classes, "classes");
    Objects.requireNonNull(targets, "targets");
    if (perRow < 1) {
      throw new IllegalArgumentException("perRow = " + perRow + " is less than 1");
    }
    if (classes.length % perRow != 0) {
      throw new IllegalArgumentException(
          "classes.length = " + classes.length + " is not a multiple of perRow = " + perRow);
    }
    Checks.length("targets", targets.length, "classes", classes.length);
    return new SparseTargets(
        classes, targets, new int[] {0, classes.length / perRow}, perRow, false);
  }

  /**
   * The same targets with the rest of 1, {@code max(0, 1 − Σq)}, spread evenly over the classes
   * that are not listed.
   *
   * @return the view
   */
  public SparseTargets withTail() {
    return new SparseTargets(classes, targets, new int[] {firstRow, firstRow + rows}, perRow, true);
  }

  /**
   * Some of the rows, as a view of the same arrays.
   *
   * @param from first row
   * @param to one past the last row
   * @return the view
   * @throws IndexOutOfBoundsException if the range is not within the rows
   */
  public SparseTargets slice(int from, int to) {
    Checks.range(from, to, rows);
    return new SparseTargets(
        classes, targets, new int[] {firstRow + from, firstRow + to}, perRow, tail);
  }

  /**
   * Number of rows.
   *
   * @return 0 or more
   */
  public int rows() {
    return rows;
  }

  /**
   * Pairs a row.
   *
   * @return 1 or more
   */
  public int perRow() {
    return perRow;
  }

  /**
   * Whether the rest of 1 is spread over the other classes.
   *
   * @return true for a view made by {@link #withTail}
   */
  public boolean hasTail() {
    return tail;
  }

  int[] classes() {
    return classes;
  }

  float[] targets() {
    return targets;
  }

  int offset() {
    return firstRow * perRow;
  }

  /** Refuses class numbers that are out of range or, with a tail, listed twice. */
  void check(int rowClasses, boolean[] ignored) {
    for (int row = 0; row < rows; row++) {
      if (ignored == null || !ignored[row]) {
        checkRow(row, rowClasses);
      }
    }
  }

  private void checkRow(int row, int rowClasses) {
    int start = offset() + row * perRow;
    for (int j = 0; j < perRow; j++) {
      int number = classes[start + j];
      if (number < NO_CLASS || number >= rowClasses) {
        throw new IndexOutOfBoundsException(
            place("classes", row, j)
                + number
                + " is outside [0, "
                + rowClasses
                + ") and not "
                + NO_CLASS);
      }
      for (int before = 0; tail && number != NO_CLASS && before < j; before++) {
        if (classes[start + before] == number) {
          throw new IllegalArgumentException(
              place("classes", row, j) + number + " is listed twice, which a tail does not allow");
        }
      }
    }
  }

  /** Refuses rows that are no distribution, or with a tail leave less than nothing for it. */
  void checkDistributions(boolean[] ignored, double tolerance) {
    for (int row = 0; row < rows; row++) {
      if (ignored == null || !ignored[row]) {
        checkDistribution(row, tolerance);
      }
    }
  }

  private void checkDistribution(int row, double tolerance) {
    int start = offset() + row * perRow;
    double sum = 0;
    for (int j = 0; j < perRow; j++) {
      float target = targets[start + j];
      if (classes[start + j] != NO_CLASS) {
        if (!(target >= 0)) {
          throw new IllegalArgumentException(
              place("targets", row, j) + target + " is not 0 or more");
        }
        sum += target;
      }
    }
    boolean fits = tail ? sum - 1 <= tolerance : Math.abs(sum - 1) <= tolerance;
    if (!fits) {
      throw new IllegalArgumentException(
          "targets[" + row + "] sums to " + sum + ", not to 1 within " + tolerance);
    }
  }

  private static String place(String argument, int row, int j) {
    return argument + "[" + row + "][" + j + "] = ";
  }

  @Override
  public String toString() {
    return "SparseTargets[" + rows + " × " + perRow + (tail ? ", with a tail]" : "]");
  }
}
