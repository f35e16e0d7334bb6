package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.spi.Tile;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The exponential of every float in the moderate frame.
 *
 * <p>The reference is {@code StrictMath.exp}, within 1 ulp of double: errors in ulp of float are
 * known to 2e-9, far below the digits that are recorded.
 */
@Tag("exhaustive")
class VectorExpExhaustiveTest {
  private static final int EXPONENT = VectorFrames.MODERATE_EXPONENT;
  private static final double FRAME = 0x1p40;
  private static final int SIGN = 1 << 31;
  private static final int CHUNK = 512 * Tile.BLOCK;

  private static final int LARGEST = Float.floatToIntBits(55.8f);
  private static final int LEAST = Float.floatToIntBits(-97f);
  private static final int LAST_ABOVE_CUT = Float.floatToIntBits(-114.7f);
  private static final int FIRST_CUT = Float.floatToIntBits(-114.72f);

  /** Nearer to 0, e is 1 to within its rounding: such floats would only dilute the mean. */
  private static final float NOT_ONE = 0x1p-20f;

  /** What was measured: at x = 0x1.4cbca6p2, and over the floats that are not next to 0. */
  private static final double MAXIMUM_ULP = 0.905557;

  private static final double RMS_ULP = 0.293076;

  /** What was measured near the cut. */
  private static final double MAXIMUM_ULP_NEAR_CUT = 1.275470;

  /** Errors of some floats. */
  private record Ulps(double maximum, float worst, double squares, long meant, long count) {
    static final Ulps NONE = new Ulps(0, 0, 0, 0, 0);

    Ulps and(Ulps other) {
      boolean larger = other.maximum > maximum;
      return new Ulps(
          larger ? other.maximum : maximum,
          larger ? other.worst : worst,
          squares + other.squares,
          meant + other.meant,
          count + other.count);
    }

    double rootMeanSquare() {
      return Math.sqrt(squares / meant);
    }
  }

  /** Exponentials of the floats whose bits follow each other from some bits on. */
  private static final class Block {
    final Tile tile = new Tile();
    final float[] logits = new float[Tile.BLOCK];

    Block() {
      tile.exps = new float[Tile.BLOCK];
    }

    void exponentials(int firstBits, int count) {
      for (int i = 0; i < count; i++) {
        logits[i] = Float.intBitsToFloat(firstBits + i);
      }
      VectorExp.exponentials(tile, logits, 0, count, EXPONENT, tile.exps, 0, tile.scratch, 0);
    }

    double exact(int i) {
      return StrictMath.exp(logits[i]) * FRAME;
    }

    /** Errors of the first results. */
    Ulps ulps(int count) {
      double maximum = 0;
      float worst = 0;
      double squares = 0;
      long meant = 0;
      for (int i = 0; i < count; i++) {
        double exact = exact(i);
        double error = Math.abs(tile.exps[i] - exact) / Math.ulp((float) exact);
        if (error > maximum) {
          maximum = error;
          worst = logits[i];
        }
        if (Math.abs(logits[i]) >= NOT_ONE) {
          squares += error * error;
          meant++;
        }
      }
      return new Ulps(maximum, worst, squares, meant, count);
    }
  }

  private interface Check {
    Ulps of(Block block, int count);
  }

  /** The results of a check of every float between two of one sign, on all processors. */
  private static Ulps every(int firstBits, int lastBits, Check check) {
    IntFunction<Ulps> chunk =
        number -> {
          Block block = new Block();
          Ulps ulps = Ulps.NONE;
          int start = firstBits + number * CHUNK;
          int rest = Math.min(CHUNK, lastBits - start + 1);
          for (int done = 0; done < rest; done += Tile.BLOCK) {
            int count = Math.min(Tile.BLOCK, rest - done);
            block.exponentials(start + done, count);
            ulps = ulps.and(check.of(block, count));
          }
          return ulps;
        };
    int chunks = (lastBits - firstBits) / CHUNK + 1;
    // Merged in order: the sum of the squares has the same bits on any number of processors.
    return IntStream.range(0, chunks).parallel().mapToObj(chunk).toList().stream()
        .reduce(Ulps.NONE, Ulps::and);
  }

  @Test
  void errorOfEveryFloatIsAsRecorded() {
    Ulps positive = every(0, LARGEST, Block::ulps);
    Ulps negative = every(SIGN, LEAST, Block::ulps);
    Ulps all = positive.and(negative);
    System.out.printf(
        "exp: %d floats, largest error %.6f ulp at %a, root mean square %.6f ulp%n",
        all.count, all.maximum, all.worst, all.rootMeanSquare());
    assertEquals(LARGEST + 1L + (LEAST - SIGN) + 1L, all.count);
    assertEquals(MAXIMUM_ULP, all.maximum, 1e-6, () -> "at " + all.worst);
    assertEquals(RMS_ULP, all.rootMeanSquare(), 1e-6);
  }

  @Test
  void everyFloatBelowTheCutIsZeroAndTheLastAboveItLoseNoMoreThanThat() {
    int negativeInfinity = Float.floatToIntBits(Float.NEGATIVE_INFINITY);
    every(
        FIRST_CUT,
        negativeInfinity,
        (block, count) -> {
          for (int i = 0; i < count; i++) {
            assertEquals(0, Float.floatToRawIntBits(block.tile.exps[i]));
          }
          return Ulps.NONE;
        });
    every(
        LAST_ABOVE_CUT,
        FIRST_CUT,
        (block, count) -> {
          for (int i = 0; i < count; i++) {
            assertEquals(block.exact(i), block.tile.exps[i], 0x1p-125);
          }
          return Ulps.NONE;
        });
  }

  @Test
  void errorNearTheCutIsAsRecorded() {
    Ulps ulps = every(LEAST, LAST_ABOVE_CUT, Block::ulps);
    System.out.printf("exp near the cut: largest error %.6f ulp at %a%n", ulps.maximum, ulps.worst);
    assertEquals(MAXIMUM_ULP_NEAR_CUT, ulps.maximum, 1e-6, () -> "at " + ulps.worst);
  }

  @Test
  void everyNotANumberStays() {
    for (int sign : new int[] {0, SIGN}) {
      every(
          sign | 0x7F80_0001,
          sign | 0x7FFF_FFFF,
          (block, count) -> {
            for (int i = 0; i < count; i++) {
              assertTrue(Float.isNaN(block.tile.exps[i]));
            }
            return Ulps.NONE;
          });
    }
  }
}
