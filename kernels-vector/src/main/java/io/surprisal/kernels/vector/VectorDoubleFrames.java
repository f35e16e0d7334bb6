package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;

import io.surprisal.spi.DoubleTile;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The frame (N, a) of some logits in double, from the logits alone: as of {@link VectorFrames}, but
 * the moderate frame serves for K from −37 to 400, and an origin is taken where |M| is above 2048.
 *
 * <p>What is cut to 0, e below 2^−1021.5, has a probability below 2^−1022.
 */
final class VectorDoubleFrames {
  /** N of logits that are moderate. */
  static final int MODERATE_EXPONENT = -40;

  /** Bits of z at the least K of the moderate frame. */
  static final long MODERATE_MIN_BITS = VectorDoubleExp.zBits(-37, MODERATE_EXPONENT);

  /** Bits of z at the largest K of the moderate frame: half of the room that sums have. */
  static final long MODERATE_MAX_BITS = VectorDoubleExp.zBits(400, MODERATE_EXPONENT);

  /**
   * Largest |M| without an origin. Beyond it x − M is exact down to x = M/2, and e^x below that is
   * nothing beside e^M.
   */
  private static final double WITHOUT_ORIGIN = 2048;

  private VectorDoubleFrames() {}

  /**
   * Exponentials in the frame that the maximum asks for.
   *
   * @param tile exponent and origin of the slot are set, and where there is nothing to add up its
   *     sum
   * @param slot the slot
   * @param from where the logits start
   * @param count how many, at most a block
   * @param exps where the exponentials go; not where a block of scratch lies
   * @param to where they start
   * @return whether there is anything to add up
   */
  static boolean exponentials(
      DoubleTile tile, int slot, int from, int count, double[] exps, int to) {
    double maximum = maximum(tile.logits, from, count);
    double[] scratch = tile.scratch;
    tile.blockOrigin[slot] = 0;
    tile.blockExponent[slot] = 0;
    tile.blockSumLow[slot] = 0;
    if (Double.isNaN(maximum) || Double.isInfinite(maximum)) {
      tile.blockSum[slot] = maximum == Double.NEGATIVE_INFINITY ? 0 : maximum;
      return false;
    }
    if (Math.abs(maximum) <= WITHOUT_ORIGIN) {
      int exponent = (int) Math.rint(maximum * VectorDoubleExp.LOG2E) + MODERATE_EXPONENT;
      tile.blockExponent[slot] = exponent;
      VectorDoubleExp.exponentials(tile, tile.logits, from, count, exponent, exps, to, scratch, 0);
    } else {
      tile.blockExponent[slot] = MODERATE_EXPONENT;
      tile.blockOrigin[slot] = maximum;
      subtract(tile.logits, from, maximum, scratch, count);
      VectorDoubleExp.exponentials(
          tile, scratch, 0, count, MODERATE_EXPONENT, exps, to, scratch, 0);
    }
    return true;
  }

  /** The largest logit; NaN if one is NaN. */
  private static double maximum(double[] logits, int from, int count) {
    int whole = DOUBLES.loopBound(count);
    double maximum = whole > 0 ? maximumOfVectors(logits, from, whole) : Double.NEGATIVE_INFINITY;
    for (int i = whole; i < count; i++) {
      maximum = Math.max(maximum, logits[from + i]);
    }
    return maximum;
  }

  private static double maximumOfVectors(double[] logits, int from, int count) {
    DoubleVector vMaximum = DoubleVector.broadcast(DOUBLES, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      vMaximum = DoubleVector.fromArray(DOUBLES, logits, from + i).max(vMaximum);
    }
    return vMaximum.reduceLanes(VectorOperators.MAX);
  }

  /** to = x − origin. */
  private static void subtract(double[] logits, int from, double origin, double[] to, int count) {
    int whole = DOUBLES.loopBound(count);
    if (whole > 0) {
      subtractVectors(logits, from, origin, to, whole);
    }
    for (int i = whole; i < count; i++) {
      to[i] = logits[from + i] - origin;
    }
  }

  private static void subtractVectors(
      double[] logits, int from, double origin, double[] to, int count) {
    DoubleVector vOrigin = DoubleVector.broadcast(DOUBLES, origin);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      DoubleVector.fromArray(DOUBLES, logits, from + i).sub(vOrigin).intoArray(to, i);
    }
  }
}
