package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.INTS;
import static io.surprisal.kernels.vector.Lanes.LANES;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code e = exp(x)·2^−N}, the one loop of the library that computes exponentials.
 *
 * <p>With k = rint(x·log₂e), r = x − k·ln 2 (two FMAs, |r| ≤ 0.3466) and a polynomial P of degree
 * 6:
 *
 * <pre>
 *   z = fma(x, log₂e, 1.5·2^23 + 127 − N)    the low bits of z are k + 127 − N
 *   e = P(r) · 2^(k − N)                     the factor's exponent field is those low bits
 * </pre>
 *
 * <p>An x below the cut, −∞ too, is replaced by the cut, whose factor has the exponent field 0: it
 * is 0 exactly, and so is e. NaN stays NaN. Right where k − N ≤ 126 for every x, which the caller
 * learns from the returned maximum of z's bits. Error: e within 0.91 ulp, 0.29 root mean square,
 * tried on every float.
 */
final class VectorExp {
  /** 1.5·2^23: adding it rounds to an integer, which stands in the low bits of the sum. */
  private static final int ROUNDER = 3 << 22;

  private static final int BIAS = 127;

  private static final double LN2 = 0x1.62e42fefa39efp-1;
  private static final float LOG2E = 0x1.715476p0f;

  /** The first 15 bits of ln 2: x − k·LN2_HIGH is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  /** ln 2 − LN2_HIGH, rounded to float. */
  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /** P(r) = 1 + r + C2·r² + … + C6·r^6: minimax on |r| ≤ ln 2 / 2, relative error 3.1e-9. */
  static final float C2 = 0x1.fffffcp-2f;

  static final float C3 = 0x1.555492p-3f;
  static final float C4 = 0x1.5558f2p-5f;
  static final float C5 = 0x1.1239d4p-7f;
  static final float C6 = 0x1.6a244cp-10f;

  /** Exponentials are stored up to a multiple of this, what is not there as 0. */
  static final int PADDED = 2 * SLOTS;

  /** Where in a tile's scratch the padded last elements lie, behind room for a block. */
  private static final int TAIL = Tile.BLOCK;

  /** End of what is used of a tile's scratch. */
  static final int SCRATCH_END = TAIL + PADDED;

  private VectorExp() {}

  /** The number that rounds z for an exponent N. */
  private static float rounder(int exponent) {
    return ROUNDER + BIAS - exponent;
  }

  /** Bits of z for an x with this k, to compare with what {@link #exponentials} returns. */
  static int zBits(int k, int exponent) {
    return Float.floatToRawIntBits(ROUNDER) + BIAS - exponent + k;
  }

  /** The k whose z has these bits. */
  static int k(int zBits, int exponent) {
    return zBits - zBits(0, exponent);
  }

  /** The k at and below which e is 0. */
  static int cutK(int exponent) {
    return exponent - BIAS;
  }

  /**
   * Stores the exponentials of a block, and zeros behind its last element up to a multiple of 32.
   *
   * <p>The last elements are padded with −∞ and go through the same loop: a second copy of its body
   * would exceed the number of nodes up to which the compiler inlines, and box its vectors. For the
   * same reason no vector crosses a method of ours: one that was compiled by itself before, boxes
   * and all, is not inlined any more. The maximum is an argument, never a receiver: see {@link
   * VectorSums}.
   *
   * @param logits x
   * @param from where the block starts
   * @param count its elements
   * @param exponent N
   * @param exps where e goes, up to a multiple of 32
   * @param to where the block's exps start
   * @param scratch a tile's; the padded elements go there
   * @return the largest bits of any z, as signed integers
   */
  static int exponentials(
      float[] logits, int from, int count, int exponent, float[] exps, int to, float[] scratch) {
    int whole = count & -PADDED;
    if (whole < count) {
      System.arraycopy(logits, from + whole, scratch, TAIL, count - whole);
      Arrays.fill(scratch, TAIL + count - whole, TAIL + PADDED, Float.NEGATIVE_INFINITY);
    }
    FloatVector vRounder = FloatVector.broadcast(FLOATS, rounder(exponent));
    FloatVector vCut = FloatVector.broadcast(FLOATS, (float) (cutK(exponent) * LN2));
    FloatVector vLog2e = FloatVector.broadcast(FLOATS, LOG2E);
    FloatVector vLn2High = FloatVector.broadcast(FLOATS, -LN2_HIGH);
    FloatVector vLn2Low = FloatVector.broadcast(FLOATS, -LN2_LOW);
    FloatVector vC6 = FloatVector.broadcast(FLOATS, C6);
    FloatVector vC5 = FloatVector.broadcast(FLOATS, C5);
    FloatVector vC4 = FloatVector.broadcast(FLOATS, C4);
    FloatVector vC3 = FloatVector.broadcast(FLOATS, C3);
    FloatVector vC2 = FloatVector.broadcast(FLOATS, C2);
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    IntVector vMaxBits = IntVector.zero(INTS);
    float[] source = logits;
    int start = from;
    int first = 0;
    int last = whole;
    for (int part = 0; part < 2; part++) {
      for (int i = first; i < last; i += LANES) {
        // x, or the cut where x is below it; NaN stays.
        FloatVector vX = FloatVector.fromArray(FLOATS, source, start + i);
        vX = vX.blend(vCut, vX.compare(VectorOperators.LT, vCut));
        FloatVector vZ = vX.fma(vLog2e, vRounder);
        FloatVector vK = vZ.sub(vRounder);
        // r = x − k·ln 2
        FloatVector vR = vK.fma(vLn2Low, vK.fma(vLn2High, vX));
        // P(r) by Horner's rule
        FloatVector vP = vR.fma(vC6, vC5);
        vP = vP.fma(vR, vC4).fma(vR, vC3).fma(vR, vC2).fma(vR, vOne).fma(vR, vOne);
        // 2^(k − N)
        IntVector vBits = vZ.reinterpretAsInts();
        FloatVector vPower = vBits.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector vE = vP.mul(vPower);
        vE.intoArray(exps, to + i);
        vMaxBits = vBits.max(vMaxBits);
      }
      source = scratch;
      start = TAIL - whole;
      first = whole;
      last = count + (-count & (PADDED - 1));
    }
    return vMaxBits.reduceLanes(VectorOperators.MAX);
  }
}
