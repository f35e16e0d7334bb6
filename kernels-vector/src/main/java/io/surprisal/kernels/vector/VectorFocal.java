package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.LONGS;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * WEIGH and MAP of focal loss of γ = 2 for a block of a row, in double: no power and no logarithm
 * is taken of a class. Absent weights are read as a block of 1, so that there is one loop.
 */
final class VectorFocal {
  private static final float[] ONES = ones();

  /** Where the slots of Σ h lie in a tile's scratch, behind those of Σ t·c²·s. */
  private static final int DOT_SLOTS = SLOTS;

  private VectorFocal() {}

  private static float[] ones() {
    float[] ones = new float[Tile.BLOCK];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Adds a block of a row to its sums. */
  static void addSums(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    int label = tile.labels[row] - column;
    float[] q = tile.targets;
    int targets = tile.targetsStart[row] + column;
    if (label >= 0 && label < count) {
      // Without a target the label's terms are 0; the targets are not the kernel's to change.
      System.arraycopy(q, targets, tile.scratch, 0, count);
      tile.scratch[label] = 0;
      q = tile.scratch;
      targets = 0;
    }
    double sum = 0;
    double dot = 0;
    if (whole > 0) {
      double[] slots = tile.doubleScratch;
      sums(tile, row, block, q, targets, whole);
      sum = VectorSums.fold(slots);
      System.arraycopy(slots, DOT_SLOTS, slots, 0, SLOTS);
      dot = VectorSums.fold(slots);
    }
    double tailSum = 0;
    double tailDot = 0;
    for (int i = whole; i < count; i++) {
      double p = VectorClasses.probability(tile, row, column + i);
      double s = VectorClasses.surprisal(tile, row, column + i);
      double c = 1 - p;
      double tc = (double) weight(tile, column + i) * q[targets + i] * c;
      tailSum += tc * c * s;
      tailDot += tc * (c + p * s * 2);
    }
    tile.weighedSum[row] += sum + tailSum;
    tile.weighedDot[row] -= dot + tailDot;
  }

  /** Slots of both sums. */
  private static void sums(Tile tile, int row, int block, float[] q, int targets, int count) {
    int column = block * Tile.BLOCK;
    float[] e = tile.exps;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    float[] x = tile.logits;
    int logits = tile.logitsStart[row] + column;
    float[] w = tile.classVector == null ? ONES : tile.classVector;
    int weights = tile.classVector == null ? 0 : tile.classOffset + column;
    double[] slots = tile.doubleScratch;
    double factor = VectorClasses.factor(tile, row * tile.blocks() + block);
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector vPeak = DoubleVector.broadcast(DOUBLES, tile.peakLogit[row]);
    DoubleVector vPeakSurprisal = DoubleVector.broadcast(DOUBLES, tile.peakSurprisal[row]);
    LongVector vMost = LongVector.broadcast(LONGS, VectorClasses.IMPOSSIBLE_BITS);
    DoubleVector vOne = DoubleVector.broadcast(DOUBLES, 1);
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vDot = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
        FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
        FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
        FloatVector vW = FloatVector.fromArray(HALF_FLOATS, w, weights + i);
        DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vLogit = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vTarget = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vWeight = (DoubleVector) vW.convertShape(VectorOperators.F2D, DOUBLES, 0);
        // s = min((a − x) + b, 1e300), c = 1 − p
        DoubleVector vS = vPeak.sub(vLogit).add(vPeakSurprisal);
        vS = vS.reinterpretAsLongs().min(vMost).reinterpretAsDoubles();
        vP = vP.mul(vFactor);
        DoubleVector vC = vOne.sub(vP);
        DoubleVector vTc = vWeight.mul(vTarget).mul(vC);
        vSum = vTc.mul(vC).mul(vS).add(vSum);
        // t·c·(c + 2·p·s)
        DoubleVector vPs = vP.mul(vS);
        vDot = vTc.mul(vPs.add(vPs).add(vC)).add(vDot);
      }
      vSum.intoArray(slots, walk);
      vDot.intoArray(slots, DOT_SLOTS + walk);
    }
  }

  /** out = G·(h − p·H), rounded once. */
  static void map(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = DOUBLES.loopBound(count);
    if (whole > 0) {
      mapVectors(tile, row, block, whole);
    }
    for (int i = column + whole; i < column + count; i++) {
      double p = VectorClasses.probability(tile, row, i);
      double ps = p * VectorClasses.surprisal(tile, row, i);
      double c = 1 - p;
      double tc = (double) weight(tile, i) * tile.targets[tile.targetsStart[row] + i] * c;
      double entry = tc * (ps + ps + c) + p * tile.shift[row];
      tile.out[tile.outStart[row] + i] = (float) (entry * -tile.targetFactor[row]);
    }
  }

  private static void mapVectors(Tile tile, int row, int block, int count) {
    int column = block * Tile.BLOCK;
    float[] e = tile.exps;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    float[] x = tile.logits;
    int logits = tile.logitsStart[row] + column;
    float[] q = tile.targets;
    int targets = tile.targetsStart[row] + column;
    float[] w = tile.classVector == null ? ONES : tile.classVector;
    int weights = tile.classVector == null ? 0 : tile.classOffset + column;
    float[] to = tile.out;
    int out = tile.outStart[row] + column;
    double factor = VectorClasses.factor(tile, row * tile.blocks() + block);
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector vPeak = DoubleVector.broadcast(DOUBLES, tile.peakLogit[row]);
    DoubleVector vPeakSurprisal = DoubleVector.broadcast(DOUBLES, tile.peakSurprisal[row]);
    LongVector vMost = LongVector.broadcast(LONGS, VectorClasses.IMPOSSIBLE_BITS);
    DoubleVector vOne = DoubleVector.broadcast(DOUBLES, 1);
    DoubleVector vShift = DoubleVector.broadcast(DOUBLES, tile.shift[row]);
    DoubleVector vMinus = DoubleVector.broadcast(DOUBLES, -tile.targetFactor[row]);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
      FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
      FloatVector vQ = FloatVector.fromArray(HALF_FLOATS, q, targets + i);
      FloatVector vW = FloatVector.fromArray(HALF_FLOATS, w, weights + i);
      DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vLogit = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vTarget = (DoubleVector) vQ.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vWeight = (DoubleVector) vW.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vS = vPeak.sub(vLogit).add(vPeakSurprisal);
      vS = vS.reinterpretAsLongs().min(vMost).reinterpretAsDoubles();
      vP = vP.mul(vFactor);
      DoubleVector vC = vOne.sub(vP);
      DoubleVector vTc = vWeight.mul(vTarget).mul(vC);
      DoubleVector vPs = vP.mul(vS);
      // −G·( t·c·(c + 2·p·s) + p·H )
      DoubleVector vEntry = vTc.mul(vPs.add(vPs).add(vC)).add(vP.mul(vShift)).mul(vMinus);
      FloatVector vOut = (FloatVector) vEntry.convertShape(VectorOperators.D2F, HALF_FLOATS, 0);
      vOut.intoArray(to, out + i);
    }
  }

  private static float weight(Tile tile, int column) {
    return tile.classVector == null ? 1 : tile.classVector[tile.classOffset + column];
  }
}
