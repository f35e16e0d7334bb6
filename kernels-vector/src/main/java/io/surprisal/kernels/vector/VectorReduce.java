package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.Tile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * REDUCE of one block: finds the frame (N, a) in which no exponential overflows and none that
 * matters underflows, from the block's data alone.
 *
 * <p>With K the largest rint(x·log₂e) of the block:
 *
 * <ol>
 *   <li>−37 ≤ K ≤ 80, which is nearly always: N = −40, a = 0. Found by trying: the sweep that takes
 *       the sum also returns K.
 *   <li>otherwise, while the maximum M is within ±512: N = K − 40, a = 0.
 *   <li>otherwise a = M, N = −40: x − M is exact wherever it does not underflow.
 *   <li>M = −∞: the empty sum.
 * </ol>
 *
 * <p>The largest exponential is so at least 2^2, and what is cut to 0, below 2^−126, has a
 * probability below 2^−128.
 */
final class VectorReduce {
  /** N of blocks whose logits are moderate. */
  private static final int MODERATE_EXPONENT = -40;

  private static final int MODERATE_LOWEST_K = -37;
  private static final int MODERATE_HIGHEST_K = 80;

  /** Largest |M| of a block without an origin: then k and N are exact, and x − M need not be. */
  private static final float WITHOUT_ORIGIN = 512;

  private static final double LOG2E = 0x1.71547652b82fep0;

  private VectorReduce() {}

  /** Reduces one block into its slot, exponentials stored. */
  static void reduce(Tile tile, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int slot = row * tile.blocks() + block;
    int from = tile.logitsStart[row] + column;
    int to = tile.expsOffset + row * tile.expsStride + column;
    int maxBits = VectorExp.groupSums(tile.logits, from, count, MODERATE_EXPONENT, tile, to);
    tile.blockExponent[slot] = MODERATE_EXPONENT;
    tile.blockOrigin[slot] = 0;
    double sum = sumWithout(tile, tile.labels[row] - column, count, to);
    if (maxBits < VectorExp.zBits(MODERATE_LOWEST_K, MODERATE_EXPONENT)
        || maxBits > VectorExp.zBits(MODERATE_HIGHEST_K, MODERATE_EXPONENT)
        || Double.isNaN(sum)) {
      sum = reduceInOtherFrame(tile, tile.labels[row] - column, slot, from, to, count);
    }
    tile.blockSum[slot] = sum;
  }

  private static double reduceInOtherFrame(
      Tile tile, int label, int slot, int from, int to, int count) {
    float maximum = maximum(tile.logits, from, count);
    if (Float.isNaN(maximum) || Float.isInfinite(maximum)) {
      tile.blockExponent[slot] = 0;
      return maximum == Float.NEGATIVE_INFINITY ? 0 : maximum;
    }
    if (Math.abs(maximum) <= WITHOUT_ORIGIN) {
      int exponent = (int) Math.rint(maximum * LOG2E) + MODERATE_EXPONENT;
      tile.blockExponent[slot] = exponent;
      VectorExp.groupSums(tile.logits, from, count, exponent, tile, to);
    } else {
      tile.blockOrigin[slot] = maximum;
      subtract(tile.logits, from, maximum, tile.scratch, count);
      VectorExp.groupSums(tile.scratch, 0, count, MODERATE_EXPONENT, tile, to);
    }
    return sumWithout(tile, label, count, to);
  }

  /**
   * The sum of the block's exponentials without the label's: its group's sum in its slot is
   * replaced by that of the three others. Nothing is subtracted.
   */
  private static double sumWithout(Tile tile, int label, int count, int exps) {
    float[] scratch = tile.scratch;
    if (label >= 0 && label < count) {
      int group = label & -VectorExp.GROUP;
      int slot = label & (Lanes.SLOTS - 1);
      float others = 0;
      for (int i = group + slot; i < group + VectorExp.GROUP; i += Lanes.SLOTS) {
        others += i == label ? 0 : tile.exps[exps + i];
      }
      scratch[VectorExp.SUMS + group / 4 + slot] = others;
    }
    int groups = (count + VectorExp.GROUP - 1) / VectorExp.GROUP;
    return VectorSums.sum(scratch, VectorExp.SUMS, groups * Lanes.SLOTS, tile.doubleScratch);
  }

  /** The largest logit; NaN if one is NaN. */
  private static float maximum(float[] logits, int from, int count) {
    FloatVector vMaximum = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      vMaximum = vMaximum.max(FloatVector.fromArray(FLOATS, logits, from + i));
    }
    float maximum = vMaximum.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < count; i++) {
      maximum = Math.max(maximum, logits[from + i]);
    }
    return maximum;
  }

  /** to = x − origin. */
  private static void subtract(float[] logits, int from, float origin, float[] to, int count) {
    FloatVector vOrigin = FloatVector.broadcast(FLOATS, origin);
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, logits, from + i).sub(vOrigin).intoArray(to, i);
    }
    for (int i = whole; i < count; i++) {
      to[i] = logits[from + i] - origin;
    }
  }
}
