package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.INTS;
import static io.surprisal.kernels.vector.Lanes.LANES;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code e = exp(x)·2^−N} of logits. {@link VectorLogisticExp} has the same operations without
 * sums.
 *
 * <p>With k = rint(x·log₂e), r = x − k·ln 2 (two FMAs, |r| ≤ 0.3466) and a polynomial Q of degree
 * 5, exp(r) = 1 + r·Q(r):
 *
 * <pre>
 *   z = fma(x, log₂e, 1.5·2^23 + 127 − N)    the low bits of z are k + 127 − N
 *   s = 2^(k − N)                            a float whose exponent field is those low bits
 *   e = fma(Q(r), r·s, s)                    r·s is exact, so that only Q, r and this round e
 * </pre>
 *
 * <p>Q is evaluated as {@code 1 + r·((C2 + C3·r) + r²·((C4 + C5·r) + r²·C6))}: the processor works
 * on some six vectors at a time, as many as its schedulers hold, so that a shorter chain of
 * operations is more exponentials a second than Horner's rule gives.
 *
 * <p>Where x is below the cut, −∞ too, e is 0 exactly; NaN stays NaN. Right where k − N ≤ 126 for
 * every x, which the caller learns from the returned maximum of z's bits. Error: e within 0.91 ulp
 * (near the cut, below 2^−100, where r·s is subnormal, within 1.28), 0.30 root mean square, tried
 * on every float.
 */
final class VectorExp {
  /** 1.5·2^23: adding it rounds to an integer, which stands in the low bits of the sum. */
  private static final int ROUNDER = 3 << 22;

  private static final int BIAS = 127;

  private static final double LN2 = 0x1.62e42fefa39efp-1;
  static final float LOG2E = 0x1.715476p0f;

  /** The first 15 bits of ln 2: x − k·LN2_HIGH is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  /** ln 2 − LN2_HIGH, rounded to float. */
  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /** 1 + r·Q(r) = 1 + r + C2·r² + … + C6·r^6: minimax, |r| ≤ ln 2 / 2, relative error 3.1e-9. */
  static final float C2 = 0x1.fffffcp-2f;

  static final float C3 = 0x1.555492p-3f;
  static final float C4 = 0x1.5558f2p-5f;
  static final float C5 = 0x1.1239d4p-7f;
  static final float C6 = 0x1.6a244cp-10f;

  /** Where in a tile's scratch the padded last elements of a block lie, behind room for a block. */
  private static final int TAIL = Tile.BLOCK;

  /** Where the exponentials of the last elements lie, until those of another block take it. */
  private static final int TAIL_EXPS = TAIL + SLOTS;

  /** End of what is used of a tile's scratch. */
  static final int SCRATCH_END = TAIL_EXPS + SLOTS;

  private VectorExp() {}

