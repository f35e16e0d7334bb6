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
 * {@code e = exp(x)·2^−N} and its sums in groups of four, the one loop of the library that computes
 * exponentials.
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
 * learns from the returned maximum of z's bits. Error: e within 0.9 ulp.
 */
final class VectorExp {
  /** 1.5·2^23: adding it rounds to an integer, which stands in the low bits of the sum. */
  private static final int ROUNDER = 3 << 22;

  private static final int BIAS = 127;

  private static final double LN2 = 0x1.62e42fefa39efp-1;
  private static final float LOG2E = 0x1.715476p0f;

  /** ln 2, rounded to float. */
  private static final float LN2_HIGH = 0x1.62e43p-1f;

  /** ln 2 − LN2_HIGH, rounded to float. */
  private static final float LN2_LOW = -0x1.05c61p-29f;

  /** P(r) = 1 + r + C2·r² + … + C6·r^6: minimax on |r| ≤ ln 2 / 2, relative error 3.1e-9. */
  private static final float C2 = 0x1.fffffcp-2f;

  private static final float C3 = 0x1.555492p-3f;
  private static final float C4 = 0x1.5558f2p-5f;
  private static final float C5 = 0x1.1239e2p-7f;
  private static final float C6 = 0x1.6a2434p-10f;

  /** Elements whose exponentials meet in one float sum, times the slots: four each. */
  static final int GROUP = 4 * SLOTS;

  /** Where in a tile's scratch the group sums lie, behind room for a block. */
  static final int SUMS = Tile.BLOCK;

  /** Where in a tile's scratch the padded last group lies. */
  private static final int TAIL = SUMS + Tile.BLOCK / 4;

  private VectorExp() {}

  /** The number that rounds z for an exponent N. */
  private static float rounder(int exponent) {
    return ROUNDER + BIAS - exponent;
  }

  /** Bits of z for an x with this k, to compare with what {@link #groupSums} returns. */
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
   * Stores the exponentials of a block and, for each group of 64 elements and each of 16 slots, the
   * sum of the group's four, in {@code scratch} from {@link #SUMS}.
   *
   * <p>The last group is padded with −∞ and goes through the same loop: a second copy of its body
   * would exceed the number of nodes up to which the compiler inlines, and box its vectors.
   *
   * @param logits x
   * @param from where the block starts
   * @param count its elements
   * @param exponent N
   * @param tile its exps are written, up to a multiple of 64, and its scratch
   * @param to where the block's exps start
   * @return the largest bits of any z, as signed integers
   */
  static int groupSums(float[] logits, int from, int count, int exponent, Tile tile, int to) {
    float[] exps = tile.exps;
    float[] scratch = tile.scratch;
    int whole = count & -GROUP;
    if (whole < count) {
      System.arraycopy(logits, from + whole, scratch, TAIL, count - whole);
      Arrays.fill(scratch, TAIL + count - whole, TAIL + GROUP, Float.NEGATIVE_INFINITY);
    }
    FloatVector vRounder = Lanes.floats(rounder(exponent));
    FloatVector vCut = Lanes.floats((float) (cutK(exponent) * LN2));
    IntVector vMaxBits = IntVector.zero(INTS);
    float[] source = logits;
    int start = from;
    int first = 0;
    int last = whole;
    for (int part = 0; part < 2; part++) {
      for (int walk = 0; walk < SLOTS; walk += LANES) {
        for (int group = first + walk; group < last; group += GROUP) {
          FloatVector vSum = FloatVector.zero(FLOATS);
          for (int i = group; i < group + GROUP; i += SLOTS) {
            FloatVector vX = atLeast(vCut, FloatVector.fromArray(FLOATS, source, start + i));
            FloatVector vE = exp(vX, vRounder);
            vE.intoArray(exps, to + i);
            vSum = vSum.add(vE);
            vMaxBits = vMaxBits.max(z(vX, vRounder).reinterpretAsInts());
          }
          vSum.intoArray(scratch, SUMS + (group - walk) / 4 + walk);
        }
      }
      source = scratch;
      start = TAIL - whole;
      first = whole;
      last = count + (-count & (GROUP - 1));
    }
    return vMaxBits.reduceLanes(VectorOperators.MAX);
  }

  /** x, or the cut where x is below it; NaN stays. */
  private static FloatVector atLeast(FloatVector vCut, FloatVector vLogits) {
    return vLogits.blend(vCut, vLogits.compare(VectorOperators.LT, vCut));
  }

  private static FloatVector z(FloatVector vX, FloatVector vRounder) {
    return vX.fma(Lanes.floats(LOG2E), vRounder);
  }

  private static FloatVector exp(FloatVector vX, FloatVector vRounder) {
    FloatVector vZ = z(vX, vRounder);
    return polynomial(vX, vZ.sub(vRounder)).mul(power(vZ.reinterpretAsInts()));
  }

  /** P(x − k·ln 2). */
  private static FloatVector polynomial(FloatVector vX, FloatVector vK) {
    FloatVector vR = vK.fma(Lanes.floats(-LN2_HIGH), vX);
    vR = vK.fma(Lanes.floats(-LN2_LOW), vR);
    FloatVector vP = vR.fma(Lanes.floats(C6), Lanes.floats(C5));
    vP = vP.fma(vR, Lanes.floats(C4));
    vP = vP.fma(vR, Lanes.floats(C3));
    vP = vP.fma(vR, Lanes.floats(C2));
    vP = vP.fma(vR, Lanes.floats(1));
    return vP.fma(vR, Lanes.floats(1));
  }

  /** 2^(k − N) from the low bits of z. */
  private static FloatVector power(IntVector vBits) {
    return vBits.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
