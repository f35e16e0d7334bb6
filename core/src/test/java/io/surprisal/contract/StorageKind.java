package io.surprisal.contract;

import io.surprisal.ElementType;
import io.surprisal.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where the numbers of a matrix may lie, each in memory whose other bytes are guards. */
enum StorageKind {
  FLOATS_NATIVE(ElementType.FLOAT, ByteOrder.LITTLE_ENDIAN),
  FLOATS_BIG_ENDIAN(ElementType.FLOAT, ByteOrder.BIG_ENDIAN),
  FLOATS_IN_BYTES(ElementType.FLOAT, ByteOrder.nativeOrder()) {
    @Override
    MemorySegment allocate(long bytes) {
      return MemorySegment.ofArray(new byte[(int) bytes]);
    }
  },
  FLOATS_IN_BUFFER(ElementType.FLOAT, ByteOrder.BIG_ENDIAN) {
    @Override
    Matrix view(MemorySegment segment, int rows, int classes) {
      return Matrix.of(segment.asByteBuffer().order(order).asFloatBuffer(), rows, classes);
    }
  },
  BFLOAT16_NATIVE(ElementType.BFLOAT16, ByteOrder.LITTLE_ENDIAN),
  BFLOAT16_BIG_ENDIAN(ElementType.BFLOAT16, ByteOrder.BIG_ENDIAN),
  BFLOAT16_IN_SHORTS(ElementType.BFLOAT16, ByteOrder.nativeOrder()) {
    @Override
    MemorySegment allocate(long bytes) {
      return MemorySegment.ofArray(new short[(int) bytes / Short.BYTES]);
    }
  },
  FLOAT16_NATIVE(ElementType.FLOAT16, ByteOrder.LITTLE_ENDIAN),
  FLOAT16_IN_BUFFER(ElementType.FLOAT16, ByteOrder.BIG_ENDIAN) {
    @Override
    Matrix view(MemorySegment segment, int rows, int classes) {
      ByteBuffer buffer = segment.asByteBuffer().order(order);
      return Matrix.of(buffer, type, rows, classes);
    }
  };

  private static final byte GUARD = (byte) 0xFF;

  final ElementType type;
  final ByteOrder order;

  StorageKind(ElementType type, ByteOrder order) {
    this.type = type;
    this.order = order;
  }

  MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes);
  }

  Matrix view(MemorySegment segment, int rows, int classes) {
    return Matrix.of(segment, type, rows, classes).withByteOrder(order);
  }

  /** A number as it comes back from this storage. */
  final float stored(double value) {
    if (type == ElementType.FLOAT) {
      return (float) value;
    }
    HalfFormat format = HalfFormat.of(type);
    return format.value(format.nearest(value));
  }

  /** A matrix among guards. */
  final class Stored {
    final MemorySegment segment;
    final Matrix matrix;
    private final Matrix plain;

    Stored(Matrix source, int offset, int gap) {
      plain = source;
      int stride = source.classes() + gap;
      segment = allocate((offset + (long) source.rows() * stride + 70) * type.bytes());
      segment.fill(GUARD);
      matrix =
          view(segment, source.rows(), source.classes()).withOffset(offset).withRowStride(stride);
      for (int row = 0; row < source.rows(); row++) {
        for (int column = 0; column < source.classes(); column++) {
          put(row, column, source.get(row, column));
        }
      }
    }

    /** What is stored, as floats in an array. */
    Matrix floats() {
      Matrix floats = Matrix.zeros(matrix.rows(), matrix.classes());
      for (int row = 0; row < matrix.rows(); row++) {
        for (int column = 0; column < matrix.classes(); column++) {
          floats.data()[floats.rowStart(row) + column] = matrix.get(row, column);
        }
      }
      return floats;
    }

    /** Whether all bytes that belong to no element are as they were. */
    boolean areGuardsUntouched() {
      long stride = matrix.rowStride() * type.bytes();
      byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
      for (int i = 0; i < bytes.length; i++) {
        long beyond = i - matrix.offset() * type.bytes();
        boolean inside =
            beyond >= 0
                && beyond / stride < plain.rows()
                && beyond % stride < (long) plain.classes() * type.bytes();
        if (!inside && bytes[i] != GUARD) {
          return false;
        }
      }
      return true;
    }

    private void put(int row, int column, float value) {
      long at = (matrix.offset() + row * matrix.rowStride() + column) * type.bytes();
      if (type == ElementType.FLOAT) {
        segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), at, value);
      } else {
        short bits = HalfFormat.of(type).nearest(value);
        segment.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at, bits);
      }
    }
  }
}
