package io.surprisal;

import io.surprisal.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * What a matrix is a view of: a {@code float[]} or a {@code double[]}, which is used as it lies, or
 * other memory, from which numbers are brought tile by tile.
 */
final class Storage {
  /** The array, or null. */
  private final float[] floats;

  /** The array of doubles, or null. */
  private final double[] doubles;

  /** The other memory, or null. */
  private final Memory memory;

  /** The array in which elements lie, or null. */
  private final Object base;

  /** Index of the first element that may be used. */
  private final long start;

  /** Index one past the last. */
  private final long end;

  private Storage(Object array, Memory memory, long start, long end) {
    floats = array instanceof float[] numbers ? numbers : null;
    doubles = array instanceof double[] numbers ? numbers : null;
    base = array != null ? array : memory.segment().heapBase().orElse(null);
    this.memory = memory;
    this.start = start;
    this.end = end;
  }

  static Storage of(float[] floats) {
    return new Storage(floats, null, 0, floats.length);
  }

  /** The numbers of a segment: used as they lie where that is in an array of their type. */
  static Storage of(MemorySegment segment, ElementType type, ByteOrder order) {
    long length = segment.byteSize() / type.bytes();
    Object array = segment.heapBase().orElse(null);
    boolean own =
        switch (type) {
          case FLOAT -> array instanceof float[];
          case DOUBLE -> array instanceof double[];
          case BFLOAT16, FLOAT16 -> false;
        };
    if (own && order == ByteOrder.nativeOrder() && segment.address() % type.bytes() == 0) {
      long start = segment.address() / type.bytes();
      return new Storage(array, null, start, start + length);
    }
    return new Storage(null, Memory.of(segment, type, order), 0, length);
  }

  /** The same bytes, read in an order. */
  Storage withByteOrder(ByteOrder order) {
    return of(memory == null ? segment(start, end) : memory.segment(), type(), order);
  }

  ElementType type() {
    if (memory != null) {
      return memory.type();
    }
    return floats == null ? ElementType.DOUBLE : ElementType.FLOAT;
  }

  ByteOrder order() {
    return memory == null ? ByteOrder.nativeOrder() : memory.order();
  }

  /** The array, or null. */
  float[] floats() {
    return floats;
  }

  /** The array of doubles, or null. */
  double[] doubles() {
    return doubles;
  }

  /** The other memory, or null. */
  Memory memory() {
    return memory;
  }

  /** The array in which elements lie; null for memory outside the heap, or where it is hidden. */
  Object base() {
    return base;
  }

  /** Whether elements lie in an array that a read-only view does not reveal. */
  boolean hidesBase() {
    return base == null && !memory.segment().isNative();
  }

  /** Where an element lies: in bytes from the array's start, or the machine's address. */
  long byteAddress(long index) {
    return memory == null
        ? index * type().bytes()
        : memory.segment().address() + index * memory.type().bytes();
  }

  /** The elements from one index up to another. */
  MemorySegment segment(long from, long to) {
    long bytes = type().bytes();
    return whole().asSlice(from * bytes, (to - from) * bytes);
  }

  private MemorySegment whole() {
    if (memory != null) {
      return memory.segment();
    }
    return floats == null ? MemorySegment.ofArray(doubles) : MemorySegment.ofArray(floats);
  }

  boolean isReadOnly() {
    return memory != null && memory.segment().isReadOnly();
  }

  long start() {
    return start;
  }

  long length() {
    return end - start;
  }

  double get(long index) {
    if (memory != null) {
      return memory.get(index);
    }
    return floats == null ? doubles[(int) index] : floats[(int) index];
  }
}
