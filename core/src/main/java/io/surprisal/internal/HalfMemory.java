package io.surprisal.internal;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.surprisal.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers of 16 bits. A run of them goes through an array of shorts, so that the loops which
 * convert see arrays alone, whatever the segment is.
 */
final class HalfMemory extends Memory {
  private static final int INFINITY = 0x7F80_0000;

  private final ElementType type;
  private final ValueLayout.OfShort layout;

  HalfMemory(MemorySegment segment, ByteOrder order, ElementType type) {
    super(segment, order);
    this.type = type;
    layout = JAVA_SHORT_UNALIGNED.withOrder(order);
  }

  @Override
  public ElementType type() {
    return type;
  }

  private boolean isBfloat16() {
    return type == ElementType.BFLOAT16;
  }

  @Override
  double load(long index) {
    short stored = segment.get(JAVA_SHORT_UNALIGNED, index * Short.BYTES);
    short bits = swapped ? Short.reverseBytes(stored) : stored;
    return isBfloat16() ? Bfloat16.toFloat(bits) : Float.float16ToFloat(bits);
  }

  @Override
  void store(long index, float value) {
    short bits = isBfloat16() ? Bfloat16.of(value) : Float.floatToFloat16(value);
    segment.set(
        JAVA_SHORT_UNALIGNED, index * Short.BYTES, swapped ? Short.reverseBytes(bits) : bits);
  }

  @Override
  float sum(float number, float term) {
    return sumToOdd(number, term);
  }

  @Override
  void load(long index, int count, Stage stage, float[] to, int at) {
    for (int done = 0, run; done < count; done += run) {
      run = Math.min(count - done, Stage.RUN);
      loadRun(index + done, run, stage, to, at + done);
    }
  }

  private void loadRun(long index, int count, Stage stage, float[] to, int at) {
    short[] halves = stage.halves;
    MemorySegment.copy(segment, layout, index * Short.BYTES, halves, 0, count);
    if (isBfloat16()) {
      stage.kernel.bfloat16ToFloats(halves, 0, count, to, at);
    } else {
      float[] floats = stage.sums;
      float16ToFloats(halves, floats, count);
      System.arraycopy(floats, 0, to, at, count);
    }
  }

  @Override
  void store(long index, int count, Stage stage, float[] from, int at) {
    short[] halves = stage.halves;
    for (int done = 0, run; done < count; done += run) {
      run = Math.min(count - done, Stage.RUN);
      if (isBfloat16()) {
        stage.kernel.floatsToBfloat16(from, at + done, halves, 0, run);
      } else {
        floatsToFloat16(from, at + done, halves, run);
      }
      MemorySegment.copy(halves, 0, segment, layout, (index + done) * Short.BYTES, run);
    }
  }

  /**
   * The compiler has instructions for many at once, which it uses where both arrays begin at 0:
   * with an offset the loop was four times as slow.
   */
  private static void float16ToFloats(short[] from, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.float16ToFloat(from[i]);
    }
  }

  private static void floatsToFloat16(float[] from, int at, short[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.floatToFloat16(from[at + i]);
    }
  }

  @Override
  void sum(float[] numbers, int count, float[] terms, int at) {
    for (int i = 0; i < count; i++) {
      numbers[i] = sumToOdd(numbers[i], terms[at + i]);
    }
  }

  /**
   * The sum, rounded to the float with an odd last bit where it is not exact: rounding that once
   * more to fewer bits gives what rounding the exact sum would have given (Boldo and Melquiond
   * 2008, doi 10.1109/TC.2007.70819).
   */
  private static float sumToOdd(float number, float term) {
    float sum = number + term;
    // Its error (TwoSum); NaN where the sum is not finite.
    float shared = sum - number;
    int error = Float.floatToRawIntBits((number - (sum - shared)) + (term - shared));
    int size = error & Integer.MAX_VALUE;
    int bits = Float.floatToRawIntBits(sum);
    // Without branches, which would be foretold wrongly: all bits or none.
    int inexact = (-size & (size - INFINITY)) >> 31;
    int even = (bits & 1) - 1;
    int outward = ((bits ^ error) >> 31) | 1;
    return Float.intBitsToFloat(bits + (outward & inexact & even));
  }
}
