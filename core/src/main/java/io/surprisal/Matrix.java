package io.surprisal;

import io.surprisal.internal.Strided;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * A view of {@code [rows × classes]} numbers: row-major in a heap array, in a buffer or in a memory
 * segment; or with the classes first in a heap array.
 *
 * <p>Row r holds {@code classes} values from {@code offset + r·rowStride}, or with the classes
 * first from {@link #rowStart}, {@link #classStride} apart; what lies between is neither read nor
 * written. A view copies nothing and is immutable, its memory is not: make it once and use it for
 * every batch that comes in the same place.
 *
 * <p>Rows of a {@code float[]} are used where they lie, also where it is seen through a buffer or a
 * segment. {@link ElementType#BFLOAT16}, {@link ElementType#FLOAT16}, floats in other memory and
 * classes that come first are brought to rows of floats tile by tile, and results are taken back
 * with one rounding; so the results have the bits that the same floats in an array give. {@code
 * docs/storage.md} has what is guaranteed of memory that is closed, mapped or confined to a thread.
 *
 * <p>{@link ElementType#DOUBLE} is computed in double, in a {@code double[]} where it lies: by
 * log-sum-exp, softmax and log-softmax, by {@link NegativeLogLikelihood}, and with class labels by
 * {@link CrossEntropy}, {@link SoftmaxFocal}, {@link PolyCrossEntropy} and {@link
 * GeneralizedCrossEntropy}, without logit scale and soft cap; what is written is doubles then, too.
 * Everything else refuses doubles. They have their classes last.
 *
 * {@snippet :
 * Matrix logits = Matrix.of(new float[] {2, 0.5f, 0.1f, 0.1f, 0.2f, 0.9f}, 3); // [2 × 3]
 * Matrix lastRow = logits.slice(1, 2);
 * Matrix columns = Matrix.strided(new float[20], 1, 4, 3, 5); // 4 rows of 3, each 5 after the last
 * }
 */
public final class Matrix {
  private final Storage storage;
  private final long offset;
  private final int rows;
  private final int classes;
  private final long rowStride;

  /** 1, or the number of positions of a batch whose classes come first. */
  private final int classStride;

  /** Where classes come first, the position of row 0 in the batch that starts at the offset. */
  private final int firstPosition;

  private Matrix(Storage storage, long offset, int rows, int classes, long rowStride) {
    this.storage = storage;
    this.offset = offset;
    this.rows = rows;
    this.classes = classes;
    this.rowStride = rowStride;
    this.classStride = 1;
    this.firstPosition = 0;
  }

  /** Rows of batches whose classes come first, behind so many rows of the first batch on. */
  private Matrix(Matrix batches, int classStride, int skipped, int rows) {
    this.storage = batches.storage;
    this.offset = batches.offset + (long) (skipped / classStride) * batches.classes * classStride;
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
   * A dense matrix of doubles from a buffer's position to its limit, direct or not, in the buffer's
   * byte order. The position is not moved; the view does not follow it later.
   *
   * @param data the values, at least rows · classes of them
   * @param rows number of rows, 0 or more
   * @param classes number of classes, 1 or more
   * @return the view
   * @throws IllegalArgumentException if a size is out of range or the buffer too short
   */
  public static Matrix of(DoubleBuffer data, int rows, int classes) {
    Objects.requireNonNull(data, "data");
    MemorySegment segment = MemorySegment.ofBuffer(data);
    return of(Storage.of(segment, ElementType.DOUBLE, data.order()), rows, classes);
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
    Layout.checkClasses(classes);
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
    return of(new float[Layout.arrayLength(rows, classes)], rows, classes);
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
    Layout.checkSizes(rows, classes);
    Layout.check(storage.length(), offset - storage.start(), rows, classes, rowStride);
    return new Matrix(storage, offset, rows, classes, rowStride);
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
    Layout.checkBatches(data.length, offset, batches, classes, positions);
    int rows = batches == 0 ? 0 : batches * positions;
    Matrix rowMajor = new Matrix(Storage.of(data), offset, rows, classes, classes);
    boolean same = classes == 1 || positions == 1;
    return same ? rowMajor : new Matrix(rowMajor, positions, 0, rows);
  }

  /**
   * The same rows of the same storage from another place on.
   *
   * @param elements how many elements lie before the first row, 0 or more; from the start of the
   *     array, buffer or segment
   * @return the view
   * @throws IllegalArgumentException if the rows do not fit there
   * @throws UnsupportedOperationException if classes come first
   */
  public Matrix withOffset(long elements) {
    requireClassesLast("withOffset");
    Layout.notNegative("offset", elements);
    return strided(storage, storage.start() + elements, rows, classes, rowStride);
  }

  /**
   * The same storage, rows at another distance.
   *
   * @param elements from one row's first value to the next row's, {@code classes} or more
   * @return the view
   * @throws IllegalArgumentException if the distance is less, or the rows do not fit
   * @throws UnsupportedOperationException if classes come first
   */
  public Matrix withRowStride(long elements) {
    requireClassesLast("withRowStride");
    return strided(storage, offset, rows, classes, elements);
  }

  /**
   * The same bytes, read and written in an order. The order of a new view is the machine's, that of
   * a view of a buffer the buffer's.
   *
   * @param order little-endian or big-endian
   * @return the view
   * @throws UnsupportedOperationException if classes come first
   */
  public Matrix withByteOrder(ByteOrder order) {
    Objects.requireNonNull(order, "order");
    requireClassesLast("withByteOrder");
    Storage ordered = storage.withByteOrder(order);
    long moved = offset - storage.start() + ordered.start();
    return new Matrix(ordered, moved, rows, classes, rowStride);
  }

  /** Refuses what another layout does not have. */
  private void requireClassesLast(String what) {
    if (classStride > 1) {
      throw new UnsupportedOperationException(
          what + " needs a matrix with its classes last, but this is " + this);
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
  public long rowStride() {
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

  /** Where classes come first, the position of row 0 in its batch; else 0. */
  int firstPosition() {
    return firstPosition;
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
    Checks.index("row", row, rows);
    if (classStride == 1) {
      return offset + row * rowStride;
    }
    int position = firstPosition + row;
    return offset + position + (long) (position / classStride) * (classes - 1) * classStride;
  }

  /** Index one past the last value, as of {@link #offset}. */
  long end() {
    return rows == 0 ? offset() : place(rows - 1) + (classes - 1L) * classStride + 1;
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
    return storage.get(place(row) + (long) Checks.index("column", column, classes) * classStride);
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
    Checks.range(from, to, rows);
    if (classStride > 1) {
      return new Matrix(this, classStride, from == to ? 0 : firstPosition + from, to - from);
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
    } else if (classStride == 1) {
      place.set(storage.floats(), storage.memory(), offset, rowStride);
    } else {
      place.setClassesFirst(storage.floats(), offset, firstPosition, classStride, classes);
    }
  }

  @Override
  public String toString() {
    return Layout.describe(this);
  }
}
