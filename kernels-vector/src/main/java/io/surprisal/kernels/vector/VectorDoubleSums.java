package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_SLOTS;

import io.surprisal.spi.DoubleTile;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Compensated sums of doubles in 8 slots, folded in one order, so that every width adds alike: what
 * an addition loses is exact (TwoSum), and is added up beside (Ogita, Rump and Oishi 2005, Sum2 and
 * Dot2).
 */
final class VectorDoubleSums {
  private static final int SUM = VectorDoubleExp.SUM;

  /** Where the slots of what was lost lie in a tile's scratch. */
  private static final int LOST = SUM + DOUBLE_SLOTS;

  /** Where what a sum has lost by rounding lies there. */
  static final int LOW = LOST + DOUBLE_SLOTS;

  private VectorDoubleSums() {}

  /** What one + other = sum has lost by rounding, exactly. */
  static double lost(double one, double other, double sum) {
    double shadow = sum - one;
    return (one - (sum - shadow)) + (other - shadow);
  }

  /**
   * The 8 slots of a sum, as a balanced tree.
   *
   * @param s scratch memory in which they stand; what the sum has lost is left in {@link #LOW}
   * @return the sum
   */
  static double fold(double[] s) {
    double sum04 = s[SUM] + s[SUM + 4];
    double sum15 = s[SUM + 1] + s[SUM + 5];
    double sum26 = s[SUM + 2] + s[SUM + 6];
    double sum37 = s[SUM + 3] + s[SUM + 7];
    double even = sum04 + sum26;
    double odd = sum15 + sum37;
    double sum = even + odd;
    double lost0 = lost(s[SUM], s[SUM + 4], sum04) + lost(s[SUM + 1], s[SUM + 5], sum15);
    double lost1 = lost(s[SUM + 2], s[SUM + 6], sum26) + lost(s[SUM + 3], s[SUM + 7], sum37);
    double lost2 = lost(sum04, sum26, even) + lost(sum15, sum37, odd);
    double slots04 = s[LOST] + s[LOST + 4];
    double slots15 = s[LOST + 1] + s[LOST + 5];
    double slots26 = s[LOST + 2] + s[LOST + 6];
    double slots37 = s[LOST + 3] + s[LOST + 7];
    double slots = (slots04 + slots26) + (slots15 + slots37);
    s[LOW] = ((lost0 + lost1) + (lost2 + lost(even, odd, sum))) + slots;
    return sum;
  }

  /**
   * Σ of any number of doubles.
   *
   * @param values the terms
   * @param from where they start
   * @param count how many
   * @param scratch takes what the sum has lost in {@link #LOW}
   * @return the sum
   */
  static double sum(double[] values, int from, int count, double[] scratch) {
    int whole = count & -DOUBLE_SLOTS;
    Arrays.fill(scratch, SUM, SUM + 2 * DOUBLE_SLOTS, 0);
    if (whole > 0) {
      addVectors(values, from, whole, scratch);
    }
    for (int i = whole; i < count; i++) {
      add(scratch, i - whole, values[from + i]);
    }
    return fold(scratch);
  }

  private static void add(double[] scratch, int slot, double term) {
    double sum = scratch[SUM + slot];
    double next = sum + term;
    scratch[LOST + slot] += lost(sum, term, next);
    scratch[SUM + slot] = next;
  }

  private static void addVectors(double[] values, int from, int count, double[] scratch) {
    for (int walk = 0; walk < DOUBLE_SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vLost = DoubleVector.zero(DOUBLES);
      for (int i = from + walk; i < from + count; i += DOUBLE_SLOTS) {
        DoubleVector vTerm = DoubleVector.fromArray(DOUBLES, values, i);
        DoubleVector vNext = vTerm.add(vSum);
        DoubleVector vShadow = vNext.sub(vSum);
        DoubleVector vLostTerm = vTerm.sub(vShadow);
        vLost = vLostTerm.sub(vNext.sub(vShadow).sub(vSum)).add(vLost);
        vSum = vNext;
      }
      vSum.intoArray(scratch, SUM + walk);
      vLost.intoArray(scratch, LOST + walk);
    }
  }

