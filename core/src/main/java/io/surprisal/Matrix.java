package io.surprisal;

import java.util.Objects;

/**
 * A view of {@code [rows × classes]} values in a heap array of floats or doubles, row-major.
 *
 * <p>Row r holds {@code classes} values from {@code offset + r·rowStride}; what lies between rows
 * is neither read nor written. A view copies nothing and is immutable, its array is not: make it
 * once and use it for every batch that comes in the same array.
 */
public final class Matrix {
  /** What HotSpot allows. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 2;

  private final float[] data;
  private final double[] doubles;
  private final int offset;
  private final int rows;
  private final int classes;
  private final int rowStride;

  private Matrix(float[] data, double[] doubles, int offset, int rows, int classes, int rowStride) {
    this.data = data;
    this.doubles = doubles;
    this.offset = offset;
    this.rows = rows;
    this.classes = classes;
    this.rowStride = rowStride;
  }

  /**
   * A dense matrix from the array's start.
   *
   * @param data the values, at least rows · classes of them
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix of(float[] data, int rows, int classes) {
    return strided(data, 0, rows, classes, classes);
  }

  /**
   * A dense matrix that fills an array.
   *
   * @param data the values; its length is a multiple of {@code classes}
   * @param classes number of classes, 1 or more
   * @return the view, of {@code data.length / classes} rows
   * @throws IllegalArgumentException if the length is no multiple of the classes
   */
  public static Matrix of(float[] data, int classes) {
    Objects.requireNonNull(data, "data");
    checkClasses(classes);
    if (data.length % classes != 0) {
      throw new IllegalArgumentException(
          "data.length = " + data.length + " is not a multiple of classes = " + classes);
    }
    return of(data, data.length / classes, classes);
  }

  /**
   * A new matrix of zeros.
   *
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return a dense view of a new array
   * @throws IllegalArgumentException if a size is out of range or the product over 2^31 − 1
   */
  public static Matrix zeros(int rows, int classes) {
    checkSizes(rows, classes);
    long length = (long) rows * classes;
    if (length > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "rows × classes = " + length + " is more than an array holds");
    }
    return of(new float[(int) length], rows, classes);
  }

  /**
   * Any matrix within an array.
   *
   * @param data the values
   * @param offset index of the first row's first value, 0 or more
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @param rowStride from one row's first value to the next row's, {@code classes} or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix strided(float[] data, int offset, int rows, int classes, int rowStride) {
    Objects.requireNonNull(data, "data");
    checkPlace(data.length, offset, rows, classes, rowStride);
    return new Matrix(data, null, offset, rows, classes, rowStride);
  }

  /**
   * Any matrix within an array of doubles.
   *
   * @param data the values
   * @param offset index of the first row's first value, 0 or more
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @param rowStride from one row's first value to the next row's, {@code classes} or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix strided(double[] data, int offset, int rows, int classes, int rowStride) {
    checkPlace(data.length, offset, rows, classes, rowStride);
    return new Matrix(null, data, offset, rows, classes, rowStride);
  }

  /**
   * A dense matrix of doubles from the array's start.
   *
   * @param data the values, at least rows · classes of them
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix of(double[] data, int rows, int classes) {
    return strided(data, 0, rows, classes, classes);
  }

  /**
   * The array of doubles under the view.
   *
   * @return the array itself, or null where the values are floats
   */
  public double[] doubles() {
    return doubles;
  }

  /** The array. */
  Object array() {
    return data == null ? doubles : data;
  }

  private static void checkPlace(int length, int offset, int rows, int classes, int rowStride) {
    checkSizes(rows, classes);
    Checks.notNegative("offset", offset);
    if (rowStride < classes) {
      throw new IllegalArgumentException(
          "rowStride = " + rowStride + " is less than classes = " + classes);
    }
    long needed = rows == 0 ? offset : offset + (long) (rows - 1) * rowStride + classes;
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

  private static void checkSizes(int rows, int classes) {
    Checks.notNegative("rows", rows);
    checkClasses(classes);
  }

  private static void checkClasses(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes = " + classes + " is less than 1");
    }
  }

  /**
   * The array under the view.
   *
   * @return the array itself, not a copy
   * @throws UnsupportedOperationException if the values are doubles
   */
  public float[] data() {
    if (data == null) {
      throw new UnsupportedOperationException("no float[] is under " + this);
    }
    return data;
  }

  /**
   * Index of the first value.
   *
   * @return 0 or more
   */
  public int offset() {
    return offset;
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
   * Number of classes: the length of a row.
   *
   * @return 1 or more
   */
  public int classes() {
    return classes;
  }

  /**
   * Distance between the starts of two rows.
   *
   * @return the number of classes or more
   */
  public int rowStride() {
    return rowStride;
  }

  /**
   * Index of a row's first value in {@link #data()}.
   *
   * @param row from 0 to rows − 1
   * @return the index
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public int rowStart(int row) {
    return offset + Checks.index("row", row, rows) * rowStride;
  }

  /**
   * One value.
   *
   * @param row from 0 to rows − 1
   * @param column from 0 to classes − 1
   * @return the value
   * @throws IndexOutOfBoundsException if the row or the column is out of range
   */
  public float get(int row, int column) {
    return data[rowStart(row) + Checks.index("column", column, classes)];
  }

  /**
   * Some of the rows, as a view of the same array.
   *
   * @param from first row
   * @param to one past the last row
   * @return the view
   * @throws IndexOutOfBoundsException if the range is not within the rows
   */
  public Matrix slice(int from, int to) {
    if (from < 0 || to < from || to > rows) {
      throw new IndexOutOfBoundsException(
          "rows [" + from + ", " + to + ") are not within [0, " + rows + ")");
    }
    int start = from == to ? offset : rowStart(from);
    return new Matrix(data, doubles, start, to - from, classes, rowStride);
  }

  @Override
  public String toString() {
    return "Matrix["
        + rows
        + " × "
        + classes
        + ", rowStride "
        + rowStride
        + (data == null ? ", double]" : "]");
  }
}
