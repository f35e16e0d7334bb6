package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_SLOTS;
import static io.surprisal.kernels.vector.Lanes.LONGS;

import io.surprisal.spi.DoubleTile;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code e = exp(x)·2^−N} in double: {@link VectorExp} with a polynomial Q of degree 10.
 *
 * <p>Where x is below the cut, −∞ too, e is 0 exactly; NaN stays NaN. Right where k − N ≤ 1022 for
 * every x, which the caller learns from the returned maximum of z's bits. Error: e within 0.87 ulp,
 * 0.30 root mean square.
 */
final class VectorDoubleExp {
  /** 1.5·2^52: adding it rounds to an integer, which stands in the low bits of the sum. */
  private static final long ROUNDER = 3L << 51;

  private static final int BIAS = 1023;
  private static final int SIGNIFICAND_BITS = 52;

  private static final double LN2 = 0x1.62e42fefa39efp-1;
  static final double LOG2E = 0x1.71547652b82fep0;

  /** The first 32 bits of ln 2: k times it is exact for |k| < 2^20. */
  static final double LN2_HIGH = 0x1.62e42feep-1;

  /** ln 2 − LN2_HIGH, rounded to double. */
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** 1 + r·Q(r) = 1 + r + C2·r² + … + C11·r^11: minimax, |r| ≤ ln 2 / 2, relative error 3.7e-18. */
  static final double C2 = 0x1.000000000000ap-1;

  static final double C3 = 0x1.55555555554fap-3;
  static final double C4 = 0x1.555555555088cp-5;
  static final double C5 = 0x1.1111111127b9bp-7;
  static final double C6 = 0x1.6c16c184266bep-10;
  static final double C7 = 0x1.a01a012a69d02p-13;
  static final double C8 = 0x1.a0199a16e5228p-16;
  static final double C9 = 0x1.71df253a04c44p-19;
  static final double C10 = 0x1.28ad689fad7fap-22;
  static final double C11 = 0x1.ad7f7b175464dp-26;

  /**
   * Masks of two lanes are not compiled, and would box. There what is below the cut is found in the
   * bits t of x − cut: of −∞ and of negative numbers neither {@code ~t} nor {@code bits(−∞) − t}
   * has its sign bit set, of any other double, NaN included, one has.
   */
  private static final boolean MASKED = DOUBLE_LANES > 2;

