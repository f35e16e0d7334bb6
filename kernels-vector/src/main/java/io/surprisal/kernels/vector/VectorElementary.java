package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * exp and log1p of many doubles: the operations of {@code io.surprisal.internal.Elementary}, in its
 * order, so that the bits are the same; a test compares them. The last few numbers are left to the
 * contract's own methods.
 */
final class VectorElementary {
  private static final double ROUNDER = 0x1.8p52;
  private static final double LOG2E = 0x1.71547652b82fep0;
  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final long SQRT_HALF_BITS = 0x3FE6_A09E_667F_3BCDL;
  private static final int SIGNIFICAND_BITS = 52;
  private static final int BIAS = 1023;

  private VectorElementary() {}

  /** values = e^values, for whole vectors of them, at least one. */
  static void exp(double[] values, int first, int last) {
    for (int i = first; i < last; i += DOUBLE_LANES) {
      DoubleVector vX = DoubleVector.fromArray(DOUBLES, values, i);
      DoubleVector vZ = vX.lanewise(VectorOperators.FMA, LOG2E, ROUNDER);
      DoubleVector vK = vZ.sub(ROUNDER);
      DoubleVector vR = vK.fma(DoubleVector.broadcast(DOUBLES, -LN2_HIGH), vX);
      vR = vK.fma(DoubleVector.broadcast(DOUBLES, -LN2_LOW), vR);
      DoubleVector vR2 = vR.mul(vR);
      DoubleVector vEven = vR2.lanewise(VectorOperators.FMA, 1.0 / 479001600, 1.0 / 3628800);
      DoubleVector vOdd = vR2.lanewise(VectorOperators.FMA, 1.0 / 6227020800.0, 1.0 / 39916800);
      vEven = vEven.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 40320));
      vOdd = vOdd.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 362880));
      vEven = vEven.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 720));
      vOdd = vOdd.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 5040));
      vEven = vEven.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 24));
      vOdd = vOdd.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 120));
      vEven = vEven.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 2));
      vOdd = vOdd.fma(vR2, DoubleVector.broadcast(DOUBLES, 1.0 / 6));
      DoubleVector vP = vOdd.fma(vR, vEven).fma(vR2, vR).add(1);
      LongVector vExponent = vZ.reinterpretAsLongs().add(BIAS);
      DoubleVector vPower =
          vExponent.lanewise(VectorOperators.LSHL, SIGNIFICAND_BITS).reinterpretAsDoubles();
      vP.mul(vPower).intoArray(values, i);
    }
  }

  /** values = log(1 + values), for whole vectors of them, at least one. */
  static void log1p(double[] values, int first, int last) {
    for (int i = first; i < last; i += DOUBLE_LANES) {
      DoubleVector vW = DoubleVector.fromArray(DOUBLES, values, i);
      DoubleVector vU = vW.add(1);
      DoubleVector vCorrection = vW.sub(vU.sub(1)).div(vU);
      LongVector vBits = vU.reinterpretAsLongs();
      LongVector vExponent =
          vBits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, SIGNIFICAND_BITS);
      // Adding k to the bits of 1.5·2^52 makes the double 1.5·2^52 + k.
      DoubleVector vK =
          vExponent.add(Double.doubleToRawLongBits(ROUNDER)).reinterpretAsDoubles().sub(ROUNDER);
      DoubleVector vF =
          vBits
              .sub(vExponent.lanewise(VectorOperators.LSHL, SIGNIFICAND_BITS))
              .reinterpretAsDoubles()
              .sub(1);
      DoubleVector vS = vF.div(vF.add(2));
      DoubleVector vS2 = vS.mul(vS);
      DoubleVector vS4 = vS2.mul(vS2);
      DoubleVector vEven = vS4.lanewise(VectorOperators.FMA, 2.0 / 19, 2.0 / 15);
      DoubleVector vOdd = vS4.lanewise(VectorOperators.FMA, 2.0 / 17, 2.0 / 13);
      vEven = vEven.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 11));
      vOdd = vOdd.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 9));
      vEven = vEven.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 7));
      vOdd = vOdd.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 5));
      vEven = vEven.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 3));
      DoubleVector vRest = vOdd.fma(vS4, vEven.mul(vS2));
      DoubleVector vHalf = vF.mul(0.5).mul(vF);
      DoubleVector vSmall = vS.fma(vHalf.add(vRest), vCorrection.add(vK.mul(LN2_LOW)));
      vK.mul(LN2_HIGH).add(vF.sub(vHalf.sub(vSmall))).intoArray(values, i);
    }
  }

  /** Whether all are within ±bound, of whole vectors of them, at least one. */
  static boolean areWithin(double bound, double[] values, int first, int last) {
    // A NaN is larger than every number.
    DoubleVector vLargest = DoubleVector.zero(DOUBLES);
    for (int i = first; i < last; i += DOUBLE_LANES) {
      vLargest = DoubleVector.fromArray(DOUBLES, values, i).abs().max(vLargest);
    }
    return vLargest.reduceLanes(VectorOperators.MAX) <= bound;
  }
}
