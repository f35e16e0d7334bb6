package io.surprisal;

import java.lang.foreign.MemorySegment;

/** Where matrices lie in memory, and whether two share a part of it. */
final class Overlap {
  private Overlap() {}

  /** Whether two matrices have the same elements in the same places. */
  static boolean isSameView(Matrix one, Matrix other) {
    Storage first = one.storage();
    Storage second = other.storage();
    return first.base() == second.base()
        && firstByte(one) == firstByte(other)
        && first.type() == second.type()
        && first.order() == second.order()
        && one.classStride() == other.classStride()
        && one.firstPosition() == other.firstPosition()
        && (one.rowStride() == other.rowStride() || one.rows() < 2);
  }

  /** Whether two matrices share an element, or one has elements between those of the other. */
  static boolean meet(Matrix one, Matrix other) {
    if (one.storage().hidesBase() || other.storage().hidesBase()) {
      // Nothing tells where a read-only view of an array lies, but the JDK knows.
      return meets(one, other.storage().segment(other.offset(), other.end()));
    }
    return one.storage().base() == other.storage().base()
        && firstByte(one) < endByte(other)
        && firstByte(other) < endByte(one)
        && !areInterleaved(one, other);
  }

  /** Whether bytes of an array lie between a matrix's first and last. */
  static boolean meets(Matrix matrix, Object array, long first, long end) {
    if (matrix.storage().hidesBase()) {
      return meets(matrix, segment(array).asSlice(first, end - first));
    }
    return matrix.storage().base() == array && firstByte(matrix) < end && first < endByte(matrix);
  }

  /** Whether a matrix and a segment share memory, or the segment lies between the matrix's rows. */
  static boolean meets(Matrix matrix, MemorySegment segment) {
    MemorySegment own = matrix.storage().segment(matrix.offset(), matrix.end());
    return own.asOverlappingSlice(segment).isPresent();
  }

  /** An array of results as memory. */
  static MemorySegment segment(Object array) {
    return switch (array) {
      case float[] floats -> MemorySegment.ofArray(floats);
      case double[] doubles -> MemorySegment.ofArray(doubles);
      case int[] ints -> MemorySegment.ofArray(ints);
      default -> throw new IllegalArgumentException("no array of results: " + array.getClass());
    };
  }

  /** Two row-major matrices of one stride whose rows fit into each other's gaps. */
  private static boolean areInterleaved(Matrix one, Matrix other) {
    if (one.rows() < 2 && other.rows() < 2) {
      // No gaps; and the stride of a single row may be any number.
      return false;
    }
    long stride = one.rowStride() * bytes(one);
    boolean rowMajor = one.classStride() == 1 && other.classStride() == 1;
    if (!rowMajor || stride != other.rowStride() * bytes(other)) {
      return false;
    }
    long shift = Math.floorMod(firstByte(other) - firstByte(one), stride);
    return shift >= one.classes() * bytes(one) && shift + other.classes() * bytes(other) <= stride;
  }

  /** An argument and the elements from its first to its last. */
  static String range(String argument, Matrix matrix) {
    return argument + " [" + matrix.offset() + ", " + matrix.end() + ")";
  }

  /** What two matrices share, in a word. */
  static String shared(Matrix one, Matrix other) {
    boolean array = one.storage().memory() == null && other.storage().memory() == null;
    return array ? "array" : "memory";
  }

  private static long firstByte(Matrix matrix) {
    return matrix.storage().byteAddress(matrix.offset());
  }

  private static long endByte(Matrix matrix) {
    return matrix.storage().byteAddress(matrix.end());
  }

  private static long bytes(Matrix matrix) {
    return matrix.elementType().bytes();
  }
}
