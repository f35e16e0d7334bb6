package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What dense targets q add to REDUCE and MAP: Σ w·q and Σ w·q·x of a block, and {@code − w·(G·q +
 * H)} on what was mapped, while the block is in L1.
 *
 * <p>The sums are formed as those of {@link VectorSums}, one sweep for both: the product of two
 * floats is exact in double, the running sum is the argument and never the receiver.
 */
final class VectorTargets {
  private VectorTargets() {}

  /** Where the slots of Σ w·q lie in a tile's scratch, behind those of Σ w·q·x. */
  private static final int TARGET_SLOTS = SLOTS;

  /** Adds a block of a row to its sums. */
  static void addSums(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    int targets = tile.targetsStart[row] + column;
    int logits = tile.logitsStart[row] + column;
    double dot = 0;
    double sum = 0;
    if (whole > 0) {
      double[] slots = tile.doubleScratch;
      if (tile.classVector == null) {
        sums(tile.targets, targets, tile.logits, logits, whole, slots);
      } else {
        weightedSums(tile, tile.classOffset + column, targets, logits, whole);
      }
      dot = VectorSums.fold(slots);
      System.arraycopy(slots, TARGET_SLOTS, slots, 0, SLOTS);
      sum = VectorSums.fold(slots);
    }
    double tailDot = 0;
    double tailSum = 0;
    for (int i = whole; i < count; i++) {
      double target = target(tile, row, column + i);
      tailSum += target;
      tailDot += target * tile.logits[logits + i];
    }
    dot += tailDot;
    tile.targetSum[row] += sum + tailSum;
    // 0·−∞ may have made it NaN: masked classes are rare, and looked for only then.
    tile.targetDot[row] += Double.isNaN(dot) ? dotOfTargets(tile, row, block) : dot;
  }