  /**
   * Σ e·v of a block.
   *
   * @param tile takes the sum of the slot
   * @param slot the slot
   */
  static void expDot(DoubleTile tile, int slot) {
    int row = slot / tile.blocks();
    int block = slot % tile.blocks();
    int exps = tile.expsOffset + row * tile.expsStride + block * DoubleTile.BLOCK;
    int upstream = tile.upstreamStart[row] + block * DoubleTile.BLOCK;
    int count = tile.blockColumns(block);
    int whole = count & -DOUBLE_SLOTS;
    double[] scratch = tile.scratch;
    Arrays.fill(scratch, SUM, SUM + 2 * DOUBLE_SLOTS, 0);
    if (whole > 0) {
      dotVectors(tile, exps, upstream, whole);
    }
    for (int i = whole; i < count; i++) {
      double e = tile.exps[exps + i];
      double v = tile.upstream[upstream + i];
      add(scratch, i - whole, e * v);
      scratch[LOST + i - whole] += Math.fma(e, v, -(e * v));
    }
    double sum = fold(scratch);
    tile.blockDot[slot] = sum;
    tile.blockDotLow[slot] = Math.abs(sum) <= Double.MAX_VALUE ? scratch[LOW] : 0;
  }

  private static void dotVectors(DoubleTile tile, int exps, int upstream, int count) {
    for (int walk = 0; walk < DOUBLE_SLOTS; walk += DOUBLE_LANES) {
      DoubleVector vSum = DoubleVector.zero(DOUBLES);
      DoubleVector vLost = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += DOUBLE_SLOTS) {
        DoubleVector vE = DoubleVector.fromArray(DOUBLES, tile.exps, exps + i);
        DoubleVector vV = DoubleVector.fromArray(DOUBLES, tile.upstream, upstream + i);
        DoubleVector vTerm = vE.mul(vV);
        DoubleVector vLostProduct = vE.fma(vV, vTerm.neg());
        DoubleVector vNext = vTerm.add(vSum);
        DoubleVector vShadow = vNext.sub(vSum);
        DoubleVector vLostTerm = vTerm.sub(vShadow);
        vLost = vLostTerm.sub(vNext.sub(vShadow).sub(vSum)).add(vLostProduct).add(vLost);
        vSum = vNext;
      }
      vSum.intoArray(tile.scratch, SUM + walk);
      vLost.intoArray(tile.scratch, LOST + walk);
    }
  }

  /**
   * Σ w·x of a row, w the class vector, or 1 where there is none; a term of weight 0 is 0 whatever
   * its x.
   *
   * @param tile takes the row's weighted sum
   * @param row the row
   */
  static void weightedSum(DoubleTile tile, int row) {
    double sum = 0;
    double low = 0;
    for (int block = 0; block < tile.blocks(); block++) {
      int column = block * DoubleTile.BLOCK;
      int count = tile.blockColumns(block);
      int from = tile.logitsStart[row] + column;
      double term;
      if (tile.classVector == null) {
        term = sum(tile.logits, from, count, tile.scratch);
      } else {
        low += weigh(tile, tile.classOffset + column, from, count);
        term = sum(tile.scratch, 0, count, tile.scratch);
      }
      double next = sum + term;
      low += lost(sum, term, next) + tile.scratch[LOW];
      sum = next;
    }
    tile.weightedSum[row] = sum;
    tile.weightedSumLow[row] = Math.abs(sum) <= Double.MAX_VALUE ? low : 0;
  }

  /** Products into scratch memory; returns the sum of what they lost by rounding. */
  private static double weigh(DoubleTile tile, int weights, int from, int count) {
    double low = 0;
    for (int i = 0; i < count; i++) {
      double weight = tile.classVector[weights + i];
      double logit = weight == 0 ? 0 : tile.logits[from + i];
      double product = weight * logit;
      tile.scratch[i] = product;
      low += Math.fma(weight, logit, -product);
    }
    return low;
  }
}
