package io.surprisal.contract;

import io.surprisal.ElementType;
import io.surprisal.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where the doubles of a matrix may lie but an array, each in memory whose other bytes are guards.
 */
enum DoubleStorageKind {
  NATIVE(ByteOrder.LITTLE_ENDIAN),
  BIG_ENDIAN(ByteOrder.BIG_ENDIAN),
  UNALIGNED(ByteOrder.nativeOrder()) {
    @Override
    MemorySegment allocate(long bytes) {
      return Arena.ofAuto().allocate(bytes + 3).asSlice(3);
    }
  },
  IN_BYTES(ByteOrder.nativeOrder()) {
    @Override
    MemorySegment allocate(long bytes) {
      return MemorySegment.ofArray(new byte[(int) bytes]);
    }
  },
  IN_BUFFER(ByteOrder.BIG_ENDIAN) {
    @Override
    Matrix view(MemorySegment segment, int rows, int classes) {
      return Matrix.of(segment.asByteBuffer().order(order).asDoubleBuffer(), rows, classes);
    }
  };

  private static final byte GUARD = (byte) 0xFF;

  final ByteOrder order;

  DoubleStorageKind(ByteOrder order) {
    this.order = order;
  }

  MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes);
  }

  Matrix view(MemorySegment segment, int rows, int classes) {
    return Matrix.of(segment, ElementType.DOUBLE, rows, classes).withByteOrder(order);
  }

  /** A matrix among guards. */
  final class Stored {
    final Matrix matrix;
    private final MemorySegment segment;

    Stored(Matrix source, int offset, int gap) {
      int rows = source.rows();
      int stride = source.classes() + gap;
      segment = allocate((offset + (long) rows * stride + 70) * Double.BYTES);
      segment.fill(GUARD);
      matrix = view(segment, rows, source.classes()).withOffset(offset).withRowStride(stride);
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < source.classes(); column++) {
          long at = (offset + (long) row * stride + column) * Double.BYTES;
          ValueLayout.OfDouble layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
          segment.set(layout, at, source.getDouble(row, column));
        }
      }
    }

    /** Whether all bytes that belong to no element are as they were. */
    boolean areGuardsUntouched() {
      long stride = matrix.rowStride() * Double.BYTES;
      byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
      for (int i = 0; i < bytes.length; i++) {
        long beyond = i - matrix.offset() * Double.BYTES;
        boolean inside =
            beyond >= 0
                && beyond / stride < matrix.rows()
                && beyond % stride < (long) matrix.classes() * Double.BYTES;
        if (!inside && bytes[i] != GUARD) {
          return false;
        }
      }
      return true;
    }
  }
}
