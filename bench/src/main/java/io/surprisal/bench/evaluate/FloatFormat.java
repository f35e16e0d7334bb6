package io.surprisal.bench.evaluate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How a float is saved, and how floats are had from it: exactly, but for doubles, which round.
 *
 * <p>Layouts are constants and bytes are swapped afterwards: with a layout that is a variable each
 * element takes many times as long.
 */
enum FloatFormat {
  FLOAT16("float16") {
    @Override
    void read(MemorySegment data, ByteOrder order, long from, float[] to, int start, int end) {
      boolean swapped = order != ByteOrder.nativeOrder();
      for (int i = start; i < end; i++) {
        short half = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, (from + i) * Short.BYTES);
        to[i] = Float.float16ToFloat(swapped ? Short.reverseBytes(half) : half);
      }
    }
  },

  BFLOAT16("bfloat16") {
    @Override
    void read(MemorySegment data, ByteOrder order, long from, float[] to, int start, int end) {
      boolean swapped = order != ByteOrder.nativeOrder();
      for (int i = start; i < end; i++) {
        short half = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, (from + i) * Short.BYTES);
        to[i] = Float.intBitsToFloat((swapped ? Short.reverseBytes(half) : half) << Short.SIZE);
      }
    }
  },

  FLOAT32("float32") {
    @Override
    void read(MemorySegment data, ByteOrder order, long from, float[] to, int start, int end) {
      ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
      MemorySegment.copy(data, layout, (from + start) * Float.BYTES, to, start, end - start);
    }
  },

  FLOAT64("float64") {
    @Override
    void read(MemorySegment data, ByteOrder order, long from, float[] to, int start, int end) {
      boolean swapped = order != ByteOrder.nativeOrder();
      for (int i = start; i < end; i++) {
        long bits = data.get(ValueLayout.JAVA_LONG_UNALIGNED, (from + i) * Double.BYTES);
        to[i] = (float) Double.longBitsToDouble(swapped ? Long.reverseBytes(bits) : bits);
      }
    }
  };

  private final String words;

  FloatFormat(String words) {
    this.words = words;
  }

  /**
   * Reads elements into a part of an array.
   *
   * @param data the elements
   * @param order of their bytes
   * @param from number of the element that belongs to the array's first
   * @param to where they go
   * @param start first index that is written
   * @param end the index after the last
   */
  abstract void read(
      MemorySegment data, ByteOrder order, long from, float[] to, int start, int end);

  @Override
  public String toString() {
    return words;
  }
}
