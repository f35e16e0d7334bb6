package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.contract.DoubleDouble;
import io.surprisal.spi.DoubleTile;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The exponential in double by itself: its error, its exact zeros, its sums. */
class VectorDoubleExpTest {
  private static final int EXPONENT = VectorDoubleFrames.MODERATE_EXPONENT;
  private static final int ROUNDS = 200;

  private final DoubleTile tile = new DoubleTile();
  private final double[] logits = new double[DoubleTile.BLOCK];
  private final double[] terms = new double[DoubleTile.BLOCK];

  VectorDoubleExpTest() {
    tile.exps = new double[DoubleTile.BLOCK];
  }

  private long exponentials(int exponent) {
    return VectorDoubleExp.exponentials(
        tile, logits, 0, logits.length, exponent, tile.exps, 0, terms, 0);
  }

  @Test
  void errorOfASampleIsWithinItsBound() {
    double largest = 0;
    double worst = 0;
    double squares = 0;
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < ROUNDS; round++) {
      double range = round % 2 == 0 ? 250 : 1;
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextDouble(-range, range);
      }
      exponentials(EXPONENT);
      for (int i = 0; i < logits.length; i++) {
        DoubleDouble exact = DoubleDouble.of(logits[i]).exp().times(0x1p40);
        double difference = (tile.exps[i] - exact.high()) - exact.low();
        double error = Math.abs(difference) / Math.ulp(exact.high());
        worst = error > largest ? logits[i] : worst;
        largest = Math.max(largest, error);
        squares += error * error;
      }
    }
    double rms = Math.sqrt(squares / (ROUNDS * logits.length));
    System.out.printf(
        "exp in double: largest error %.3f ulp at %a, rms %.3f%n", largest, worst, rms);
    assertTrue(largest < 0.91, "largest error " + largest + " ulp");
    assertTrue(rms < 0.32, "rms " + rms + " ulp");
  }

  @Test
  void whatIsFarBelowIsExactlyZeroInEveryFrame() {
    double[] below = {Double.NEGATIVE_INFINITY, -Double.MAX_VALUE, -1e9, -3000};
    for (int exponent : new int[] {EXPONENT, 400, 2900, -2900}) {
      double cut = VectorDoubleExp.cut(exponent);
      for (int i = 0; i < logits.length; i++) {
        logits[i] = i % 8 < 4 ? below[i % 4] : i % 2 == 0 ? Math.nextDown(cut) : cut;
      }
      exponentials(exponent);
      for (int i = 0; i < logits.length; i++) {
        boolean kept = logits[i] >= cut;
        assertEquals(kept, tile.exps[i] >= Double.MIN_NORMAL, "e^" + logits[i]);
        assertTrue(kept || Double.doubleToRawLongBits(tile.exps[i]) == 0, "e^" + logits[i]);
      }
    }
  }

  @Test
  void notANumberStaysWhateverItsSignAndPayload() {
    long[] patterns = {
      0x7FF8_0000_0000_0000L,
      0xFFF8_0000_0000_0000L,
      0x7FF0_0000_0000_0001L,
      0xFFF0_0000_0000_0001L,
      0xFFFF_FFFF_FFFF_FFFFL
    };
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Double.longBitsToDouble(patterns[i % patterns.length]);
    }
    exponentials(EXPONENT);
    for (double e : tile.exps) {
      assertTrue(Double.isNaN(e));
    }
  }

  @Test
  void returnsTheLargestExponent() {
    Arrays.fill(logits, -3);
    logits[777] = 50;
    int k = (int) Math.rint(50 / Math.log(2));
    assertEquals(VectorDoubleExp.zBits(k, EXPONENT), exponentials(EXPONENT));
  }

  /** A large term that meets the small ones of its slot must not cost them their digits. */
  @Test
  void addsUpWhatWasStoredBeforeWithWhatRoundingLoses() {
    for (int count : new int[] {1, 7, 8, 9, 1000, DoubleTile.BLOCK}) {
      DoubleDouble expected = DoubleDouble.ZERO;
      for (int i = 0; i < count; i++) {
        logits[i] = i % 100 == 3 ? 30 : -i % 7 - 3;
      }
      VectorDoubleExp.exponentials(tile, logits, 0, count, EXPONENT, terms, 0, tile.scratch, 0);
      for (int i = 0; i < count; i++) {
        expected = expected.plus(DoubleDouble.of(terms[i]));
      }
      VectorDoubleExp.exponentials(tile, logits, 0, count, EXPONENT, tile.exps, 0, terms, 0);
      double sum = VectorDoubleSums.fold(tile.scratch);
      double low = tile.scratch[VectorDoubleSums.LOW];
      assertEquals(0, ((sum - expected.high()) + (low - expected.low())) / sum, 0x1p-95);
      assertEquals(sum, VectorDoubleSums.sum(terms, 0, count, tile.scratch));
      assertEquals(low, tile.scratch[VectorDoubleSums.LOW]);
    }
  }
}
