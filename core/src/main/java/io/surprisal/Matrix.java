package io.surprisal;

import io.surprisal.internal.Strided;
import java.util.Objects;

/**
 * A view of {@code [rows × classes]} float values in a heap array, row-major or with the classes
 * first.
 *
 * <p>Row r holds {@code classes} values from {@link #rowStart}, {@link #classStride} apart; what
 * lies between is neither read nor written. A view copies nothing and is immutable, its array is
 * not: make it once and use it for every batch that comes in the same array.
 */
public final class Matrix {
  /** What HotSpot allows. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 2;

  private final float[] data;
  private final int offset;
  private final int rows;
  private final int classes;
  private final int rowStride;

  /** 1, or the number of positions of a batch whose classes come first. */
  private final int classStride;

  /** Where classes come first, the position of row 0 in the batch that starts at the offset. */
  private final int firstPosition;

  private Matrix(float[] data, int offset, int rows, int classes, int rowStride) {
    this.data = data;
    this.offset = offset;
    this.rows = rows;
    this.classes = classes;
    this.rowStride = rowStride;
    this.classStride = 1;
    this.firstPosition = 0;
  }

  /** Rows of batches whose classes come first, behind so many rows of the first batch on. */
  private Matrix(Matrix batches, int classStride, int skipped, int rows) {
    this.data = batches.data;
    this.offset = batches.offset + skipped / classStride * batches.classes * classStride;
    this.rows = rows;
    this.classes = batches.classes;
    this.rowStride = 1;
    this.classStride = classStride;
    this.firstPosition = skipped % classStride;
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
    MatrixArguments.checkClasses(classes);
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
    MatrixArguments.checkSizes(rows, classes);
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
    MatrixArguments.checkSizes(rows, classes);
    Checks.notNegative("offset", offset);
    if (rowStride < classes) {
      throw new IllegalArgumentException(
          "rowStride = " + rowStride + " is less than classes = " + classes);
    }
    Matrix matrix = new Matrix(data, offset, rows, classes, rowStride);
    MatrixArguments.checkLength(matrix);
    return matrix;
  }

  /**
   * Batches whose classes come first, {@code [batches × classes × positions]} from an array's
   * start: the layout {@code [N, C, d1, …]} of images and sequences, positions = d1·….
   *
   * <p>Row r is position r mod positions of batch r / positions, so labels, losses and weights lie
   * as {@code [N, d1, …]}. Every result has the bits of the same rows with classes last. Losses of
   * single elements refuse this layout, since to them classes are nothing special.
   *
   * @param data the values, at least batches · classes · positions of them
   * @param batches number of batches N, 0 or more
   * @param classes number of classes C, 1 or more
   * @param positions of a batch, 1 or more
   * @return the view, of batches · positions rows
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix classesFirst(float[] data, int batches, int classes, int positions) {
    return classesFirst(data, 0, batches, classes, positions);
  }

  /**
   * Batches whose classes come first, anywhere in an array.
   *
   * @param data the values
   * @param offset index of the first value, 0 or more
   * @param batches number of batches N, 0 or more
   * @param classes number of classes C, 1 or more
   * @param positions of a batch, 1 or more
   * @return the view, of batches · positions rows, as of {@link #classesFirst(float[], int, int,
   *     int)}
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix classesFirst(
      float[] data, int offset, int batches, int classes, int positions) {
    Objects.requireNonNull(data, "data");
    Checks.notNegative("offset", offset);
    Checks.notNegative("batches", batches);
    MatrixArguments.checkClasses(classes);
    MatrixArguments.atLeastOne("positions", positions);
    MatrixArguments.checkLength(data.length, offset, batches, classes, positions);
    Matrix rows =
        new Matrix(data, offset, batches == 0 ? 0 : batches * positions, classes, classes);
    boolean rowMajor = classes == 1 || positions == 1;
    return rowMajor ? rows : new Matrix(rows, positions, 0, rows.rows);
  }

  /** Where classes come first, the position of row 0 in its batch; else 0. */
  int firstPosition() {
    return firstPosition;
  }

  /** Tells a pass where this is. */
  void place(Strided place) {
    if (classStride == 1) {
      place.set(data, offset, rowStride);
    } else {
      place.setClassesFirst(data, offset, firstPosition, classStride, classes);
    }
  }

  /**
   * The array under the view.
   *
   * @return the array itself, not a copy
   */
  public float[] data() {
    return data;
  }

  /**
   * Index of the first value.
   *
   * @return 0 or more
   */
  public int offset() {
    return offset + firstPosition;
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
   * @return the number of classes or more; 1 where classes come first, between rows of one batch
   */
  public int rowStride() {
    return rowStride;
  }

  /**
   * Distance between two values of a row.
   *
   * @return 1, or the number of positions where classes come first
   */
  public int classStride() {
    return classStride;
  }

  /**
   * Index of a row's first value in {@link #data()}.
   *
   * @param row from 0 to rows − 1
   * @return the index
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public int rowStart(int row) {
    Checks.index("row", row, rows);
    if (classStride == 1) {
      return offset + row * rowStride;
    }
    int place = firstPosition + row;
    return offset + place + place / classStride * (classes - 1) * classStride;
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
    return data[rowStart(row) + Checks.index("column", column, classes) * classStride];
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
    if (classStride > 1) {
      return new Matrix(this, classStride, from == to ? 0 : firstPosition + from, to - from);
    }
    int start = from == to ? offset : rowStart(from);
    return new Matrix(data, start, to - from, classes, rowStride);
  }

  @Override
  public String toString() {
    String layout = classStride == 1 ? ", rowStride " + rowStride : ", classStride " + classStride;
    return "Matrix[" + rows + " × " + classes + layout + "]";
  }
}
