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
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * What dense targets q add to REDUCE and MAP: Σ w·q and Σ w·q·x of a block, and {@code − w·(G·q +
 * H)} on what was mapped, while the block is in L1.
 *
 * <p>The sums are formed as those of {@link VectorSums}: the product of two floats is exact in
 * double, the running sum is the argument and never the receiver.
 */
final class VectorTargets {
  private VectorTargets() {}

  /** Adds a block of a row to its sums. */
  static void addSums(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int targets = tile.targetsStart[row] + column;
    int logits = tile.logitsStart[row] + column;
    double dot;
    if (tile.classVector == null) {
      tile.targetSum[row] += VectorSums.plainSum(tile.targets, targets, count, tile.doubleScratch);
      dot = VectorSums.dot(tile.targets, targets, tile.logits, logits, count, tile.doubleScratch);
    } else {
      int weights = tile.classOffset + column;
      tile.targetSum[row] +=
          VectorSums.dot(
              tile.classVector, weights, tile.targets, targets, count, tile.doubleScratch);
      dot = weightedDot(tile, weights, targets, logits, count);
    }
    // 0·−∞ may have made it NaN: masked classes are rare, and looked for only then.
    tile.targetDot[row] += Double.isNaN(dot) ? dotOfTargets(tile, row, block) : dot;
  }

  /** Σ w·q·x. */
  private static double weightedDot(Tile tile, int weights, int targets, int logits, int count) {
    float[] w = tile.classVector;
    float[] q = tile.targets;
    float[] x = tile.logits;
    double[] slots = tile.doubleScratch;
    int whole = count & -SLOTS;
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < whole; i += SLOTS) {
        FloatVector vW = FloatVector.fromArray(HALF_FLOATS, w, weights + i);
        FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
        FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
        DoubleVector vDoubleW = (DoubleVector) vW.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubleQ = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vDoubleX = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vSum = vDoubleW.mul(vDoubleQ).mul(vDoubleX).add(vSum);
      }
      vSum.intoArray(slots, walk);
    }
    double tail = 0;
    for (int i = whole; i < count; i++) {
      tail += (double) w[weights + i] * q[targets + i] * x[logits + i];
    }
    return VectorSums.fold(slots) + tail;
  }

  /** Σ w·q·x as it is defined: nothing where w·q is 0. In the order of the sums without masks. */
  private static double dotOfTargets(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    double[] slots = tile.doubleScratch;
    for (int slot = 0; slot < SLOTS; slot++) {
      slots[slot] = 0;
    }
    for (int i = 0; i < whole; i++) {
      slots[i & (SLOTS - 1)] += term(tile, row, column + i);
    }
    double tail = 0;
    for (int i = whole; i < count; i++) {
      tail += term(tile, row, column + i);
    }
    return VectorSums.fold(slots) + tail;
  }

  private static double term(Tile tile, int row, int column) {
    float weight = tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
    double target = (double) weight * tile.targets[tile.targetsStart[row] + column];
    return target == 0 ? 0 : target * tile.logits[tile.logitsStart[row] + column];
  }

  /** out = out − w·(G·q + H), for a block. */
  static void minus(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int targets = tile.targetsStart[row] + column;
    int out = tile.outStart[row] + column;
    float factor = (float) -tile.targetFactor[row];
    float shift = (float) -tile.shift[row];
    if (tile.classVector == null) {
      minus(tile.targets, targets, factor, shift, tile.out, out, count);
    } else {
      minusWeighted(tile, tile.classOffset + column, targets, factor, shift, out, count);
    }
  }

  private static void minus(
      float[] q, int targets, float factor, float shift, float[] to, int out, int count) {
    FloatVector vFactor = FloatVector.broadcast(FLOATS, factor);
    FloatVector vShift = FloatVector.broadcast(FLOATS, shift);
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector vQ = FloatVector.fromArray(FLOATS, q, targets + i);
      FloatVector vOut = FloatVector.fromArray(FLOATS, to, out + i);
      vOut.add(vQ.fma(vFactor, vShift)).intoArray(to, out + i);
    }
    for (int i = whole; i < count; i++) {
      to[out + i] += Math.fma(q[targets + i], factor, shift);
    }
  }

  private static void minusWeighted(
      Tile tile, int weights, int targets, float factor, float shift, int out, int count) {
    float[] w = tile.classVector;
    float[] q = tile.targets;
    float[] to = tile.out;
    FloatVector vFactor = FloatVector.broadcast(FLOATS, factor);
    FloatVector vShift = FloatVector.broadcast(FLOATS, shift);
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector vQ = FloatVector.fromArray(FLOATS, q, targets + i);
      FloatVector vW = FloatVector.fromArray(FLOATS, w, weights + i);
      FloatVector vOut = FloatVector.fromArray(FLOATS, to, out + i);
      vW.fma(vQ.fma(vFactor, vShift), vOut).intoArray(to, out + i);
    }
    for (int i = whole; i < count; i++) {
      float target = Math.fma(q[targets + i], factor, shift);
      to[out + i] = Math.fma(w[weights + i], target, to[out + i]);
    }
  }

  /** Where the largest of a block's worth of values and more is; see the contract. */
  static int argMax(float[] values, int from, int count) {
    int whole = FLOATS.loopBound(count);
    FloatVector vMaximum = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector vValues = FloatVector.fromArray(FLOATS, values, from + i);
      // Not larger, or NaN: the maximum stays.
      VectorMask<Float> larger = vValues.compare(VectorOperators.GT, vMaximum);
      vMaximum = vValues.blend(vMaximum, larger.not());
    }
    float maximum = vMaximum.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < count; i++) {
      maximum = values[from + i] > maximum ? values[from + i] : maximum;
    }
    return indexOf(values, from, count, maximum);
  }

  private static int indexOf(float[] values, int from, int count, float value) {
    FloatVector vValue = FloatVector.broadcast(FLOATS, value);
    int whole = FLOATS.loopBound(count);
    int i = 0;
    while (i < whole
        && !FloatVector.fromArray(FLOATS, values, from + i)
            .compare(VectorOperators.EQ, vValue)
            .anyTrue()) {
      i += LANES;
    }
    while (i < count && values[from + i] != value) {
      i++;
    }
    return i == count ? -1 : i;
  }
}
