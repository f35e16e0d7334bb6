package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.HALF_SHORTS;
import static io.surprisal.kernels.vector.Lanes.INTS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Floats and their upper halves. The compiler makes no vectors of these loops by itself, as they
 * mix shorts and ints; those of {@code FLOAT16} it does.
 */
final class VectorBfloat16 {
  private static final int INFINITY = 0x7F80_0000;

  /** The bit that makes a NaN a quiet one, so that it stays a NaN when its lower half goes. */
  private static final int QUIET = 0x0040_0000;

  private VectorBfloat16() {}

  /** The float with these upper bits: {@code bits << 16}. */
  static void toFloats(short[] halves, int first, int last, float[] floats, int start) {
    for (int i = first; i < last; i += LANES) {
      ShortVector vHalves = ShortVector.fromArray(HALF_SHORTS, halves, i);
      IntVector vBits = (IntVector) vHalves.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
      vBits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(floats, start + i);
    }
  }

  /**
   * The upper bits of each float after rounding: half of their last place, less one bit where that
   * place is even, is added; NaN is made quiet instead.
   */
  static void ofFloats(float[] floats, int start, short[] halves, int first, int last) {
    IntVector vHalf = IntVector.broadcast(INTS, Short.MAX_VALUE);
    IntVector vInfinity = IntVector.broadcast(INTS, INFINITY);
    for (int i = first; i < last; i += LANES) {
      FloatVector vX = FloatVector.fromArray(FLOATS, floats, start + i);
      IntVector vBits = vX.reinterpretAsInts();
      IntVector vOdd = vBits.lanewise(VectorOperators.LSHR, 16).lanewise(VectorOperators.AND, 1);
      IntVector vRounded = vBits.add(vHalf).add(vOdd);
      IntVector vMagnitude = vBits.lanewise(VectorOperators.AND, Integer.MAX_VALUE);
      IntVector vQuiet = vBits.lanewise(VectorOperators.OR, QUIET);
      IntVector vResult = vRounded.blend(vQuiet, vMagnitude.compare(VectorOperators.GT, vInfinity));
      ((ShortVector)
              vResult
                  .lanewise(VectorOperators.LSHR, 16)
                  .convertShape(VectorOperators.I2S, HALF_SHORTS, 0))
          .intoArray(halves, i);
    }
  }
}
