package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums in double, always in 16 slots and folded in one order, so that every width adds alike.
 *
 * <p>Each method is a loop over at most some thousand elements, whose tail is added by scalar
 * operations to the slots where it belongs.
 */
final class VectorSums {
  private VectorSums() {}

  /**
   * Σ of floats.
   *
   * @param values the terms
   * @param from where they start
   * @param count how many, a multiple of 16
   * @param slots 16 numbers of scratch
   * @return the sum
   */
  static double sum(float[] values, int from, int count, double[] slots) {
    // Two walks at a time: one would wait for its own additions.
    for (int walk = 0; walk < SLOTS; walk += 2 * DOUBLE_LANES) {
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      for (int i = from + walk; i < from + count; i += SLOTS) {
        vSum0 = vSum0.add(doubles(values, i));
        vSum1 = vSum1.add(doubles(values, i + DOUBLE_LANES));
      }
      vSum0.intoArray(slots, walk);
      vSum1.intoArray(slots, walk + DOUBLE_LANES);
    }
    return fold(slots);
  }

  /** Σ x, any count. */
  static double plainSum(float[] values, int from, int count, double[] slots) {
    int whole = count & -SLOTS;
    double sum = sum(values, from, whole, slots);
    if (whole == count) {
      return sum;
    }
    double tail = 0;
    for (int i = from + whole; i < from + count; i++) {
      tail += values[i];
    }
    return sum + tail;
  }

  /** Σ w·x, where a term of weight 0 is 0 whatever its x. */
  static double weightedSum(
      float[] weights, int weightsFrom, float[] values, int from, int count, double[] slots) {
    int whole = count & -SLOTS;
    int shift = weightsFrom - from;
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = from + walk; i < from + whole; i += SLOTS) {
        DoubleVector vWeights = doubles(weights, shift + i);
        DoubleVector vTerms = vWeights.mul(doubles(values, i));
        vSum = vSum.add(vTerms.blend(0, vWeights.compare(VectorOperators.EQ, 0)));
      }
      vSum.intoArray(slots, walk);
    }
    double tail = 0;
    for (int i = from + whole; i < from + count; i++) {
      float weight = weights[shift + i];
      tail += weight == 0 ? 0 : (double) weight * values[i];
    }
    return fold(slots) + tail;
  }

  /** Σ e·v. */
  static double dot(
      float[] exps, int expsFrom, float[] values, int from, int count, double[] slots) {
    int whole = count & -SLOTS;
    int shift = expsFrom - from;
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = from + walk; i < from + whole; i += SLOTS) {
        vSum = vSum.add(doubles(exps, shift + i).mul(doubles(values, i)));
      }
      vSum.intoArray(slots, walk);
    }
    double tail = 0;
    for (int i = from + whole; i < from + count; i++) {
      tail += (double) exps[shift + i] * values[i];
    }
    return fold(slots) + tail;
  }

  private static DoubleVector doubles(float[] values, int i) {
    return (DoubleVector)
        FloatVector.fromArray(HALF_FLOATS, values, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  /** The 16 slots as a balanced tree. */
  private static double fold(double[] slots) {
    for (int half = SLOTS / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        slots[i] += slots[i + half];
      }
    }
    return slots[0];
  }
}