  private static final long BITS_OF_LEAST = Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY);

  /** Where in a tile's scratch the padded last elements of a block lie, behind room for a block. */
  private static final int TAIL = DoubleTile.BLOCK;

  /** Where the exponentials of the last elements lie, until those of another block take it. */
  private static final int TAIL_EXPS = TAIL + DOUBLE_SLOTS;

  /** Where the 8 slots of the sum are left, and then those of what it lost. */
  static final int SUM = TAIL_EXPS + DOUBLE_SLOTS;

  /** Where the exponentials of a single narrow row lie. */
  static final int ROW = SUM + 3 * DOUBLE_SLOTS;

  private VectorDoubleExp() {}

  /** The number that rounds z for an exponent N. */
  private static double rounder(int exponent) {
    return ROUNDER + BIAS - exponent;
  }

  /** Bits of z for an x with this k, to compare with what {@link #exponentials} returns. */
  static long zBits(int k, int exponent) {
    return Double.doubleToRawLongBits(ROUNDER) + BIAS - exponent + k;
  }

  /** The x below which e is 0, for an exponent N: 2^(k − N) is a normal number from there on. */
  static double cut(int exponent) {
    return (exponent - BIAS + 1.5) * LN2;
  }

  /**
   * Stores the exponentials of a block; and, in the same loop, adds up exponentials that were
   * stored before, with what each addition loses: that takes no time there, as {@link
   * VectorExp#exponentials} says, whose shape this is.
   *
   * @param tile its scratch takes the last elements, and the slots of the sum from {@link #SUM} on
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
  static long exponentials(
      DoubleTile tile,
      double[] logits,
      int from,
      int count,
      int exponent,
      double[] exps,
      int to,
      double[] terms,
      int first) {
    int whole = count & -DOUBLE_SLOTS;
    double[] scratch = tile.scratch;
    if (whole < count) {
      System.arraycopy(logits, from + whole, scratch, TAIL, count - whole);
      Arrays.fill(scratch, TAIL + count - whole, TAIL + DOUBLE_SLOTS, Double.NEGATIVE_INFINITY);
    }
    DoubleVector vRounder = DoubleVector.broadcast(DOUBLES, rounder(exponent));
    DoubleVector vCut = DoubleVector.broadcast(DOUBLES, cut(exponent));
    DoubleVector vLog2e = DoubleVector.broadcast(DOUBLES, LOG2E);
    DoubleVector vLn2High = DoubleVector.broadcast(DOUBLES, -LN2_HIGH);
    DoubleVector vLn2Low = DoubleVector.broadcast(DOUBLES, -LN2_LOW);
    DoubleVector vC11 = DoubleVector.broadcast(DOUBLES, C11);
    DoubleVector vC10 = DoubleVector.broadcast(DOUBLES, C10);
    DoubleVector vC9 = DoubleVector.broadcast(DOUBLES, C9);
    DoubleVector vC8 = DoubleVector.broadcast(DOUBLES, C8);
    DoubleVector vC7 = DoubleVector.broadcast(DOUBLES, C7);
    DoubleVector vC6 = DoubleVector.broadcast(DOUBLES, C6);
    DoubleVector vC5 = DoubleVector.broadcast(DOUBLES, C5);
    DoubleVector vC4 = DoubleVector.broadcast(DOUBLES, C4);
    DoubleVector vC3 = DoubleVector.broadcast(DOUBLES, C3);
    DoubleVector vC2 = DoubleVector.broadcast(DOUBLES, C2);
    DoubleVector vOne = DoubleVector.broadcast(DOUBLES, 1);
    DoubleVector vZero = DoubleVector.zero(DOUBLES);
    LongVector vLeast = LongVector.broadcast(LONGS, BITS_OF_LEAST);
    LongVector vMaxBits = LongVector.zero(LONGS);
    for (int walk = 0; walk < DOUBLE_SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vLost = DoubleVector.zero(DOUBLES);
      double[] source = logits;
      double[] added = terms;
      double[] target = exps;
      int read = from + walk;
      int add = first + walk;
      int write = to + walk;
      int end = whole - walk;
      for (int part = 0; part < 2; part++) {
        for (int i = 0; i < end; i += DOUBLE_SLOTS) {
          // sum + term, and what that loses (TwoSum)
          DoubleVector vTerm = DoubleVector.fromArray(DOUBLES, added, add + i);
          DoubleVector vNext = vTerm.add(vSum);
          DoubleVector vShadow = vNext.sub(vSum);
          DoubleVector vLostTerm = vTerm.sub(vShadow);
          DoubleVector vLostSum = vNext.sub(vShadow).sub(vSum);
          vLost = vLostTerm.sub(vLostSum).add(vLost);
          vSum = vNext;
          DoubleVector vX = DoubleVector.fromArray(DOUBLES, source, read + i);
          DoubleVector vZ = vX.fma(vLog2e, vRounder);
          DoubleVector vK = vZ.sub(vRounder);
          // r = x − k·ln 2
          DoubleVector vR = vK.fma(vLn2Low, vK.fma(vLn2High, vX));
          // Q(r)
          DoubleVector vR2 = vR.mul(vR);
          DoubleVector vR4 = vR2.mul(vR2);
          DoubleVector v67 = vR.fma(vC7, vC6);
          DoubleVector v89 = vR.fma(vC9, vC8);
          DoubleVector v1011 = vR.fma(vC11, vC10);
          DoubleVector v23 = vR.fma(vC3, vC2);
          DoubleVector v45 = vR.fma(vC5, vC4);
          DoubleVector v69 = vR2.fma(v89, v67);
          DoubleVector v25 = vR2.fma(v45, v23);
          DoubleVector vQ = vR4.fma(vR4.fma(v1011, v69), v25).fma(vR, vOne);
          // s = 2^(k − N), e = s + Q(r)·(r·s)
          LongVector vBits = vZ.reinterpretAsLongs();
          DoubleVector vPower =
              vBits.lanewise(VectorOperators.LSHL, SIGNIFICAND_BITS).reinterpretAsDoubles();
          DoubleVector vE = vQ.fma(vR.mul(vPower), vPower);
          if (MASKED) {
            vE.blend(vZero, vX.compare(VectorOperators.LT, vCut)).intoArray(target, write + i);
          } else {
            LongVector vT = vX.sub(vCut).reinterpretAsLongs();
            LongVector vNotBelow = vLeast.sub(vT).or(vT.not());
            vE.reinterpretAsLongs()
                .and(vNotBelow.lanewise(VectorOperators.ASHR, Long.SIZE - 1))
                .reinterpretAsDoubles()
                .intoArray(target, write + i);
          }
          vMaxBits = vBits.max(vMaxBits);
        }
        source = scratch;
        added = scratch;
        target = scratch;
        read = TAIL + walk;
        add = TAIL_EXPS + walk;
        write = TAIL_EXPS + walk;
        end = whole < count ? DOUBLE_SLOTS - walk : 0;
      }
      vSum.intoArray(scratch, SUM + walk);
      vLost.intoArray(scratch, SUM + DOUBLE_SLOTS + walk);
    }
    if (whole < count) {
      System.arraycopy(scratch, TAIL_EXPS, exps, to + whole, count - whole);
    }
    return vMaxBits.reduceLanes(VectorOperators.MAX);
  }

  /**
   * Takes a class of the block whose exponentials were stored last out of what is added up next.
   *
   * @param tile its scratch
   * @param column the class
   * @param count elements of the block
   */
  static void clear(DoubleTile tile, int column, int count) {
    int whole = count & -DOUBLE_SLOTS;
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
  static void keepTail(DoubleTile tile, double[] exps, int from, int count) {
    int whole = count & -DOUBLE_SLOTS;
    Arrays.fill(tile.scratch, TAIL_EXPS, TAIL_EXPS + DOUBLE_SLOTS, 0);
    System.arraycopy(exps, from + whole, tile.scratch, TAIL_EXPS, count - whole);
  }
}
