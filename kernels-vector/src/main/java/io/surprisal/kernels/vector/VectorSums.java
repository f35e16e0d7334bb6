package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums in double, in 16 or 32 slots and folded in one order, so that every width adds alike.
 *
 * <p>The new vector is always the receiver and the running sum the argument: the class of a vector
 * that goes round a loop is known to the compiler only by profile, which other code may have
 * spoilt, and then the vector is boxed.
 */
final class VectorSums {
  /** Slots of the sum of one array, so that four running sums fit into the widest vectors. */
  private static final int WIDE_SLOTS = 32;

  private VectorSums() {}

  /**
   * Σ of floats.
   *
   * @param values the terms
   * @param from where they start
   * @param count how many, a multiple of 32
   * @param slots 32 numbers of scratch
   * @return the sum
   */
  static double sum(float[] values, int from, int count, double[] slots) {
    // Four sums at a time: fewer would wait for their own additions.
    for (int walk = 0; walk < WIDE_SLOTS; walk += 4 * DOUBLE_LANES) {
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum2 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum3 = DoubleVector.zero(DOUBLES);
      for (int i = from + walk; i < from + count; i += WIDE_SLOTS) {
        FloatVector vFloats0 = FloatVector.fromArray(HALF_FLOATS, values, i);
        FloatVector vFloats1 = FloatVector.fromArray(HALF_FLOATS, values, i + DOUBLE_LANES);
        FloatVector vFloats2 = FloatVector.fromArray(HALF_FLOATS, values, i + 2 * DOUBLE_LANES);
        FloatVector vFloats3 = FloatVector.fromArray(HALF_FLOATS, values, i + 3 * DOUBLE_LANES);
        DoubleVector vDoubles0 =
            (DoubleVector) vFloats0.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubles1 =
            (DoubleVector) vFloats1.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubles2 =
            (DoubleVector) vFloats2.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubles3 =
            (DoubleVector) vFloats3.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vSum0 = vDoubles0.add(vSum0);
        vSum1 = vDoubles1.add(vSum1);
        vSum2 = vDoubles2.add(vSum2);
        vSum3 = vDoubles3.add(vSum3);
      }
      vSum0.intoArray(slots, walk);
      vSum1.intoArray(slots, walk + DOUBLE_LANES);
      vSum2.intoArray(slots, walk + 2 * DOUBLE_LANES);
      vSum3.intoArray(slots, walk + 3 * DOUBLE_LANES);
    }
    for (int i = 0; i < SLOTS; i++) {
      slots[i] += slots[i + SLOTS];
    }
    return fold(slots);
  }

  /**
   * Σ of any number of floats.
   *
   * @param values the terms
   * @param from where they start
   * @param count how many
   * @param slots 16 numbers of scratch
   * @return the sum
   */
  static double plainSum(float[] values, int from, int count, double[] slots) {
    int whole = count & -WIDE_SLOTS;
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

  /**
   * Σ a·b.
   *
   * @param a factors
   * @param aFrom where they start
   * @param b factors
   * @param bFrom where they start
   * @param count how many
   * @param slots 16 numbers of scratch
   * @return the sum
   */
  static double dot(float[] a, int aFrom, float[] b, int bFrom, int count, double[] slots) {
    int whole = count & -SLOTS;
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < whole; i += SLOTS) {
        FloatVector vA = FloatVector.fromArray(HALF_FLOATS, a, aFrom + i);
        FloatVector vB = FloatVector.fromArray(HALF_FLOATS, b, bFrom + i);
        DoubleVector vDoubleA = (DoubleVector) vA.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubleB = (DoubleVector) vB.convertShape(VectorOperators.F2D, DOUBLES, 0);
        // The product of two floats is exact in double.
        vSum = vDoubleA.mul(vDoubleB).add(vSum);
      }
      vSum.intoArray(slots, walk);
    }
    double tail = 0;
    for (int i = whole; i < count; i++) {
      tail += (double) a[aFrom + i] * b[bFrom + i];
    }
    return fold(slots) + tail;
  }

  /**
   * Σ w·x, where a term of weight 0 is 0 whatever its x.
   *
   * @param weights w
   * @param weightsFrom where they start
   * @param values x
   * @param from where they start
   * @param count how many, at most a block
   * @param tile its scratch is used
   * @return the sum
   */
  static double weightedSum(
      float[] weights, int weightsFrom, float[] values, int from, int count, Tile tile) {
    float[] kept = tile.scratch;
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector vValues = FloatVector.fromArray(FLOATS, values, from + i);
      FloatVector vWeights = FloatVector.fromArray(FLOATS, weights, weightsFrom + i);
      vValues.blend(0, vWeights.compare(VectorOperators.EQ, 0)).intoArray(kept, i);
    }
    for (int i = whole; i < count; i++) {
      kept[i] = weights[weightsFrom + i] == 0 ? 0 : values[from + i];
    }
    return dot(weights, weightsFrom, kept, 0, count, tile.doubleScratch);
  }

  /**
   * The 16 slots as a balanced tree. Written out: as a loop it took longer than the sums of a row.
   */
  static double fold(double[] slots) {
    double sum0 = (slots[0] + slots[8]) + (slots[4] + slots[12]);
    double sum1 = (slots[1] + slots[9]) + (slots[5] + slots[13]);
    double sum2 = (slots[2] + slots[10]) + (slots[6] + slots[14]);
    double sum3 = (slots[3] + slots[11]) + (slots[7] + slots[15]);
    return (sum0 + sum2) + (sum1 + sum3);
  }
}
