package io.surprisal;

import io.surprisal.internal.Strided;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * A view of {@code [rows × classes]} numbers, row-major: in a heap array, in a buffer or in a
 * memory segment.
 *
 * <p>Row r holds {@code classes} values from {@code offset + r·rowStride}; what lies between rows
 * is neither read nor written. A view copies nothing and is immutable, its memory is not: make it
 * once and use it for every batch that comes in the same place.
 *
 * <p>A {@code float[]} is used where it lies, also where it is seen through a buffer or a segment.
 * {@link ElementType#BFLOAT16}, {@link ElementType#FLOAT16} and floats in other memory are brought
 * to floats tile by tile, and results are taken back with one rounding; so the results have the
 * bits that the same floats in an array give. {@code docs/storage.md} has what is guaranteed of
 * memory that is closed, mapped or confined to a thread.
 *
 * <p>{@link ElementType#DOUBLE} is taken in a {@code double[]}, where it lies, and computed in
 * double: by log-sum-exp, softmax and log-softmax, and by losses of logits on class labels except
 * {@link SoftmaxSquaredError}, without logit scale and soft cap; what is written is in a {@code
 * double[]} then, too. Everything else refuses doubles, and so do all losses where doubles lie in
 * memory outside an array, in the other byte order or read-only.
 */
public final class Matrix {
  /** What HotSpot allows. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 2;

  private final Storage storage;
  private final long offset;
  private final int rows;
  private final int classes;
  private final long rowStride;

  private Matrix(Storage storage, long offset, int rows, int classes, long rowStride) {
    this.storage = storage;
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
   * A dense matrix of doubles, from the array's start.
   *
   * @param data the values, at least rows · classes of them
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the array too short
   */
  public static Matrix of(double[] data, int rows, int classes) {
    Objects.requireNonNull(data, "data");
    return of(MemorySegment.ofArray(data), ElementType.DOUBLE, rows, classes);
  }

  /**
   * A dense matrix of numbers of 16 bits, from the array's start.
   *
   * @param data the values, at least rows · classes of them
   * @param type {@link ElementType#BFLOAT16} or {@link ElementType#FLOAT16}
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range, the array too short or the type not
   *     one of 16 bits
   */
  public static Matrix of(short[] data, ElementType type, int rows, int classes) {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(type, "type");
    if (type.bytes() != Short.BYTES) {
      throw new IllegalArgumentException("type = " + type + " does not fit into a short");
    }
    return of(MemorySegment.ofArray(data), type, rows, classes);
  }

  /**
   * A dense matrix from the start of a segment: native, mapped from a file or of an array.
   *
   * @param data the values, at least rows · classes of them, on any address and in the machine's
   *     byte order: see {@link #withByteOrder}
   * @param type what they are
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the segment too short
   */
  public static Matrix of(MemorySegment data, ElementType type, int rows, int classes) {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(type, "type");
    return of(Storage.of(data, type, ByteOrder.nativeOrder()), rows, classes);
  }

  /**
   * A dense matrix from a buffer's position to its limit, direct or not, in the buffer's byte
   * order. The position is not moved; the view does not follow it later.
   *
   * @param data the values, at least rows · classes of them
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the buffer too short
   */
  public static Matrix of(FloatBuffer data, int rows, int classes) {
    Objects.requireNonNull(data, "data");
    MemorySegment segment = MemorySegment.ofBuffer(data);
    return of(Storage.of(segment, ElementType.FLOAT, data.order()), rows, classes);
  }

  /**
   * A dense matrix from a buffer's position to its limit, direct or not, in the byte order that the
   * buffer has now. The position is not moved; the view does not follow it later.
   *
   * @param data the values, at least rows · classes of them
   * @param type what they are
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the buffer too short
   */
  public static Matrix of(ByteBuffer data, ElementType type, int rows, int classes) {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(type, "type");
    return of(Storage.of(MemorySegment.ofBuffer(data), type, data.order()), rows, classes);
  }

  private static Matrix of(Storage storage, int rows, int classes) {
    return strided(storage, storage.start(), rows, classes, classes);
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
    return strided(Storage.of(data), offset, rows, classes, rowStride);
  }

  private static Matrix strided(
      Storage storage, long offset, int rows, int classes, long rowStride) {
    checkSizes(rows, classes);
    Layout.check(storage.length(), offset - storage.start(), rows, classes, rowStride);
    return new Matrix(storage, offset, rows, classes, rowStride);
  }

  /**
   * The same rows of the same storage from another place on.
   *
   * @param elements how many elements lie before the first row, 0 or more; from the start of the
   *     array, buffer or segment
   * @return the view
   * @throws IllegalArgumentException if the rows do not fit there
   */
  public Matrix withOffset(long elements) {
    Layout.notNegative("offset", elements);
    return strided(storage, storage.start() + elements, rows, classes, rowStride);
  }

  /**
   * The same storage, rows at another distance.
   *
   * @param elements from one row's first value to the next row's, {@code classes} or more
   * @return the view
   * @throws IllegalArgumentException if the distance is less, or the rows do not fit
   */
  public Matrix withRowStride(long elements) {
    return strided(storage, offset, rows, classes, elements);
  }

  /**
   * The same bytes, read and written in an order. The order of a new view is the machine's, that of
   * a view of a buffer the buffer's.
   *
   * @param order little-endian or big-endian
   * @return the view
   */
  public Matrix withByteOrder(ByteOrder order) {
    Objects.requireNonNull(order, "order");
    Storage ordered = storage.withByteOrder(order);
    long moved = offset - storage.start() + ordered.start();
    return new Matrix(ordered, moved, rows, classes, rowStride);
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
   * @throws UnsupportedOperationException if the values do not lie in a {@code float[]} of the heap
   */
  public float[] data() {
    if (storage.floats() == null) {
      throw new UnsupportedOperationException("no float[] is under " + this);
    }
    return storage.floats();
  }

  /**
   * What the values are.
   *
   * @return the type
   */
  public ElementType elementType() {
    return storage.type();
  }

  /**
   * The order of the values' bytes.
   *
   * @return the order
   */
  public ByteOrder byteOrder() {
    return storage.order();
  }

  /**
   * Index of the first value: in {@link #data()}, or in elements from the start of the segment.
   *
   * @return 0 or more
   */
  public long offset() {
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
  public long rowStride() {
    return rowStride;
  }

  /**
   * Index of a row's first value in {@link #data()}.
   *
   * @param row from 0 to rows − 1
   * @return the index
   * @throws IndexOutOfBoundsException if the row is out of range
   * @throws UnsupportedOperationException if the values do not lie in a {@code float[]} of the heap
   */
  public int rowStart(int row) {
    data();
    return (int) place(row);
  }

  private long place(int row) {
    return offset + Checks.index("row", row, rows) * rowStride;
  }

  /**
   * One value, whatever it is stored as.
   *
   * @param row from 0 to rows − 1
   * @param column from 0 to classes − 1
   * @return the value; a double is rounded
   * @throws IndexOutOfBoundsException if the row or the column is out of range
   * @throws IllegalStateException if the memory has been closed
   */
  public float get(int row, int column) {
    return (float) getDouble(row, column);
  }

  /**
   * One value, without rounding.
   *
   * @param row from 0 to rows − 1
   * @param column from 0 to classes − 1
   * @return the value
   * @throws IndexOutOfBoundsException if the row or the column is out of range
   * @throws IllegalStateException if the memory has been closed
   */
  public double getDouble(int row, int column) {
    return storage.get(place(row) + Checks.index("column", column, classes));
  }

  /**
   * Some of the rows, as a view of the same storage.
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
    long start = from == to ? offset : place(from);
    return new Matrix(storage, start, to - from, classes, rowStride);
  }

  /** What it is a view of. */
  Storage storage() {
    return storage;
  }

  /** Points a pass at it. */
  void placeIn(Strided place) {
    if (storage.doubles() != null) {
      place.set(storage.doubles(), offset, rowStride);
    } else {
      place.set(storage.floats(), storage.memory(), offset, rowStride);
    }
  }

  @Override
  public String toString() {
    ElementType type = storage.type();
    return "Matrix["
        + rows
        + " × "
        + classes
        + (type == ElementType.FLOAT ? "" : " " + type)
        + ", rowStride "
        + rowStride
        + (storage.memory() == null ? "" : ", in memory")
        + "]";
  }
}
