package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * WEIGH and MAP of squared error, for a block of a row, in double: what is small comes from
 * differences of p and q. Absent targets are read as a block of 0.
 */
final class VectorErrors {
  private static final float[] ZEROS = new float[Tile.BLOCK];

  /** Where the slots of Σ w·p·(p − q) lie in a tile's scratch, behind those of Σ w·(p − q)². */
  private static final int DOT_SLOTS = SLOTS;

  private VectorErrors() {}

  /** Adds a block of a row to its sums. */
  static void addSums(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int exps = tile.expsOffset + row * tile.expsStride + column;
    float[] q = tile.targets == null ? ZEROS : tile.targets;
    int targets = tile.targets == null ? 0 : tile.targetsStart[row] + column;
    int label = tile.labels[row] - column;
    if (label >= 0 && label < count) {
      // The label's term becomes (0 − 0)²: the exps are the kernel's, the targets are not.
      tile.exps[exps + label] = 0;
      if (tile.targets != null) {
        System.arraycopy(q, targets, tile.scratch, 0, count);
        tile.scratch[label] = 0;
        q = tile.scratch;
        targets = 0;
      }
    }
    addSums(tile, row, block, exps, q, targets);
  }

  private static void addSums(Tile tile, int row, int block, int exps, float[] q, int targets) {
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    double factor = factor(tile, row * tile.blocks() + block);
    double sum = 0;
    double dot = 0;
    if (whole > 0) {
      double[] slots = tile.doubleScratch;
      if (tile.classVector == null) {
        sums(tile.exps, exps, factor, q, targets, whole, slots);
      } else {
        weightedSums(tile, block * Tile.BLOCK, exps, factor, q, targets, whole);
      }
      sum = VectorSums.fold(slots);
      System.arraycopy(slots, DOT_SLOTS, slots, 0, SLOTS);
      dot = VectorSums.fold(slots);
    }
    double tailSum = 0;
    double tailDot = 0;
    for (int i = whole; i < count; i++) {
      double p = tile.exps[exps + i] * factor;
      double error = p - q[targets + i];
      double weighted = error * weight(tile, block * Tile.BLOCK + i);
      tailSum += weighted * error;
      tailDot += weighted * p;
    }
    tile.weighedSum[row] += sum + tailSum;
    tile.weighedDot[row] += dot + tailDot;
  }

