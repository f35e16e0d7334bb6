package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.Tile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The frame (N, a) of some logits, in which no exponential overflows and none that matters
 * underflows, from the logits alone.
 *
 * <p>With K the largest rint(x·log₂e) and M the largest x:
 *
 * <ol>
 *   <li>the moderate frame N = −40, a = 0, for K from −37 to 80, which is nearly always. Found by
 *       trying: the sweep that takes the exponentials also returns K.
 *   <li>otherwise, while M is within ±512: N = rint(M·log₂e) − 40, a = 0.
 *   <li>otherwise a = M, N = −40: x − M is exact wherever it does not underflow.
 *   <li>M = −∞: the empty sum. NaN and +∞: the sum is that.
 * </ol>
 *
 * <p>What is cut to 0, e below 2^−125.5, has a probability below 2^−126.
 */
final class VectorFrames {
  /** N of logits that are moderate. */
  static final int MODERATE_EXPONENT = -40;

  /** Bits of z at the least K of the moderate frame. */
  static final int MODERATE_MIN_BITS = VectorExp.zBits(-37, MODERATE_EXPONENT);

  /** Bits of z at the largest K of the moderate frame, in which no exponential overflows. */
  static final int MODERATE_MAX_BITS = VectorExp.zBits(80, MODERATE_EXPONENT);

  /** Largest |M| without an origin: up to there k is exact, and beyond it x − M is. */
  private static final float WITHOUT_ORIGIN = 512;

  private static final double LOG2E = 0x1.71547652b82fep0;

  private VectorFrames() {}

  /**
   * Exponentials in the frame that the maximum asks for.
   *
   * @param tile exponent and origin of the slot are set, and where there is nothing to add up its
   *     sum
   * @param slot the slot
   * @param from where the logits start
   * @param count how many, at most a block
   * @param exps where the exponentials go
   * @param to where they start
   * @return whether there is anything to add up
   */
  static boolean exponentials(Tile tile, int slot, int from, int count, float[] exps, int to) {
    float maximum = maximum(tile.logits, from, count);
    tile.blockOrigin[slot] = 0;
    tile.blockExponent[slot] = 0;
    if (Float.isNaN(maximum) || Float.isInfinite(maximum)) {
      tile.blockSum[slot] = maximum == Float.NEGATIVE_INFINITY ? 0 : maximum;
      return false;
    }
    if (Math.abs(maximum) <= WITHOUT_ORIGIN) {
      int exponent = (int) Math.rint(maximum * LOG2E) + MODERATE_EXPONENT;
      tile.blockExponent[slot] = exponent;
      VectorExp.exponentials(tile, tile.logits, from, count, exponent, exps, to, tile.scratch, 0);
    } else {
      tile.blockExponent[slot] = MODERATE_EXPONENT;
      tile.blockOrigin[slot] = maximum;
      subtract(tile.logits, from, maximum, tile.scratch, count);
      VectorExp.exponentials(
          tile, tile.scratch, 0, count, MODERATE_EXPONENT, exps, to, tile.scratch, 0);
    }
    return true;
  }

  /** The largest logit; NaN if one is NaN. */
  private static float maximum(float[] logits, int from, int count) {
    int whole = FLOATS.loopBound(count);
    float maximum = whole > 0 ? maximumOfVectors(logits, from, whole) : Float.NEGATIVE_INFINITY;
    for (int i = whole; i < count; i++) {
      maximum = Math.max(maximum, logits[from + i]);
    }
    return maximum;
  }

  private static float maximumOfVectors(float[] logits, int from, int count) {
    FloatVector vMaximum = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i += LANES) {
      vMaximum = FloatVector.fromArray(FLOATS, logits, from + i).max(vMaximum);
    }
    return vMaximum.reduceLanes(VectorOperators.MAX);
  }

  /** to = x − origin. */
  private static void subtract(float[] logits, int from, float origin, float[] to, int count) {
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      subtractVectors(logits, from, origin, to, whole);
    }
    for (int i = whole; i < count; i++) {
      to[i] = logits[from + i] - origin;
    }
  }

  private static void subtractVectors(
      float[] logits, int from, float origin, float[] to, int count) {
    FloatVector vOrigin = FloatVector.broadcast(FLOATS, origin);
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromArray(FLOATS, logits, from + i).sub(vOrigin).intoArray(to, i);
    }
  }
}
