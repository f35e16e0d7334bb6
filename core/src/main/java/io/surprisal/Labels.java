package io.surprisal;

import io.surprisal.internal.LabelMemory;
import io.surprisal.internal.LabelledRows;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;

/**
 * A view of class labels, one a row: indices from 0 to classes − 1, or the loss's ignore index.
 *
 * <p>They lie in an array, a buffer or a memory segment, as ints, longs, shorts or unsigned bytes.
 * A view copies nothing and is immutable, its memory is not.
 *
 * {@snippet :
 * Labels labels = Labels.of(3, 1, 4);
 * Labels unsigned = Labels.of(new byte[] {3, 1, (byte) 200});
 * Labels nextTokens = Labels.of(new int[] {7, 3, 1, 4}, 1, 3); // those from index 1: 3, 1, 4
 * }
 */
public final class Labels {
  /** The array, or null. */
  private final int[] data;

  /** Other memory, or null. */
  private final LabelMemory memory;

  /** The array in which the labels lie; null outside the heap, or where it is hidden. */
  private final Object base;

  /** Whether they lie in an array that a read-only view does not reveal. */
  private final boolean hidesBase;

  private final int offset;
  private final int rows;

  private Labels(int[] data, int offset, int rows) {
    this.data = data;
    this.memory = null;
    this.base = data;
    this.hidesBase = false;
    this.offset = offset;
    this.rows = rows;
  }

  private Labels(LabelMemory memory, int rows) {
    this.data = null;
    this.memory = memory;
    this.base = memory.segment().heapBase().orElse(null);
    this.hidesBase = base == null && !memory.segment().isNative();
    this.offset = 0;
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
   * The labels of a whole array.
   *
   * @param labels one label a row
   * @return the view
   */
  public static Labels of(long[] labels) {
    Objects.requireNonNull(labels, "labels");
    return of(MemorySegment.ofArray(labels), LabelType.INT64, labels.length);
  }

  /**
   * The labels of a whole array.
   *
   * @param labels one label a row
   * @return the view
   */
  public static Labels of(short[] labels) {
    Objects.requireNonNull(labels, "labels");
    return of(MemorySegment.ofArray(labels), LabelType.INT16, labels.length);
  }

  /**
   * The labels of a whole array, 0 to 255: a byte is unsigned.
   *
   * @param labels one label a row
   * @return the view
   */
  public static Labels of(byte[] labels) {
    Objects.requireNonNull(labels, "labels");
    return of(MemorySegment.ofArray(labels), LabelType.UINT8, labels.length);
  }

  /**
   * Labels from a buffer's position to its limit, direct or not, in the buffer's byte order. The
   * position is not moved; the view does not follow it later.
   *
   * @param labels an {@link IntBuffer}, {@link LongBuffer} or {@link ShortBuffer}, or a {@link
   *     ByteBuffer} of unsigned bytes; one label a row
   * @return the view
   * @throws IllegalArgumentException if it is another buffer
   */
  public static Labels of(Buffer labels) {
    Objects.requireNonNull(labels, "labels");
    MemorySegment segment = MemorySegment.ofBuffer(labels);
    int rows = labels.remaining();
    return switch (labels) {
      case IntBuffer ints -> of(segment, LabelType.INT32, rows, ints.order());
      case LongBuffer longs -> of(segment, LabelType.INT64, rows, longs.order());
      case ShortBuffer shorts -> of(segment, LabelType.INT16, rows, shorts.order());
      case ByteBuffer bytes -> of(segment, LabelType.UINT8, rows, bytes.order());
      default -> throw new IllegalArgumentException("labels are no integers: " + labels);
    };
  }

  /**
   * Labels from the start of a segment: native, mapped from a file or of an array.
   *
   * @param labels one label a row, on any address and in the machine's byte order: see {@link
   *     #withByteOrder}
   * @param type what they are
   * @param rows number of rows, 0 or more
   * @return the view
   * @throws IllegalArgumentException if the number is negative or the segment too short
   */
  public static Labels of(MemorySegment labels, LabelType type, int rows) {
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(type, "type");
    Checks.notNegative("rows", rows);
    long length = labels.byteSize() / type.bytes();
    if (rows > length) {
      throw new IllegalArgumentException(
          "labels.length = " + length + " is too short: " + rows + " rows need " + rows);
    }
    return of(labels, type, rows, ByteOrder.nativeOrder());
  }

  private static Labels of(MemorySegment labels, LabelType type, int rows, ByteOrder order) {
    boolean plain = type == LabelType.INT32 && order == ByteOrder.nativeOrder();
    boolean aligned = labels.address() % Integer.BYTES == 0;
    if (plain && aligned && labels.heapBase().orElse(null) instanceof int[] array) {
      return new Labels(array, (int) (labels.address() / Integer.BYTES), rows);
    }
    return new Labels(new LabelMemory(labels, type, order), rows);
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
   * Some of the rows, as a view of the same memory.
   *
   * @param from first row
   * @param to one past the last row
   * @return the view
   * @throws IndexOutOfBoundsException if the range is not within the rows
   */
  public Labels slice(int from, int to) {
    Checks.range(from, to, rows);
    if (memory == null) {
      return new Labels(data, offset + from, to - from);
    }
    long bytes = memory.type().bytes();
    MemorySegment part = memory.segment().asSlice(from * bytes, (to - from) * bytes);
    return of(part, memory.type(), to - from, memory.order());
  }

  /**
   * The same bytes, read in an order.
   *
   * @param order little-endian or big-endian
   * @return the view
   */
  public Labels withByteOrder(ByteOrder order) {
    Objects.requireNonNull(order, "order");
    if (memory != null) {
      return of(memory.segment(), memory.type(), rows, order);
    }
    long start = (long) offset * Integer.BYTES;
    MemorySegment segment = MemorySegment.ofArray(data).asSlice(start, 4L * rows);
    return of(segment, LabelType.INT32, rows, order);
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
   * @return the label as the memory holds it now; of a long beyond an int the nearest int
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public int get(int row) {
    return Math.clamp(value(row), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** One row's label as it is stored. */
  long value(int row) {
    Checks.index("row", row, rows);
    return memory == null ? data[offset + row] : memory.get(row);
  }

  /** The array, or null. */
  int[] data() {
    return data;
  }

  /** Other memory, or null. */
  LabelMemory memory() {
    return memory;
  }

  int offset() {
    return offset;
  }

  /** Whether a matrix shares memory with the labels, or has elements on both sides of them. */
  boolean meet(Matrix matrix) {
    if (memory == null) {
      return Overlap.meets(matrix, data, 4L * offset, 4L * offset + 4L * rows);
    }
    long bytes = (long) rows * memory.type().bytes();
    if (hidesBase || matrix.storage().hidesBase()) {
      return Overlap.meets(matrix, memory.segment().asSlice(0, bytes));
    }
    long first = memory.segment().address();
    return Overlap.meets(matrix, base, first, first + bytes);
  }

  /** Whether the labels lie in an array, in the open or behind a read-only view. */
  boolean lieIn(int[] array) {
    return base == array
        || (hidesBase
            && memory.segment().asOverlappingSlice(MemorySegment.ofArray(array)).isPresent());
  }

  /** Points a pass at them. */
  void placeIn(LabelledRows place) {
    place.set(data, offset, memory);
  }

  @Override
  public String toString() {
    return "Labels[" + rows + "]";
  }
}
