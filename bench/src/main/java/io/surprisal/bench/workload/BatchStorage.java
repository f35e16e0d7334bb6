package io.surprisal.bench.workload;

import io.surprisal.ElementType;
import io.surprisal.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Where logits and gradient lie. */
public enum BatchStorage {
  /** In a {@code float[]}, used as it lies. */
  ARRAY(ElementType.FLOAT, ByteOrder.nativeOrder()),

  /** Floats outside the heap. */
  NATIVE(ElementType.FLOAT, ByteOrder.nativeOrder()),

  /** Floats outside the heap in the byte order that is not the machine's. */
  SWAPPED(
      ElementType.FLOAT,
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
          ? ByteOrder.BIG_ENDIAN
          : ByteOrder.LITTLE_ENDIAN),

  /** Upper halves of floats, outside the heap. */
  BFLOAT16(ElementType.BFLOAT16, ByteOrder.nativeOrder()),

  /** Binary16, outside the heap. */
  FLOAT16(ElementType.FLOAT16, ByteOrder.nativeOrder());

  private final ElementType type;
  private final ByteOrder order;

  BatchStorage(ElementType type, ByteOrder order) {
    this.type = type;
    this.order = order;
  }

  /** The same batch stored so, rounded where the type makes it necessary. */
  public LogitsBatch store(LogitsBatch batch) {
    return this == ARRAY
        ? batch
        : new LogitsBatch(
            batch.shape(), copy(batch.logits()), copy(batch.scratch()), batch.labels());
  }

  private Matrix copy(Matrix from) {
    float[] values = from.data();
    MemorySegment segment = Arena.ofAuto().allocate((long) values.length * type.bytes(), 64);
    for (int i = 0; i < values.length; i++) {
      switch (type) {
        case BFLOAT16 -> {
          // Cut, not rounded: any number will do.
          short bits = (short) (Float.floatToRawIntBits(values[i]) >>> Short.SIZE);
          segment.setAtIndex(ValueLayout.JAVA_SHORT.withOrder(order), i, bits);
        }
        case FLOAT16 -> {
          short bits = Float.floatToFloat16(values[i]);
          segment.setAtIndex(ValueLayout.JAVA_SHORT.withOrder(order), i, bits);
        }
        default -> segment.setAtIndex(ValueLayout.JAVA_FLOAT.withOrder(order), i, values[i]);
      }
    }
    return Matrix.of(segment, type, from.rows(), from.classes()).withByteOrder(order);
  }
}
