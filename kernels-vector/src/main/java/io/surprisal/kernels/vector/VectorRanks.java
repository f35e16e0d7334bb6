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
 * What results of rows beside the loss need of a block that is in L1: how many logits are greater
 * than another, and Σ e, Σ e·(x − h) and Σ e² in one sweep, in double, in 16 slots as {@link
 * VectorSums}.
 */
final class VectorRanks {
  /** Where the slots of the second and third sum lie in a tile's scratch, behind the first's. */
  private static final int SPREAD = SLOTS;

  private static final int SQUARES = 2 * SLOTS;

  private VectorRanks() {}

  /** How many of many values, at least one vector of them, are greater; see the contract. */
  static int countGreater(float[] values, int from, int count, float threshold) {
    int whole = FLOATS.loopBound(count);
    int found = whole > 0 ? countVectors(values, from, whole, threshold) : 0;
    for (int i = from + whole; i < from + count; i++) {
      found += values[i] > threshold ? 1 : 0;
    }
    return found;
  }

  private static int countVectors(float[] values, int from, int count, float threshold) {
    FloatVector vThreshold = FloatVector.broadcast(FLOATS, threshold);
    int found = 0;
    for (int i = from; i < from + count; i += LANES) {
      FloatVector vValues = FloatVector.fromArray(FLOATS, values, i);
      found += vValues.compare(VectorOperators.GT, vThreshold).trueCount();
    }
    return found;
  }

  /** Sets the three sums of a block of a row. */
  static void moments(Tile tile, int row, int block) {
    int slot = row * tile.blocks() + block;
    int count = tile.blockColumns(block);
    int whole = count & -SLOTS;
    int exps = tile.expsOffset + row * tile.expsStride + block * Tile.BLOCK;
    int logits = tile.logitsStart[row] + block * Tile.BLOCK;
    float pivot = tile.pivot[slot];
    double sum = 0;
    double spread = 0;
    double squares = 0;
    for (int i = whole; i < count; i++) {
      double e = tile.exps[exps + i];
      double distance = e == 0 ? 0 : (double) tile.logits[logits + i] - pivot;
      sum += e;
      spread = Math.fma(e, distance, spread);
      squares = Math.fma(e, e, squares);
    }
    if (whole > 0) {
      double[] slots = tile.doubleScratch;
      momentVectors(tile, exps, logits, whole, pivot);
      sum += VectorSums.fold(slots);
      System.arraycopy(slots, SPREAD, slots, 0, SLOTS);
      spread += VectorSums.fold(slots);
      System.arraycopy(slots, SQUARES, slots, 0, SLOTS);
      squares += VectorSums.fold(slots);
    }
    tile.blockExps[slot] = sum;
    tile.blockSpread[slot] = spread;
    tile.blockSquares[slot] = squares;
  }

  /**
   * Slots of the three sums; where e is 0, x counts as 0. That is seen to before, on whole vectors:
   * half ones of two floats have no masks, and would be boxed.
   */
  private static void momentVectors(Tile tile, int exps, int logits, int count, float pivot) {
    float[] e = tile.exps;
    float[] x = tile.scratch;
    double[] slots = tile.doubleScratch;
    VectorSums.keepWeighted(e, exps, tile.logits, logits, count, x);
    DoubleVector vOrigin = DoubleVector.broadcast(DOUBLES, pivot);
    for (int walk = 0; walk < SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vSpread = DoubleVector.zero(DOUBLES);
      DoubleVector vSquares = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vE = FloatVector.fromArray(HALF_FLOATS, e, exps + i);
        FloatVector vX = FloatVector.fromArray(HALF_FLOATS, x, i);
        DoubleVector vExps = (DoubleVector) vE.convertShape(VectorOperators.F2D, DOUBLES, 0);
        DoubleVector vLogits = (DoubleVector) vX.convertShape(VectorOperators.F2D, DOUBLES, 0);
        vSum = vExps.add(vSum);
        vSpread = vExps.fma(vLogits.sub(vOrigin), vSpread);
        vSquares = vExps.fma(vExps, vSquares);
      }
      vSum.intoArray(slots, walk);
      vSpread.intoArray(slots, SPREAD + walk);
      vSquares.intoArray(slots, SQUARES + walk);
    }
  }
}
