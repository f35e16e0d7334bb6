package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.spi.Tile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The exponential by itself: its error, and its exact zeros. */
class VectorExpTest {
  private static final int EXPONENT = -40;
  private static final double FRAME = 0x1p40;

  private final Tile tile = new Tile();
  private final float[] logits = new float[Tile.BLOCK];
  private final float[] terms = new float[Tile.BLOCK];

  VectorExpTest() {
    tile.exps = new float[Tile.BLOCK];
  }

  private int exponentials() {
    return VectorExp.exponentials(tile, logits, 0, logits.length, EXPONENT, tile.exps, 0, terms, 0);
  }

  /**
   * Every 997th float of the range in which e is neither 0 nor beyond its bound; the rest:
   * -Pexhaustive.
   */
  @Test
  void errorOfASampleIsWithinItsBound() {
    double largest = 0;
    double squares = 0;
    long count = 0;
    for (float[] range : new float[][] {{0x1p-40f, 55}, {-97, -0x1p-40f}}) {
      int first = Float.floatToIntBits(Math.min(Math.abs(range[0]), Math.abs(range[1])));
      int last = Float.floatToIntBits(Math.max(Math.abs(range[0]), Math.abs(range[1])));
      float sign = Math.signum(range[0] + range[1]);
      for (int bits = first; bits < last; bits += 997 * logits.length) {
        for (int i = 0; i < logits.length; i++) {
          logits[i] = sign * Float.intBitsToFloat(Math.min(bits + 997 * i, last));
        }
        exponentials();
        for (int i = 0; i < logits.length; i++) {
          double exact = StrictMath.exp(logits[i]) * FRAME;
          double error = Math.abs(tile.exps[i] - exact) / Math.ulp((float) exact);
          largest = Math.max(largest, error);
          squares += error * error;
          count++;
        }
      }
    }
    double rms = Math.sqrt(squares / count);
    System.out.printf("exp: %d floats, largest error %.3f ulp, rms %.3f%n", count, largest, rms);
    assertTrue(largest < 0.91, "largest error " + largest + " ulp");
    assertTrue(rms < 0.32, "rms " + rms + " ulp");
  }

  @Test
  void whatIsFarBelowIsExactlyZero() {
    Arrays.fill(logits, 0, 1024, Float.NEGATIVE_INFINITY);
    Arrays.fill(logits, 1024, 1536, -Float.MAX_VALUE);
    Arrays.fill(logits, 1536, 2048, -117);
    int maxBits = exponentials();
    for (float e : tile.exps) {
      assertEquals(0, Float.floatToRawIntBits(e));
    }
    assertTrue(maxBits < VectorFrames.MODERATE_MIN_BITS);
  }

  @Test
  void notANumberStaysWhateverItsSignAndPayload() {
    int[] patterns = {0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffc01234};
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Float.intBitsToFloat(patterns[i % patterns.length]);
    }
    exponentials();
    for (float e : tile.exps) {
      assertTrue(Float.isNaN(e));
    }
  }

  @Test
  void returnsTheLargestExponent() {
    Arrays.fill(logits, -3);
    logits[777] = 50;
    assertEquals(Math.rint(50 / Math.log(2)), VectorExp.k(exponentials(), EXPONENT));
  }

  @Test
  void addsUpWhatWasStoredBefore() {
    for (int count : new int[] {1, 15, 16, 17, 1000, Tile.BLOCK}) {
      double expected = 0;
      for (int i = 0; i < count; i++) {
        logits[i] = i % 7 - 3;
        expected += StrictMath.exp(logits[i]) * FRAME;
      }
      VectorExp.exponentials(tile, logits, 0, count, EXPONENT, terms, 0, tile.scratch, 0);
      VectorExp.exponentials(tile, logits, 0, count, EXPONENT, tile.exps, 0, terms, 0);
      double sum = VectorSums.fold(tile.doubleScratch);
      assertEquals(expected, sum, 1e-7 * expected);
      assertEquals(VectorSums.plainSum(terms, 0, count, tile.doubleScratch), sum);
    }
  }
}
