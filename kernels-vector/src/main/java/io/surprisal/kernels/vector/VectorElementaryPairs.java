package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * exp and log1p of many unevaluated sums of two doubles: the operations of {@code
 * io.surprisal.internal.ElementaryPairs}, in its order, so that the bits are the same; a test
 * compares them. The last few are left to the contract's own methods.
 */
final class VectorElementaryPairs {
  private static final double ROUNDER = 0x1.8p52;
  private static final double LOG2E = 0x1.71547652b82fep0;
  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final long SQRT_HALF_BITS = 0x3FE6_A09E_667F_3BCDL;
  private static final int SIGNIFICAND_BITS = 52;
  private static final int BIAS = 1023;

  private VectorElementaryPairs() {}

  /** high + low = e^(high + low), for whole vectors of them, at least one. */
  static void exp(double[] high, double[] low, int first, int last) {
    for (int i = first; i < last; i += DOUBLE_LANES) {
      DoubleVector vX = DoubleVector.fromArray(DOUBLES, high, i);
      DoubleVector vZ = vX.lanewise(VectorOperators.FMA, LOG2E, ROUNDER);
      DoubleVector vK = vZ.sub(ROUNDER);
      // r = x − k·ln 2, in two parts
      DoubleVector vExact = vK.fma(DoubleVector.broadcast(DOUBLES, -LN2_HIGH), vX);
      DoubleVector vRest = vK.mul(-LN2_LOW);
      DoubleVector vR = vExact.add(vRest);
      DoubleVector vShadow = vR.sub(vExact);
      DoubleVector vLost = vExact.sub(vR.sub(vShadow)).add(vRest.sub(vShadow));
      DoubleVector vRLow = vLost.add(DoubleVector.fromArray(DOUBLES, low, i));
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
      // 1 + r, and what is small beside it
      DoubleVector vSum = vR.add(1);
      DoubleVector vSmall = vOdd.fma(vR, vEven).fma(vR2, vR.sub(vSum.sub(1)));
      DoubleVector vRounded = vSum.add(vSmall);
      DoubleVector vLeft = vRLow.fma(vRounded, vSmall.sub(vRounded.sub(vSum)));
      DoubleVector vE = vRounded.add(vLeft);
      LongVector vExponent = vZ.reinterpretAsLongs().add(BIAS);
      DoubleVector vPower =
          vExponent.lanewise(VectorOperators.LSHL, SIGNIFICAND_BITS).reinterpretAsDoubles();
      vLeft.sub(vE.sub(vRounded)).mul(vPower).intoArray(low, i);
      vE.mul(vPower).intoArray(high, i);
    }
  }

  /** high + low = log(1 + high + low), for whole vectors of them, at least one. */
  static void log1p(double[] high, double[] low, int first, int last) {
    for (int i = first; i < last; i += DOUBLE_LANES) {
      DoubleVector vW = DoubleVector.fromArray(DOUBLES, high, i);
      LongVector vExponent =
          vW.add(1)
              .reinterpretAsLongs()
              .sub(SQRT_HALF_BITS)
              .lanewise(VectorOperators.ASHR, SIGNIFICAND_BITS);
      // Adding k to the bits of 1.5·2^52 makes the double 1.5·2^52 + k.
      DoubleVector vK =
          vExponent.add(Double.doubleToRawLongBits(ROUNDER)).reinterpretAsDoubles().sub(ROUNDER);
      DoubleVector vPower =
          LongVector.broadcast(Lanes.LONGS, BIAS)
              .sub(vExponent)
              .lanewise(VectorOperators.LSHL, SIGNIFICAND_BITS)
              .reinterpretAsDoubles();
      // 1 + f = 2^−k·(1 + w), f in two parts
      DoubleVector vScaled = vW.mul(vPower);
      DoubleVector vOne = vPower.sub(1);
      DoubleVector vF = vScaled.add(vOne);
      DoubleVector vShadow = vF.sub(vOne);
      DoubleVector vLost = vOne.sub(vF.sub(vShadow)).add(vScaled.sub(vShadow));
      DoubleVector vFLow = vLost.add(DoubleVector.fromArray(DOUBLES, low, i).mul(vPower));
      // s = f/(2 + f) in two parts
      DoubleVector vDivisor = vF.add(2);
      DoubleVector vInverse = DoubleVector.broadcast(DOUBLES, 1).div(vDivisor);
      DoubleVector vS = vF.mul(vInverse);
      DoubleVector vDivisorLow = vF.sub(vDivisor.sub(2));
      DoubleVector vRemainder =
          vS.neg().fma(vDivisor, vF).add(vFLow.sub(vS.mul(vFLow.add(vDivisorLow))));
      DoubleVector vS2 = vS.mul(vS);
      DoubleVector vS4 = vS2.mul(vS2);
      DoubleVector vEven = vS4.lanewise(VectorOperators.FMA, 2.0 / 19, 2.0 / 15);
      DoubleVector vOdd = vS4.lanewise(VectorOperators.FMA, 2.0 / 21, 2.0 / 17);
      vEven = vEven.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 11));
      vOdd = vOdd.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 13));
      vEven = vEven.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 7));
      vOdd = vOdd.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 9));
      vEven = vEven.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 3));
      vOdd = vOdd.fma(vS4, DoubleVector.broadcast(DOUBLES, 2.0 / 5));
      DoubleVector vSeries = vOdd.fma(vS2, vEven).mul(vS2.mul(vS));
      // k·ln 2 + 2s, and what is small beside it
      DoubleVector vLarge = vK.mul(LN2_HIGH);
      DoubleVector vTwice = vS.mul(2);
      DoubleVector vSum = vLarge.add(vTwice);
      DoubleVector vRest = vRemainder.mul(2).fma(vInverse, vSeries).add(vK.mul(LN2_LOW));
      DoubleVector vSmall = vTwice.sub(vSum.sub(vLarge)).add(vRest);
      DoubleVector vLog = vSum.add(vSmall);
      vSmall.sub(vLog.sub(vSum)).intoArray(low, i);
      vLog.intoArray(high, i);
    }
  }
}
