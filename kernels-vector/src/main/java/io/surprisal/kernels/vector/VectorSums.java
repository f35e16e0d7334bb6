package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums in double, in 8 or 16 slots and folded in one order, so that every width adds alike.
 *
 * <p>The new vector is always the receiver and the running sum the argument: the class of a vector
 * that goes round a loop is known to the compiler only by profile, which other code may have
 * spoilt, and then the vector is boxed.
 */
final class VectorSums {
  /** Slots of the sum of one of many rows. */
  private static final int ROW_SLOTS = 8;

  private VectorSums() {}

  /**
   * Makes the 16 slots of a sum 0.
   *
   * @param slots the slots
   */
  static void clear(double[] slots) {
    Arrays.fill(slots, 0, SLOTS, 0);
  }

  /**
   * Adds floats to the 16 slots of a sum.
   *
   * @param values the terms
   * @param from where they start
   * @param count how many
   * @param slots the slots
   */
  static void add(float[] values, int from, int count, double[] slots) {
    int whole = count & -SLOTS;
    if (whole > 0) {
      addVectors(values, from, whole, slots);
    }
    for (int i = whole; i < count; i++) {
      slots[i - whole] += values[from + i];
    }
  }

  private static void addVectors(float[] values, int from, int count, double[] slots) {
    for (int walk = 0; walk < SLOTS; walk += LANES) {
      DoubleVector vSum0 = DoubleVector.fromArray(DOUBLES, slots, walk);
      DoubleVector vSum1 = DoubleVector.fromArray(DOUBLES, slots, walk + DOUBLE_LANES);
      for (int i = from + walk; i < from + count; i += SLOTS) {
        FloatVector v0 = FloatVector.fromArray(HALF_FLOATS, values, i);
        FloatVector v1 = FloatVector.fromArray(HALF_FLOATS, values, i + DOUBLE_LANES);
        vSum0 = ((DoubleVector) v0.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum0);
        vSum1 = ((DoubleVector) v1.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum1);
      }
      vSum0.intoArray(slots, walk);
      vSum1.intoArray(slots, walk + DOUBLE_LANES);
    }
  }

  /**
   * Sums of rows of exponentials, each in 8 slots.
   *
   * @param exps rows one behind another
   * @param from where the first starts
   * @param columns their length
   * @param rows how many
   * @param sums where the sums go
   * @param first where the first goes
   * @param slots scratch, 8 numbers a row
   */
  static void rows(
      float[] exps, int from, int columns, int rows, double[] sums, int first, double[] slots) {
    int whole = columns & -ROW_SLOTS;
    for (int walk = 0; walk < ROW_SLOTS; walk += DOUBLE_LANES) {
      rowSlots(exps, from + walk, columns, rows, slots, walk);
    }
    for (int row = 0; row < rows; row++) {
      int i = row * ROW_SLOTS;
      int tail = from + row * columns + whole;
      double last = 0;
      for (int c = tail; c < tail + columns - whole; c++) {
        last += exps[c];
      }
      double sum0 = (slots[i] + slots[i + 4]) + (slots[i + 2] + slots[i + 6]);
      double sum1 = (slots[i + 1] + slots[i + 5]) + (slots[i + 3] + slots[i + 7]);
      sums[first + row] = (sum0 + sum1) + last;
    }
  }

  /**
   * One vector of slots of each row, but for what is left over at its end; four rows at once, which
   * do not wait for each other.
   */
  private static void rowSlots(
      float[] exps, int from, int columns, int rows, double[] slots, int walk) {
    int whole = columns & -ROW_SLOTS;
    for (int row = 0; row < rows; row += 4) {
      // The last rows may be summed twice.
      int row1 = Math.min(row + 1, rows - 1);
      int row2 = Math.min(row + 2, rows - 1);
      int row3 = Math.min(row + 3, rows - 1);
      int start = from + row * columns;
      int to1 = (row1 - row) * columns;
      int to2 = (row2 - row) * columns;
      int to3 = (row3 - row) * columns;
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum2 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum3 = DoubleVector.zero(DOUBLES);
      for (int i = start; i < start + whole; i += ROW_SLOTS) {
        FloatVector v0 = FloatVector.fromArray(HALF_FLOATS, exps, i);
        FloatVector v1 = FloatVector.fromArray(HALF_FLOATS, exps, i + to1);
        FloatVector v2 = FloatVector.fromArray(HALF_FLOATS, exps, i + to2);
        FloatVector v3 = FloatVector.fromArray(HALF_FLOATS, exps, i + to3);
        vSum0 = ((DoubleVector) v0.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum0);
        vSum1 = ((DoubleVector) v1.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum1);
        vSum2 = ((DoubleVector) v2.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum2);
        vSum3 = ((DoubleVector) v3.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum3);
      }
      vSum0.intoArray(slots, row * ROW_SLOTS + walk);
      vSum1.intoArray(slots, row1 * ROW_SLOTS + walk);
      vSum2.intoArray(slots, row2 * ROW_SLOTS + walk);
      vSum3.intoArray(slots, row3 * ROW_SLOTS + walk);
    }
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
    clear(slots);
    add(values, from, count, slots);
    return fold(slots);
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
    clear(slots);
    if (whole > 0) {
      dotVectors(a, aFrom, b, bFrom, whole, slots);
    }
    double tail = 0;
    for (int i = whole; i < count; i++) {
      tail += (double) a[aFrom + i] * b[bFrom + i];
    }
    return fold(slots) + tail;
  }

  private static void dotVectors(
      float[] a, int aFrom, float[] b, int bFrom, int count, double[] slots) {
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vA = FloatVector.fromArray(HALF_FLOATS, a, aFrom + i);
        FloatVector vB = FloatVector.fromArray(HALF_FLOATS, b, bFrom + i);
        DoubleVector vDoubleA = (DoubleVector) vA.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubleB = (DoubleVector) vB.convertShape(VectorOperators.F2D, DOUBLES, 0);
        // The product of two floats is exact in double.
        vSum = vDoubleA.mul(vDoubleB).add(vSum);
      }
      vSum.intoArray(slots, walk);
    }
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
    if (whole > 0) {
      keepWeighted(weights, weightsFrom, values, from, whole, kept);
    }
    for (int i = whole; i < count; i++) {
      kept[i] = weights[weightsFrom + i] == 0 ? 0 : values[from + i];
    }
    return dot(weights, weightsFrom, kept, 0, count, tile.doubleScratch);
  }

  /** Whole vectors of values, 0 where the weight is 0. */
  static void keepWeighted(
      float[] weights, int weightsFrom, float[] values, int from, int count, float[] kept) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector vValues = FloatVector.fromArray(FLOATS, values, from + i);
      FloatVector vWeights = FloatVector.fromArray(FLOATS, weights, weightsFrom + i);
      vValues.blend(0, vWeights.compare(VectorOperators.EQ, 0)).intoArray(kept, i);
    }
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
