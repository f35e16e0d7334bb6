package io.surprisal.internal;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.surprisal.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Floats: copied. */
final class FloatMemory extends Memory {
  private final ValueLayout.OfFloat layout;

  FloatMemory(MemorySegment segment, ByteOrder order) {
    super(segment, order);
    layout = JAVA_FLOAT_UNALIGNED.withOrder(order);
  }

  @Override
  public ElementType type() {
    return ElementType.FLOAT;
  }

  @Override
  double load(long index) {
    int bits = segment.get(JAVA_INT_UNALIGNED, index * Float.BYTES);
    return Float.intBitsToFloat(swapped ? Integer.reverseBytes(bits) : bits);
  }

  @Override
  void store(long index, float value) {
    int bits = Float.floatToRawIntBits(value);
    segment.set(
        JAVA_INT_UNALIGNED, index * Float.BYTES, swapped ? Integer.reverseBytes(bits) : bits);
  }

  @Override
  float sum(float number, float term) {
    return number + term;
  }

  @Override
  void load(long index, int count, Stage stage, float[] to, int at) {
    MemorySegment.copy(segment, layout, index * Float.BYTES, to, at, count);
  }

  @Override
  void store(long index, int count, Stage stage, float[] from, int at) {
    MemorySegment.copy(from, at, segment, layout, index * Float.BYTES, count);
  }

  @Override
  void sum(float[] numbers, int count, float[] terms, int at) {
    for (int i = 0; i < count; i++) {
      numbers[i] += terms[at + i];
    }
  }
}
