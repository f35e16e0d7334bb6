package io.surprisal.bench.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.Platform;

/**
 * How a column holds the logits of a row, and how they come from Spark's own rows into an array
 * without one object a number.
 */
public enum LogitFormat {
  /** {@code array<float>}. */
  FLOATS {
    @Override
    int classes(InternalRow row, int column) {
      return row.getArray(column).numElements();
    }

    @Override
    void copy(InternalRow row, int column, float[] logits, int offset) {
      ArrayData values = row.getArray(column);
      if (values instanceof UnsafeArrayData unsafe) {
        copyUnsafe(unsafe, logits, offset);
      } else {
        float[] copied = values.toFloatArray();
        System.arraycopy(copied, 0, logits, offset, copied.length);
      }
    }
  },
  /** {@code binary}: bf16, two bytes a number, the lower one first. */
  BFLOAT16 {
    @Override
    int classes(InternalRow row, int column) {
      int length = row.getBinary(column).length;
      if (length % Short.BYTES != 0) {
        throw new IllegalArgumentException("logits of " + length + " bytes are not bf16");
      }
      return length / Short.BYTES;
    }

    @Override
    void copy(InternalRow row, int column, float[] logits, int offset) {
      byte[] bytes = row.getBinary(column);
      for (int i = 0; i < bytes.length / Short.BYTES; i++) {
        int bits = bytes[2 * i + 1] << 24 | (bytes[2 * i] & 0xFF) << 16;
        logits[offset + i] = Float.intBitsToFloat(bits);
      }
    }
  };

  /** The format of a column of this type. */
  static LogitFormat of(DataType type) {
    if (type instanceof ArrayType array && array.elementType().equals(DataTypes.FloatType)) {
      return FLOATS;
    }
    if (type.equals(DataTypes.BinaryType)) {
      return BFLOAT16;
    }
    throw new IllegalArgumentException(
        "logits are " + type.catalogString() + ", not array<float> or binary (bf16)");
  }

  abstract int classes(InternalRow row, int column);

  abstract void copy(InternalRow row, int column, float[] logits, int offset);

  /** Spark's array is a number of elements, a bit for each that is null, then the floats. */
  private static void copyUnsafe(UnsafeArrayData values, float[] logits, int offset) {
    int count = values.numElements();
    Object base = values.getBaseObject();
    long start = values.getBaseOffset();
    int header = UnsafeArrayData.calculateHeaderPortionInBytes(count);
    for (int word = Long.BYTES; word < header; word += Long.BYTES) {
      if (Platform.getLong(base, start + word) != 0) {
        throw new IllegalArgumentException("a logit is null: write NaN or −∞");
      }
    }
    Platform.copyMemory(
        base,
        start + header,
        logits,
        Platform.FLOAT_ARRAY_OFFSET + (long) Float.BYTES * offset,
        (long) Float.BYTES * count);
  }
}