  /** Slots of Σ q·x and of Σ q. */
  private static void sums(
      float[] q, int targets, float[] x, int logits, int count, double[] slots) {
    // Two sums of each kind at a time: fewer would wait for their own additions.
    for (int walk = 0; walk < SLOTS; walk += 2 * DOUBLE_LANES) {
      DoubleVector vDot0 = DoubleVector.zero(DOUBLES);
      DoubleVector vDot1 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vQ0 = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
        FloatVector vQ1 = FloatVector.fromArray(HALF_FLOATS, q, targets + i + DOUBLE_LANES);
        FloatVector vX0 = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
        FloatVector vX1 = FloatVector.fromArray(HALF_FLOATS, x, logits + i + DOUBLE_LANES);
        DoubleVector vTarget0 = (DoubleVector) vQ0.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vTarget1 = (DoubleVector) vQ1.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vLogit0 = (DoubleVector) vX0.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vLogit1 = (DoubleVector) vX1.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vDot0 = vTarget0.fma(vLogit0, vDot0);
        vDot1 = vTarget1.fma(vLogit1, vDot1);
        vSum0 = vTarget0.add(vSum0);
        vSum1 = vTarget1.add(vSum1);
      }
      vDot0.intoArray(slots, walk);
      vDot1.intoArray(slots, walk + DOUBLE_LANES);
      vSum0.intoArray(slots, TARGET_SLOTS + walk);
      vSum1.intoArray(slots, TARGET_SLOTS + walk + DOUBLE_LANES);
    }
  }

  /** Slots of Σ w·q·x and of Σ w·q. */
  private static void weightedSums(Tile tile, int weights, int targets, int logits, int count) {
    float[] w = tile.classVector;
    float[] q = tile.targets;
    float[] x = tile.logits;
    double[] slots = tile.doubleScratch;
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vDot = DoubleVector.zero(DOUBLES);
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vW = FloatVector.fromArray(HALF_FLOATS, w, weights + i);
        FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
        FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
        DoubleVector vWeight = (DoubleVector) vW.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vTarget = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vLogit = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vTarget = vTarget.mul(vWeight);
        vDot = vTarget.fma(vLogit, vDot);
        vSum = vTarget.add(vSum);
      }
      vDot.intoArray(slots, walk);
      vSum.intoArray(slots, TARGET_SLOTS + walk);
    }
  }

  /** Σ w·q·x as it is defined: nothing where w·q is 0. In the order of the sums without masks. */
  private static double dotOfTargets(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    double[] slots = tile.doubleScratch;
    VectorSums.clear(slots);
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
    double target = target(tile, row, column);
    return target == 0 ? 0 : target * tile.logits[tile.logitsStart[row] + column];
  }

  /** w·q, exactly. */
  private static double target(Tile tile, int row, int column) {
    float weight = tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
    return (double) weight * tile.targets[tile.targetsStart[row] + column];
  }

  /** out = e·F − w·(G·q + H), for a block. */
  static void map(Tile tile, int row, int block) {
    if (tile.classVector != null) {
      VectorMap.map(tile, MapForm.SCALED, row, block);
      minus(tile, row, block);
      return;
    }
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int slot = row * tile.blocks() + block;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int targets = tile.targetsStart[row] + column;
    int out = tile.outStart[row] + column;
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      mapVectors(tile, row, slot, exps, targets, out, whole);
    }
    float factor = (float) -tile.targetFactor[row];
    float shift = (float) -tile.shift[row];
    for (int i = whole; i < count; i++) {
      tile.out[out + i] =
          VectorMap.scaled(tile, slot, tile.exps[exps + i])
              + Math.fma(tile.targets[targets + i], factor, shift);
    }
  }

  /** The operations of {@link VectorMap} and {@link #minus}, without a way through memory. */
  private static void mapVectors(
      Tile tile, int row, int slot, int exps, int targets, int out, int count) {
    float[] from = tile.exps;
    float[] q = tile.targets;
    float[] to = tile.out;
    FloatVector vScale = FloatVector.broadcast(FLOATS, tile.scale[slot]);
    FloatVector vScaleLow = FloatVector.broadcast(FLOATS, tile.scaleLow[slot]);
    FloatVector vRescale = FloatVector.broadcast(FLOATS, tile.rescale[slot]);
    FloatVector vCutoff = FloatVector.broadcast(FLOATS, tile.cutoff[slot]);
    FloatVector vFactor = FloatVector.broadcast(FLOATS, (float) -tile.targetFactor[row]);
    FloatVector vShift = FloatVector.broadcast(FLOATS, (float) -tile.shift[row]);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vE = FloatVector.fromArray(FLOATS, from, exps + i);
      vE = vE.blend(0, vE.compare(VectorOperators.LT, vCutoff));
      FloatVector vScaled = vE.fma(vScale, vE.mul(vScaleLow)).mul(vRescale);
      FloatVector vQ = FloatVector.fromArray(FLOATS, q, targets + i);
      vScaled.add(vQ.fma(vFactor, vShift)).intoArray(to, out + i);
    }
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
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      minusVectors(q, targets, factor, shift, to, out, whole);
    }
    for (int i = whole; i < count; i++) {
      to[out + i] += Math.fma(q[targets + i], factor, shift);
    }
  }

  private static void minusVectors(
      float[] q, int targets, float factor, float shift, float[] to, int out, int count) {
    FloatVector vFactor = FloatVector.broadcast(FLOATS, factor);
    FloatVector vShift = FloatVector.broadcast(FLOATS, shift);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vQ = FloatVector.fromArray(FLOATS, q, targets + i);
      FloatVector vOut = FloatVector.fromArray(FLOATS, to, out + i);
      vOut.add(vQ.fma(vFactor, vShift)).intoArray(to, out + i);
    }
  }

  private static void minusWeighted(
      Tile tile, int weights, int targets, float factor, float shift, int out, int count) {
    float[] w = tile.classVector;
    float[] q = tile.targets;
    float[] to = tile.out;
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      minusWeightedVectors(tile, weights, targets, factor, shift, out, whole);
    }
    for (int i = whole; i < count; i++) {
      float target = Math.fma(q[targets + i], factor, shift);
      to[out + i] = Math.fma(w[weights + i], target, to[out + i]);
    }
  }

  private static void minusWeightedVectors(
      Tile tile, int weights, int targets, float factor, float shift, int out, int count) {
    float[] w = tile.classVector;
    float[] q = tile.targets;
    float[] to = tile.out;
    FloatVector vFactor = FloatVector.broadcast(FLOATS, factor);
    FloatVector vShift = FloatVector.broadcast(FLOATS, shift);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vQ = FloatVector.fromArray(FLOATS, q, targets + i);
      FloatVector vW = FloatVector.fromArray(FLOATS, w, weights + i);
      FloatVector vOut = FloatVector.fromArray(FLOATS, to, out + i);
      vW.fma(vQ.fma(vFactor, vShift), vOut).intoArray(to, out + i);
    }
  }
}
