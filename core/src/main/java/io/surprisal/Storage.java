package io.surprisal;

import io.surprisal.internal.Memory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * What a matrix is a view of: a {@code float[]}, which is used as it lies, or other memory, from
 * which numbers are brought tile by tile.
 */
final class Storage {
  /** The array, or null. */
  private final float[] floats;

  /** The other memory, or null. */
  private final Memory memory;

  /** The array in which elements lie, or null. */
  private final Object base;

  /** Index of the first element that may be used. */
  private final long start;

  /** Index one past the last. */
  private final long end;

  private Storage(float[] floats, Memory memory, long start, long end) {
    this.floats = floats;
    base = floats != null ? floats : memory.segment().heapBase().orElse(null);
    this.memory = memory;
    this.start = start;
    this.end = end;
  }

  static Storage of(float[] floats) {
    return new Storage(floats, null, 0, floats.length);
  }

  /** The numbers of a segment: used as they lie where that is in a {@code float[]}. */
  static Storage of(MemorySegment segment, ElementType type, ByteOrder order) {
    long length = segment.byteSize() / type.bytes();
    boolean plain = type == ElementType.FLOAT && order == ByteOrder.nativeOrder();
    if (plain && segment.heapBase().orElse(null) instanceof float[] floats) {
      long bytes = segment.address();
      if (bytes % Float.BYTES == 0) {
        return new Storage(floats, null, bytes / Float.BYTES, bytes / Float.BYTES + length);
      }
    }
    return new Storage(null, Memory.of(segment, type, order), 0, length);
  }

  /** The same bytes, read in an order. */
  Storage withByteOrder(ByteOrder order) {
    if (memory != null) {
      return of(memory.segment(), type(), order);
    }
    long bytes = (end - start) * Float.BYTES;
    MemorySegment segment = MemorySegment.ofArray(floats).asSlice(start * Float.BYTES, bytes);
    return of(segment, type(), order);
  }

  ElementType type() {
    return memory == null ? ElementType.FLOAT : memory.type();
  }

  ByteOrder order() {
    return memory == null ? ByteOrder.nativeOrder() : memory.order();
  }

  /** The array, or null. */
  float[] floats() {
    return floats;
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
        ? index * Float.BYTES
        : memory.segment().address() + index * memory.type().bytes();
  }

  /** The elements from one index up to another. */
  MemorySegment segment(long from, long to) {
    MemorySegment whole = memory == null ? MemorySegment.ofArray(floats) : memory.segment();
    long bytes = type().bytes();
    return whole.asSlice(from * bytes, (to - from) * bytes);
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
    return memory == null ? floats[(int) index] : memory.get(index);
  }
}
