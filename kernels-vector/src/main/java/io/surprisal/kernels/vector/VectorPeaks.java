package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.INTS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Where the largest of many values is. One sweep without a branch that depends on the values: a
 * processor that has to wait for a row's peak, to know where a search ends, does not fetch the next
 * row meanwhile, and took four times as long where rows come from memory.
 */
final class VectorPeaks {
  private static final int POSITIVE_INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private VectorPeaks() {}

  /** See the contract; for as many values as a vector and more. */
  static int argMax(float[] values, int from, int count) {
    int whole = FLOATS.loopBound(count);
    long peak = peak(values, from, whole);
    int bits = (int) (peak >> Integer.SIZE);
    int index = (int) peak;
    for (int i = whole; i < count; i++) {
      int other = Float.floatToRawIntBits(values[from + i]);
      index = other > bits ? i : index;
      bits = Math.max(other, bits);
    }
    // Bits are ordered as positive floats are; 0 is no larger than -0.
    return bits > 0 && bits <= POSITIVE_INFINITY
        ? index
        : argMaxOfAny(values, from, count, Float.intBitsToFloat(bits));
  }

  /** The largest bits, as signed integers, and the first place that has them. */
  private static long peak(float[] values, int from, int count) {
    IntVector vLargest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
    IntVector vPlace = IntVector.zero(INTS);
    for (int i = 0; i < count; i += LANES) {
      IntVector vBits = FloatVector.fromArray(FLOATS, values, from + i).reinterpretAsInts();
      VectorMask<Integer> isNoLarger = vBits.compare(VectorOperators.LE, vLargest);
      vPlace = IntVector.broadcast(INTS, i).blend(vPlace, isNoLarger);
      vLargest = vBits.max(vLargest);
    }
    int bits = vLargest.reduceLanes(VectorOperators.MAX);
    vPlace = vPlace.addIndex(1);
    VectorMask<Integer> isNot = vLargest.compare(VectorOperators.NE, bits);
    int index = vPlace.blend(Integer.MAX_VALUE, isNot).reduceLanes(VectorOperators.MIN);
    return (long) bits << Integer.SIZE | index;
  }

  /** The same where no value is positive, or one is NaN; the value with the largest bits. */
  private static int argMaxOfAny(float[] values, int from, int count, float value) {
    float maximum = value;
    if (Float.floatToRawIntBits(value) < 0) {
      // Every value has a sign: the larger the bits, the smaller the value.
      int whole = FLOATS.loopBound(count);
      int bits = smallestBits(values, from, whole);
      for (int i = whole; i < count; i++) {
        bits = Math.min(bits, Float.floatToRawIntBits(values[from + i]));
      }
      maximum = Float.intBitsToFloat(bits);
    }
    return Float.isNaN(maximum)
        ? indexBesideNan(values, from, count)
        : indexOf(values, from, count, maximum);
  }

  private static int smallestBits(float[] values, int from, int count) {
    IntVector vSmallest = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    for (int i = 0; i < count; i += LANES) {
      IntVector vBits = FloatVector.fromArray(FLOATS, values, from + i).reinterpretAsInts();
      vSmallest = vBits.min(vSmallest);
    }
    return vSmallest.reduceLanes(VectorOperators.MIN);
  }

  /** The same where a NaN is, which is never the largest. */
  private static int indexBesideNan(float[] values, int from, int count) {
    int index = -1;
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      float value = values[from + i];
      if (value > maximum || (index < 0 && value == maximum)) {
        maximum = value;
        index = i;
      }
    }
    return index;
  }

  private static int indexOf(float[] values, int from, int count, float value) {
    int i = vectorOf(values, from, FLOATS.loopBound(count), value);
    while (i < count && values[from + i] != value) {
      i++;
    }
    return i;
  }

  /** Where the vector starts that holds a value, or the end. */
  private static int vectorOf(float[] values, int from, int count, float value) {
    FloatVector vValue = FloatVector.broadcast(FLOATS, value);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vValues = FloatVector.fromArray(FLOATS, values, from + i);
      if (vValues.compare(VectorOperators.EQ, vValue).anyTrue()) {
        return i;
      }
    }
    return count;
  }
}
