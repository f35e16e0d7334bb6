package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.INTS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.Tile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code e = exp(−|x|)} of single elements: the operations, and so the bits, of {@link VectorExp},
 * which has sums in its loop that nobody wants here.
 */
final class VectorLogisticExp {
  private VectorLogisticExp() {}

  /**
   * Stores {@code exp(−|x|)}.
   *
   * @param tile its scratch takes the last elements
   * @param inputs x
   * @param from where they start
   * @param count how many
   * @param exps where e goes
   * @param to where the first goes
   */
  static void store(Tile tile, float[] inputs, int from, int count, float[] exps, int to) {
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      magnitudeVectors(inputs, from, whole, exps, to);
    }
    if (whole < count) {
      float[] scratch = tile.scratch;
      System.arraycopy(inputs, from + whole, scratch, 0, count - whole);
      magnitudeVectors(scratch, 0, LANES, scratch, 0);
      System.arraycopy(scratch, 0, exps, to + whole, count - whole);
    }
  }

  private static void magnitudeVectors(float[] inputs, int from, int count, float[] exps, int to) {
    FloatVector vRounder = FloatVector.broadcast(FLOATS, VectorExp.rounder(0));
    FloatVector vCut = FloatVector.broadcast(FLOATS, VectorExp.cut(0));
    FloatVector vLog2e = FloatVector.broadcast(FLOATS, VectorExp.LOG2E);
    FloatVector vLn2High = FloatVector.broadcast(FLOATS, -VectorExp.LN2_HIGH);
    FloatVector vLn2Low = FloatVector.broadcast(FLOATS, -VectorExp.LN2_LOW);
    FloatVector vC6 = FloatVector.broadcast(FLOATS, VectorExp.C6);
    FloatVector vC5 = FloatVector.broadcast(FLOATS, VectorExp.C5);
    FloatVector vC4 = FloatVector.broadcast(FLOATS, VectorExp.C4);
    FloatVector vC3 = FloatVector.broadcast(FLOATS, VectorExp.C3);
    FloatVector vC2 = FloatVector.broadcast(FLOATS, VectorExp.C2);
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    FloatVector vZero = FloatVector.zero(FLOATS);
    IntVector vSign = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    for (int i = 0; i < count; i += LANES) {
      IntVector vInput = FloatVector.fromArray(FLOATS, inputs, from + i).reinterpretAsInts();
      FloatVector vX = vInput.or(vSign).reinterpretAsFloats();
      FloatVector vZ = vX.fma(vLog2e, vRounder);
      FloatVector vK = vZ.sub(vRounder);
      FloatVector vR = vK.fma(vLn2Low, vK.fma(vLn2High, vX));
      FloatVector vR2 = vR.mul(vR);
      FloatVector v45 = vR.fma(vC5, vC4);
      FloatVector v23 = vR.fma(vC3, vC2);
      FloatVector vQ = vR2.fma(vR2.fma(vC6, v45), v23).fma(vR, vOne);
      IntVector vBits = vZ.reinterpretAsInts();
      FloatVector vPower = vBits.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector vE = vQ.fma(vR.mul(vPower), vPower);
      vE.blend(vZero, vX.compare(VectorOperators.LT, vCut)).intoArray(exps, to + i);
    }
  }
}
