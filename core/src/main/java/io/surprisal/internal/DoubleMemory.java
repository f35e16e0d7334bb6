package io.surprisal.internal;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.surprisal.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Doubles: copied to where kernels of doubles take them, and back. No kernel of floats takes them.
 */
final class DoubleMemory extends Memory {
  private final ValueLayout.OfDouble layout;

  DoubleMemory(MemorySegment segment, ByteOrder order) {
    super(segment, order);
    layout = JAVA_DOUBLE_UNALIGNED.withOrder(order);
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

  /** Writes one number. */
  void set(long index, double value) {
    long bits = Double.doubleToRawLongBits(value);
    try {
      segment.set(
          JAVA_LONG_UNALIGNED, index * Double.BYTES, swapped ? Long.reverseBytes(bits) : bits);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Brings a run of numbers to an array. */
  void read(long index, int count, double[] to, int at) {
    try {
      MemorySegment.copy(segment, layout, index * Double.BYTES, to, at, count);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Brings numbers of an array back to a run. */
  void write(long index, int count, double[] from, int at) {
    try {
      MemorySegment.copy(from, at, segment, layout, index * Double.BYTES, count);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Adds a run of numbers to those of an array, and brings the sums back. */
  void add(long index, int count, double[] terms, int at, double[] room) {
    read(index, count, room, 0);
    for (int i = 0; i < count; i++) {
      terms[at + i] += room[i];
    }
    write(index, count, terms, at);
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
