package io.surprisal;

import java.util.Objects;

/**
 * A view of class labels, one a row: indices from 0 to classes − 1, or the loss's ignore index.
 *
 * <p>A view copies nothing and is immutable, its array is not.
 */
public final class Labels {
  private final int[] data;
  private final int offset;
  private final int rows;

  private Labels(int[] data, int offset, int rows) {
    this.data = data;
    this.offset = offset;
    this.rows = rows;
  }

  /**
   * The labels of a whole array.
   *
   * @param labels one label a row
   * @return the view
   */
  public static Labels of(int... labels) {
    Objects.requireNonNull(labels, "labels");
    return new Labels(labels, 0, labels.length);
  }

  /**
   * Labels within an array.
   *
   * @param labels one label a row
   * @param offset index of the first row's label, 0 or more
   * @param rows number of rows, 0 or more
   * @return the view
   * @throws IllegalArgumentException if a number is negative or the array too short
   */
  public static Labels of(int[] labels, int offset, int rows) {
    Objects.requireNonNull(labels, "labels");
    Checks.notNegative("offset", offset);
    Checks.notNegative("rows", rows);
    if (rows > labels.length - offset) {
      throw new IllegalArgumentException(
          "labels.length = "
              + labels.length
              + " is too short: offset "
              + offset
              + " and "
              + rows
              + " rows need "
              + ((long) offset + rows));
    }
    return new Labels(labels, offset, rows);
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
   * One row's label.
   *
   * @param row from 0 to rows − 1
   * @return the label as the array holds it now
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public int get(int row) {
    return data[offset + Checks.index("row", row, rows)];
  }

  int[] data() {
    return data;
  }

  int offset() {
    return offset;
  }

  @Override
  public String toString() {
    return "Labels[" + rows + "]";
  }
}