  /** Slots of both sums without weights. */
  private static void sums(
      float[] e, int exps, double factor, float[] q, int targets, int count, double[] slots) {
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    // Two sums of each kind at a time: fewer would wait for their own additions.
    for (int walk = 0; walk < SLOTS; walk += 2 * DOUBLE_LANES) {
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      DoubleVector vDot0 = DoubleVector.zero(DOUBLES);
      DoubleVector vDot1 = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vE0 = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
        FloatVector vE1 = FloatVector.fromArray(HALF_FLOATS, e, exps + i + DOUBLE_LANES);
        FloatVector vQ0 = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
        FloatVector vQ1 = FloatVector.fromArray(HALF_FLOATS, q, targets + i + DOUBLE_LANES);
        DoubleVector vP0 = (DoubleVector) vE0.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vP1 = (DoubleVector) vE1.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vTarget0 = (DoubleVector) vQ0.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vTarget1 = (DoubleVector) vQ1.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vP0 = vP0.mul(vFactor);
        vP1 = vP1.mul(vFactor);
        DoubleVector vError0 = vP0.sub(vTarget0);
        DoubleVector vError1 = vP1.sub(vTarget1);
        vSum0 = vError0.mul(vError0).add(vSum0);
        vSum1 = vError1.mul(vError1).add(vSum1);
        vDot0 = vError0.mul(vP0).add(vDot0);
        vDot1 = vError1.mul(vP1).add(vDot1);
      }
      vSum0.intoArray(slots, walk);
      vSum1.intoArray(slots, walk + DOUBLE_LANES);
      vDot0.intoArray(slots, DOT_SLOTS + walk);
      vDot1.intoArray(slots, DOT_SLOTS + walk + DOUBLE_LANES);
    }
  }

  /** Slots of both sums. */
  private static void weightedSums(
      Tile tile, int column, int exps, double factor, float[] q, int targets, int count) {
    float[] e = tile.exps;
    float[] w = tile.classVector;
    int weights = tile.classOffset + column;
    double[] slots = tile.doubleScratch;
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vDot = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
        FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
        FloatVector vW = FloatVector.fromArray(HALF_FLOATS, w, weights + i);
        DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vTarget = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vWeight = (DoubleVector) vW.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vP = vP.mul(vFactor);
        DoubleVector vError = vP.sub(vTarget);
        DoubleVector vWeighted = vError.mul(vWeight);
        vSum = vWeighted.mul(vError).add(vSum);
        vDot = vWeighted.mul(vP).add(vDot);
      }
      vSum.intoArray(slots, walk);
      vDot.intoArray(slots, DOT_SLOTS + walk);
    }
  }

  /** out = e·F·(G·w·(e·F − q) − H), rounded once. */
  static void map(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int out = tile.outStart[row] + column;
    float[] q = tile.targets == null ? ZEROS : tile.targets;
    int targets = tile.targets == null ? 0 : tile.targetsStart[row] + column;
    double factor = factor(tile, row * tile.blocks() + block);
    int whole = DOUBLES.loopBound(count);
    if (whole > 0 && tile.classVector == null) {
      mapVectors(tile, row, exps, factor, q, targets, out, whole);
    } else if (whole > 0) {
      mapWeightedVectors(tile, row, column, exps, factor, q, targets, out, whole);
    }
    for (int i = whole; i < count; i++) {
      double p = tile.exps[exps + i] * factor;
      double slope = tile.targetFactor[row] * weight(tile, column + i);
      tile.out[out + i] = (float) (p * (slope * (p - q[targets + i]) - tile.shift[row]));
    }
  }

  private static void mapVectors(
      Tile tile, int row, int exps, double factor, float[] q, int targets, int out, int count) {
    float[] e = tile.exps;
    float[] to = tile.out;
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector vSlope = DoubleVector.broadcast(DOUBLES, tile.targetFactor[row]);
    DoubleVector vShift = DoubleVector.broadcast(DOUBLES, tile.shift[row]);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
      FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
      DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vTarget = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
      vP = vP.mul(vFactor);
      DoubleVector vEntry = vP.mul(vSlope.mul(vP.sub(vTarget)).sub(vShift));
      FloatVector vOut = (FloatVector) vEntry.convertShape(VectorOperators.D2F, HALF_FLOATS, 0);
      vOut.intoArray(to, out + i);
    }
  }

  private static void mapWeightedVectors(
      Tile tile,
      int row,
      int column,
      int exps,
      double factor,
      float[] q,
      int targets,
      int out,
      int count) {
    float[] e = tile.exps;
    float[] to = tile.out;
    float[] w = tile.classVector;
    int weights = tile.classOffset + column;
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector vSlope = DoubleVector.broadcast(DOUBLES, tile.targetFactor[row]);
    DoubleVector vShift = DoubleVector.broadcast(DOUBLES, tile.shift[row]);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
      FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
      FloatVector vW = FloatVector.fromArray(HALF_FLOATS, w, weights + i);
      DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vTarget = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vWeight = (DoubleVector) vW.convertShape(VectorOperators.F2D, DOUBLES, 0);
      vP = vP.mul(vFactor);
      DoubleVector vError = vSlope.mul(vWeight).mul(vP.sub(vTarget));
      DoubleVector vEntry = vP.mul(vError.sub(vShift));
      FloatVector vOut = (FloatVector) vEntry.convertShape(VectorOperators.D2F, HALF_FLOATS, 0);
      vOut.intoArray(to, out + i);
    }
  }

  private static double factor(Tile tile, int slot) {
    return ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
  }

  private static float weight(Tile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }
}
