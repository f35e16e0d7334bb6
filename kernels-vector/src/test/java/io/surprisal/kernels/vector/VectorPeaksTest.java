package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.WeighForm;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The largest of many values is where the plain loop of the kernel's contract finds it. */
class VectorPeaksTest {
  private static final int FIRST = 3;
  private static final int[] COUNTS = {256, 257, 263, 264, 271, 272, 1000, 4099};
  private static final float NEGATIVE_NAN = Float.intBitsToFloat(0xffc0_0000);

  private final SoftmaxKernel plain = new PlainLoops();
  private final SoftmaxKernel vector = new VectorSoftmaxKernel();
  private final SplittableRandom random = new SplittableRandom(1);

  private void check(String what, float[] values) {
    int count = values.length - FIRST;
    assertEquals(plain.argMax(values, FIRST, count), vector.argMax(values, FIRST, count), what);
  }

  private float[] values(int count, float least) {
    float[] values = new float[FIRST + count];
    for (int i = FIRST; i < values.length; i++) {
      values[i] = least + random.nextFloat();
    }
    return values;
  }

  @Test
  void largestAnywhereIsFound() {
    for (int count : COUNTS) {
      for (float least : new float[] {-0.5f, 0, -2, -1e30f}) {
        float[] values = values(count, least);
        check("as they come, from " + least, values);
        for (int place : new int[] {0, 1, 15, 16, count / 2, count - 1}) {
          float[] peaked = values.clone();
          peaked[FIRST + place] = least + 3;
          check("peak at " + place + " of " + count, peaked);
        }
      }
    }
  }

  @Test
  void firstOfEqualValuesIsFound() {
    for (int count : COUNTS) {
      for (float value : new float[] {1, 0, -0f, -1, Float.POSITIVE_INFINITY}) {
        float[] values = new float[FIRST + count];
        Arrays.fill(values, value);
        check("all " + value, values);
        Arrays.fill(values, Float.NEGATIVE_INFINITY);
        for (int place : new int[] {count - 1, count - 9, 40, 24, 8}) {
          values[FIRST + place] = value;
          check(value + " from " + place, values);
        }
      }
    }
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    for (int count : COUNTS) {
      float[] values = new float[FIRST + count];
      Arrays.fill(values, -1);
      values[FIRST + count - 1] = 0;
      check("a zero", values);
      values[FIRST + 20] = -0f;
      check("with another sign in front of it", values);
    }
  }

  @Test
  void nanIsNeverTheLargest() {
    for (int count : COUNTS) {
      for (float nan : new float[] {Float.NaN, NEGATIVE_NAN}) {
        for (float least : new float[] {0, -2}) {
          for (int place : new int[] {0, 17, count - 1}) {
            float[] values = values(count, least);
            values[FIRST + place] = nan;
            check("one NaN", values);
          }
        }
        float[] values = new float[FIRST + count];
        Arrays.fill(values, nan);
        check("only NaN", values);
        values[FIRST + count - 2] = Float.NEGATIVE_INFINITY;
        check("-inf beside NaN", values);
      }
    }
  }

  /** What a kernel has that writes no more than it must. */
  private static final class PlainLoops implements SoftmaxKernel {
    @Override
    public void reduce(Tile tile) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void weigh(Tile tile, WeighForm form) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void map(Tile tile, MapForm form) {
      throw new UnsupportedOperationException();
    }
  }
}
