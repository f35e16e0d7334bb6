package io.surprisal.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.surprisal.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Doubles: looked at one by one, as no kernel of floats takes them. */
final class DoubleMemory extends Memory {
  DoubleMemory(MemorySegment segment, ByteOrder order) {
    super(segment, order);
  }

  @Override
  public ElementType type() {
    return ElementType.DOUBLE;
  }

  @Override
  double load(long index) {
    long bits = segment.get(JAVA_LONG_UNALIGNED, index * Double.BYTES);
    return Double.longBitsToDouble(swapped ? Long.reverseBytes(bits) : bits);
  }

  @Override
  void store(long index, float value) {
    throw refused();
  }

  @Override
  float sum(float number, float term) {
    throw refused();
  }

  @Override
  void load(long index, int count, Stage stage, float[] to, int at) {
    throw refused();
  }

  @Override
  void store(long index, int count, Stage stage, float[] from, int at) {
    throw refused();
  }

  @Override
  void sum(float[] numbers, int count, float[] terms, int at) {
    throw refused();
  }

  private static IllegalStateException refused() {
    return new IllegalStateException("doubles are refused before a pass");
  }
}