  /** The number that rounds z for an exponent N. */
  static float rounder(int exponent) {
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

  /** The x below which e is 0, for an exponent N: 2^(k − N) is a normal float from there on. */
  static float cut(int exponent) {
    return (float) ((exponent - BIAS + 1.5) * LN2);
  }

  /**
   * Stores the exponentials of a block; and, in the same loop, adds up exponentials that were
   * stored before: a sum has no work for the units that multiply, so that it takes hardly any time
   * there. What is added up is as much as what is stored, and its last elements are those of the
   * call before.
   *
   * <p>The last elements, padded with −∞, and their exponentials lie in scratch memory and go
   * through the same loop: a second copy of its body would exceed the number of nodes up to which
   * the compiler inlines, and box its vectors. For the same reason no vector crosses a method of
   * ours: one that was compiled by itself before, boxes and all, is not inlined any more. Maximum
   * and sums are arguments, never receivers: see {@link VectorSums}.
   *
   * @param tile its scratch takes the last elements, its double scratch the 16 slots of the sum
   * @param logits x
   * @param from where the block starts
   * @param count its elements
   * @param exponent N
   * @param exps where e goes
   * @param to where the block's exps start
   * @param terms what is added up; not what is stored in the same call
   * @param first where the terms start
   * @return the largest bits of any z, as signed integers
   */
  static int exponentials(
      Tile tile,
      float[] logits,
      int from,
      int count,
      int exponent,
      float[] exps,
      int to,
      float[] terms,
      int first) {
    int whole = count & -SLOTS;
    float[] scratch = tile.scratch;
    if (whole < count) {
      System.arraycopy(logits, from + whole, scratch, TAIL, count - whole);
      Arrays.fill(scratch, TAIL + count - whole, TAIL + SLOTS, Float.NEGATIVE_INFINITY);
    }
    FloatVector vRounder = FloatVector.broadcast(FLOATS, rounder(exponent));
    FloatVector vCut = FloatVector.broadcast(FLOATS, cut(exponent));
    FloatVector vLog2e = FloatVector.broadcast(FLOATS, LOG2E);
    FloatVector vLn2High = FloatVector.broadcast(FLOATS, -LN2_HIGH);
    FloatVector vLn2Low = FloatVector.broadcast(FLOATS, -LN2_LOW);
    FloatVector vC6 = FloatVector.broadcast(FLOATS, C6);
    FloatVector vC5 = FloatVector.broadcast(FLOATS, C5);
    FloatVector vC4 = FloatVector.broadcast(FLOATS, C4);
    FloatVector vC3 = FloatVector.broadcast(FLOATS, C3);
    FloatVector vC2 = FloatVector.broadcast(FLOATS, C2);
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    FloatVector vZero = FloatVector.zero(FLOATS);
    IntVector vMaxBits = IntVector.zero(INTS);
    for (int walk = 0; walk < SLOTS; walk += LANES) {
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      float[] source = logits;
      float[] added = terms;
      float[] target = exps;
      int read = from + walk;
      int add = first + walk;
      int write = to + walk;
      int end = whole - walk;
      for (int part = 0; part < 2; part++) {
        for (int i = 0; i < end; i += SLOTS) {
          FloatVector vTerms0 = FloatVector.fromArray(HALF_FLOATS, added, add + i);
          FloatVector vTerms1 = FloatVector.fromArray(HALF_FLOATS, added, add + i + DOUBLE_LANES);
          vSum0 = ((DoubleVector) vTerms0.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum0);
          vSum1 = ((DoubleVector) vTerms1.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum1);
          FloatVector vX = FloatVector.fromArray(FLOATS, source, read + i);
          FloatVector vZ = vX.fma(vLog2e, vRounder);
          FloatVector vK = vZ.sub(vRounder);
          // r = x − k·ln 2
          FloatVector vR = vK.fma(vLn2Low, vK.fma(vLn2High, vX));
          // Q(r)
          FloatVector vR2 = vR.mul(vR);
          FloatVector v45 = vR.fma(vC5, vC4);
          FloatVector v23 = vR.fma(vC3, vC2);
          FloatVector vQ = vR2.fma(vR2.fma(vC6, v45), v23).fma(vR, vOne);
          // s = 2^(k − N), e = s + Q(r)·(r·s)
          IntVector vBits = vZ.reinterpretAsInts();
          FloatVector vPower = vBits.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
          FloatVector vE = vQ.fma(vR.mul(vPower), vPower);
          vE.blend(vZero, vX.compare(VectorOperators.LT, vCut)).intoArray(target, write + i);
          vMaxBits = vBits.max(vMaxBits);
        }
        source = scratch;
        added = scratch;
        target = scratch;
        read = TAIL + walk;
        add = TAIL_EXPS + walk;
        write = TAIL_EXPS + walk;
        end = whole < count ? SLOTS - walk : 0;
      }
      vSum0.intoArray(tile.doubleScratch, walk);
      vSum1.intoArray(tile.doubleScratch, walk + DOUBLE_LANES);
    }
    System.arraycopy(scratch, TAIL_EXPS, exps, to + whole, count - whole);
    return vMaxBits.reduceLanes(VectorOperators.MAX);
  }

  /**
   * Takes a class of the block whose exponentials were stored last out of what is added up next.
   *
   * @param tile its scratch
   * @param column the class
   * @param count elements of the block
   */
  static void clear(Tile tile, int column, int count) {
    int whole = count & -SLOTS;
    if (column >= whole) {
      tile.scratch[TAIL_EXPS + column - whole] = 0;
    }
  }

  /**
   * Puts the last elements of a block's exponentials where the call after next finds them to add.
   *
   * @param tile its scratch
   * @param exps the exponentials
   * @param from where they start
   * @param count how many
   */
  static void keepTail(Tile tile, float[] exps, int from, int count) {
    int whole = count & -SLOTS;
    Arrays.fill(tile.scratch, TAIL_EXPS, TAIL_EXPS + SLOTS, 0);
    System.arraycopy(exps, from + whole, tile.scratch, TAIL_EXPS, count - whole);
  }
}
