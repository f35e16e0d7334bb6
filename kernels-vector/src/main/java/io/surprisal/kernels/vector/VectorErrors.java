package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * WEIGH and MAP of squared error, for a block of a row, in double: what is small comes from
 * differences of p and q. Absent targets and weights are read as a block of 0 and of 1, so that
 * there is one loop.
 */
final class VectorErrors {
  private static final float[] ZEROS = new float[Tile.BLOCK];
  private static final float[] ONES = ones();

  /** Where the slots of Σ w·p·(p − q) lie in a tile's scratch, behind those of Σ w·(p − q)². */
  private static final int DOT_SLOTS = SLOTS;

  private VectorErrors() {}

  private static float[] ones() {
    float[] ones = new float[Tile.BLOCK];
    Arrays.fill(ones, 1);
    return ones;
  }

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
      sums(tile, block * Tile.BLOCK, exps, factor, q, targets, whole);
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

  /** Slots of both sums. */
  private static void sums(
      Tile tile, int column, int exps, double factor, float[] q, int targets, int count) {
    float[] e = tile.exps;
    float[] w = tile.classVector == null ? ONES : tile.classVector;
    int weights = tile.classVector == null ? 0 : tile.classOffset + column;
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

  /** out = e·F·(G·w·(e·F − q) − H), rounded once. Left to the compiler's own vectors. */
  static void map(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int out = tile.outStart[row] + column;
    float[] e = tile.exps;
    float[] to = tile.out;
    float[] q = tile.targets == null ? ZEROS : tile.targets;
    int targets = tile.targets == null ? 0 : tile.targetsStart[row] + column;
    float[] w = tile.classVector == null ? ONES : tile.classVector;
    int weights = tile.classVector == null ? 0 : tile.classOffset + column;
    double factor = factor(tile, row * tile.blocks() + block);
    double slope = tile.targetFactor[row];
    double shift = tile.shift[row];
    for (int i = 0; i < count; i++) {
      double p = e[exps + i] * factor;
      to[out + i] = (float) (p * (slope * w[weights + i] * (p - q[targets + i]) - shift));
    }
  }

  private static double factor(Tile tile, int slot) {
    return ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
  }

  private static float weight(Tile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }
}
