package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.HALF_FLOATS;
import static io.surprisal.kernels.vector.Lanes.LONGS;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.Tile;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * WEIGH and MAP of the divergences between a tile's probabilities and its companion's, for a block
 * of a row, in double. Logarithms of probabilities are differences of logits.
 */
final class VectorDivergence {
  private VectorDivergence() {}

  /** Σ of the p of one of the two tiles times (r − s). */
  static double sum(Tile tile, Tile shares, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    double sum = 0;
    if (whole > 0) {
      sums(tile, shares, row, block, whole);
      sum = VectorSums.fold(tile.doubleScratch);
    }
    double tail = 0;
    for (int i = column + whole; i < column + count; i++) {
      tail += VectorClasses.probability(shares, row, i) * VectorClasses.gap(tile, row, i);
    }
    return sum + tail;
  }

  private static void sums(Tile tile, Tile shares, int row, int block, int count) {
    int column = block * Tile.BLOCK;
    Tile other = tile.companion;
    float[] e = shares.exps;
    int exps = shares.expsOffset + row * shares.expsStride + column;
    float[] x = tile.logits;
    int logits = tile.logitsStart[row] + column;
    float[] y = other.logits;
    int others = other.logitsStart[row] + column;
    double[] slots = tile.doubleScratch;
    double factor = VectorClasses.factor(shares, row * tile.blocks() + block);
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector vPeak = DoubleVector.broadcast(DOUBLES, tile.peakLogit[row]);
    DoubleVector vPeakSurprisal = DoubleVector.broadcast(DOUBLES, tile.peakSurprisal[row]);
    DoubleVector vOther = DoubleVector.broadcast(DOUBLES, other.peakLogit[row]);
    DoubleVector vOtherSurprisal = DoubleVector.broadcast(DOUBLES, other.peakSurprisal[row]);
    LongVector vMost = LongVector.broadcast(LONGS, VectorClasses.IMPOSSIBLE_BITS);
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
        FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
        FloatVector vY = FloatVector.fromArray(HALF_FLOATS, y, others + i);
        DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vS = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vR = (DoubleVector) vY.convertShape(VectorOperators.F2D, DOUBLES, 0);
        // s = min((a − x) + b, 1e300), and r likewise
        vS = vPeak.sub(vS).add(vPeakSurprisal);
        vR = vOther.sub(vR).add(vOtherSurprisal);
        vS = vS.reinterpretAsLongs().min(vMost).reinterpretAsDoubles();
        vR = vR.reinterpretAsLongs().min(vMost).reinterpretAsDoubles();
        vSum = vP.mul(vFactor).mul(vR.sub(vS)).add(vSum);
      }
      vSum.intoArray(slots, walk);
    }
  }

  /** out = G·p − H·q, rounded once. */
  static void mapForward(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = DOUBLES.loopBound(count);
    if (whole > 0) {
      forwardVectors(tile, row, block, whole);
    }
    // Factors first, as in the vectors.
    int slot = row * tile.blocks() + block;
    double own = VectorClasses.factor(tile, slot);
    double others = VectorClasses.factor(tile.companion, slot);
    int exps = tile.expsOffset + row * tile.expsStride;
    int companions = tile.companion.expsOffset + row * tile.companion.expsStride;
    for (int i = column + whole; i < column + count; i++) {
      double p = tile.exps[exps + i] * own;
      double q = tile.companion.exps[companions + i] * others;
      tile.out[tile.outStart[row] + i] = (float) (p * tile.targetFactor[row] - q * tile.shift[row]);
    }
  }

  private static void forwardVectors(Tile tile, int row, int block, int count) {
    int column = block * Tile.BLOCK;
    int slot = row * tile.blocks() + block;
    Tile other = tile.companion;
    float[] e = tile.exps;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    float[] f = other.exps;
    int others = other.expsOffset + row * other.expsStride + column;
    float[] to = tile.out;
    int out = tile.outStart[row] + column;
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, VectorClasses.factor(tile, slot));
    DoubleVector vOther = DoubleVector.broadcast(DOUBLES, VectorClasses.factor(other, slot));
    DoubleVector vG = DoubleVector.broadcast(DOUBLES, tile.targetFactor[row]);
    DoubleVector vH = DoubleVector.broadcast(DOUBLES, tile.shift[row]);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
      FloatVector vF = FloatVector.fromArray(HALF_FLOATS, f, others + i);
      DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vQ = (DoubleVector) vF.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vEntry = vP.mul(vFactor).mul(vG).sub(vQ.mul(vOther).mul(vH));
      FloatVector vOut = (FloatVector) vEntry.convertShape(VectorOperators.D2F, HALF_FLOATS, 0);
      vOut.intoArray(to, out + i);
    }
  }

  /** out = p·(G·(r − s) − H), rounded once. */
  static void mapReverse(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = DOUBLES.loopBound(count);
    if (whole > 0) {
      reverseVectors(tile, row, block, whole);
    }
    for (int i = column + whole; i < column + count; i++) {
      double p = VectorClasses.probability(tile, row, i);
      double gap = VectorClasses.gap(tile, row, i);
      tile.out[tile.outStart[row] + i] =
          (float) (p * (gap * tile.targetFactor[row] - tile.shift[row]));
    }
  }

  private static void reverseVectors(Tile tile, int row, int block, int count) {
    int column = block * Tile.BLOCK;
    Tile other = tile.companion;
    float[] e = tile.exps;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    float[] x = tile.logits;
    int logits = tile.logitsStart[row] + column;
    float[] y = other.logits;
    int others = other.logitsStart[row] + column;
    float[] to = tile.out;
    int out = tile.outStart[row] + column;
    double factor = VectorClasses.factor(tile, row * tile.blocks() + block);
    DoubleVector vFactor = DoubleVector.broadcast(DOUBLES, factor);
    DoubleVector vPeak = DoubleVector.broadcast(DOUBLES, tile.peakLogit[row]);
    DoubleVector vPeakSurprisal = DoubleVector.broadcast(DOUBLES, tile.peakSurprisal[row]);
    DoubleVector vOther = DoubleVector.broadcast(DOUBLES, other.peakLogit[row]);
    DoubleVector vOtherSurprisal = DoubleVector.broadcast(DOUBLES, other.peakSurprisal[row]);
    LongVector vMost = LongVector.broadcast(LONGS, VectorClasses.IMPOSSIBLE_BITS);
    DoubleVector vG = DoubleVector.broadcast(DOUBLES, tile.targetFactor[row]);
    DoubleVector vH = DoubleVector.broadcast(DOUBLES, tile.shift[row]);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
      FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, logits + i);
      FloatVector vY = FloatVector.fromArray(HALF_FLOATS, y, others + i);
      DoubleVector vP = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vS = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector vR = (DoubleVector) vY.convertShape(VectorOperators.F2D, DOUBLES, 0);
      vS = vPeak.sub(vS).add(vPeakSurprisal);
      vR = vOther.sub(vR).add(vOtherSurprisal);
      vS = vS.reinterpretAsLongs().min(vMost).reinterpretAsDoubles();
      vR = vR.reinterpretAsLongs().min(vMost).reinterpretAsDoubles();
      DoubleVector vEntry = vP.mul(vFactor).mul(vR.sub(vS).mul(vG).sub(vH));
      FloatVector vOut = (FloatVector) vEntry.convertShape(VectorOperators.D2F, HALF_FLOATS, 0);
      vOut.intoArray(to, out + i);
    }
  }
}
