package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Conversion of the upper halves of floats, of every one of them. */
class VectorBfloat16Test {
  private static final int INFINITY = 0x7F80;

  private final VectorSoftmaxKernel kernel = new VectorSoftmaxKernel();

  @Test
  void everyHalfIsTheFloatOfItsUpperBits() {
    short[] halves = new short[1 << Short.SIZE];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) i;
    }
    float[] floats = new float[halves.length + 3];
    kernel.bfloat16ToFloats(halves, 0, halves.length, floats, 3);
    for (int i = 0; i < halves.length; i++) {
      assertEquals(i << Short.SIZE, Float.floatToRawIntBits(floats[i + 3]));
    }
  }

  /** Around each number, each middle between two, and in between. */
  @Test
  void everyFloatGoesToTheNearestAndOfTwoToTheEvenOne() {
    int[] below = {0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    float[] floats = new float[below.length << Short.SIZE];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          Float.intBitsToFloat(((i / below.length) << Short.SIZE) | below[i % below.length]);
    }
    short[] halves = new short[floats.length];
    kernel.floatsToBfloat16(floats, 0, halves, 0, halves.length);
    for (int i = 0; i < floats.length; i++) {
      int upper = Float.floatToRawIntBits(floats[i]) >>> Short.SIZE;
      assertEquals(nearest(floats[i], upper), halves[i], "of " + Float.toHexString(floats[i]));
    }
  }

  /** By comparing distances: the next number after the largest is where infinity stands. */
  private static short nearest(float value, int upper) {
    int magnitude = upper & Short.MAX_VALUE;
    if (Float.isNaN(value)) {
      return (short) (upper | 0x40);
    }
    if (magnitude == INFINITY) {
      return (short) upper;
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    BigDecimal down = exact.subtract(decimal(magnitude));
    BigDecimal up = decimal(magnitude + 1).subtract(exact);
    int compared = down.compareTo(up);
    boolean isUp = compared > 0 || (compared == 0 && (upper & 1) == 1);
    return (short) (isUp ? upper + 1 : upper);
  }

  private static BigDecimal decimal(int magnitude) {
    return new BigDecimal(
        magnitude == INFINITY ? 0x1p128 : (double) Float.intBitsToFloat(magnitude << Short.SIZE));
  }

  @Test
  void nothingElseIsWritten() {
    for (int count = 0; count <= 70; count++) {
      float[] floats = new float[80];
      Arrays.fill(floats, 1.5f);
      short[] halves = new short[80];
      kernel.floatsToBfloat16(floats, 3, halves, 2, 2 + count);
      short[] expected = new short[80];
      Arrays.fill(expected, 2, 2 + count, (short) 0x3FC0);
      assertArrayEquals(expected, halves);
      Arrays.fill(floats, 7);
      kernel.bfloat16ToFloats(halves, 2, 2 + count, floats, 1);
      float[] back = new float[80];
      Arrays.fill(back, 7);
      Arrays.fill(back, 3, 3 + count, 1.5f);
      assertArrayEquals(back, floats);
    }
  }
}
