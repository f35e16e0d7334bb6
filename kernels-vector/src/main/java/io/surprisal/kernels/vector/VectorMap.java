package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * MAP of one block of one row. Class weights are applied in a second loop while the block is in L1;
 * products with upstream rows are formed in double, since both their factors are rounded.
 *
 * <p>A vector loop stands in a method that is never called for less than a vector, here and in the
 * other kernels: with rows shorter than that in its profile, C2 takes the loop for rare, leaves the
 * Vector API's methods out of line and boxes every vector, for good.
 *
 * <p>Every operation is elementwise, so that the bits depend neither on the width nor on where an
 * element lies; the last elements of a row go through the same operations as scalars.
 */
final class VectorMap {
  /** Rows of fewer columns are mapped as scalars, many rows at once. */
  private static final int SCALAR_COLUMNS = 4;

  private VectorMap() {}

  static void map(Tile tile, MapForm form, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int slot = row * tile.blocks() + block;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int out = tile.outStart[row] + column;
    int other = tile.upstreamStart[row] + column;
    double shift = tile.shift[row];
    switch (form) {
      case SCALED -> scaled(tile, slot, exps, tile.out, out, count);
      case SCALED_MINUS_CLASSES -> {
        scaled(tile, slot, exps, tile.out, out, count);
        if (tile.classVector == null) {
          minus(tile.out, out, (float) shift, count);
        } else {
          minusWeighted(
              tile.out, out, tile.classVector, tile.classOffset + column, (float) shift, count);
        }
      }
      case SCALED_MINUS_TARGETS -> throw new IllegalArgumentException("VectorTargets maps " + form);
      case LOGARITHM -> logarithm(tile, row, tile.logitsStart[row] + column, out, count);
      case SCALED_TIMES_UPSTREAM -> timesShifted(tile, slot, exps, other, shift, out, count);
      case SCALED_TIMES_ERROR -> VectorErrors.map(tile, row, block);
      case UPSTREAM_PLUS_SCALED -> plusUpstream(tile, slot, exps, other, out, count);
    }
  }

  /** to = e·F, 0 where e is below the cutoff; rounded once but for the low part's own rounding. */
  private static void scaled(Tile tile, int slot, int exps, float[] to, int out, int count) {
    float[] from = tile.exps;
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      scaledVectors(tile, slot, exps, to, out, whole);
    }
    for (int i = whole; i < count; i++) {
      to[out + i] = scaled(tile, slot, from[exps + i]);
    }
  }

  /** e·F, 0 where e is below the cutoff. */
  static float scaled(Tile tile, int slot, float exp) {
    float e = exp < tile.cutoff[slot] ? 0 : exp;
    return Math.fma(e, tile.scale[slot], e * tile.scaleLow[slot]) * tile.rescale[slot];
  }

  private static void scaledVectors(Tile tile, int slot, int exps, float[] to, int out, int count) {
    float[] from = tile.exps;
    FloatVector vScale = FloatVector.broadcast(FLOATS, tile.scale[slot]);
    FloatVector vScaleLow = FloatVector.broadcast(FLOATS, tile.scaleLow[slot]);
    FloatVector vRescale = FloatVector.broadcast(FLOATS, tile.rescale[slot]);
    FloatVector vCutoff = FloatVector.broadcast(FLOATS, tile.cutoff[slot]);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vE = FloatVector.fromArray(FLOATS, from, exps + i);
      vE = vE.blend(0, vE.compare(VectorOperators.LT, vCutoff));
      vE.fma(vScale, vE.mul(vScaleLow)).mul(vRescale).intoArray(to, out + i);
    }
  }

  /**
   * out = e·F for every row of a narrow tile. Where rows of out lie one behind another, whole
   * vectors are written: what goes beyond a row is written again with the next one. A mask or a
   * scalar tail would take as long as a row.
   */
  static void scaledNarrowRows(Tile tile) {
    // What spills over must not reach beyond the next row, where it has not been read.
    boolean reaching = tile.out == tile.exps && 2 * tile.columns < LANES;
    if (tile.columns < SCALAR_COLUMNS || reaching) {
      scaledFewColumns(tile);
      return;
    }
    int last = tile.rows - 1;
    boolean contiguous = tile.outStart[last] - tile.outStart[0] == last * tile.columns;
    int spilling = contiguous ? last - LANES / tile.columns : 0;
    if (spilling > 0) {
      scaledSpilling(tile, spilling);
    }
    for (int row = Math.max(0, spilling); row <= last; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      scaled(tile, row, exps, tile.out, tile.outStart[row], tile.columns);
    }
  }

  private static void scaledFewColumns(Tile tile) {
    int columns = tile.columns;
    float[] exps = tile.exps;
    float[] out = tile.out;
    for (int c = 0; c < columns; c++) {
      int from = tile.expsOffset + c;
      for (int row = 0; row < tile.rows; row++) {
        float e = exps[from + row * columns];
        float product = Math.fma(e, tile.scale[row], e * tile.scaleLow[row]) * tile.rescale[row];
        out[tile.outStart[row] + c] = e < tile.cutoff[row] ? 0 : product;
      }
    }
  }

  /**
   * Rows but for the last few. Every vector is read before the one in front of it is written: out
   * may be the exps, and what spills over goes where it has been read.
   */
  private static void scaledSpilling(Tile tile, int rows) {
    int columns = tile.columns;
    float[] exps = tile.exps;
    float[] out = tile.out;
    FloatVector vZero = FloatVector.zero(FLOATS);
    FloatVector vNext = FloatVector.fromArray(FLOATS, exps, tile.expsOffset);
    int from = tile.expsOffset;
    for (int row = 0; row < rows; row++) {
      FloatVector vScale = FloatVector.broadcast(FLOATS, tile.scale[row]);
      FloatVector vScaleLow = FloatVector.broadcast(FLOATS, tile.scaleLow[row]);
      FloatVector vRescale = FloatVector.broadcast(FLOATS, tile.rescale[row]);
      FloatVector vCutoff = FloatVector.broadcast(FLOATS, tile.cutoff[row]);
      int to = tile.outStart[row];
      for (int i = 0; i < columns; i += LANES) {
        FloatVector vE = vNext;
        vNext = FloatVector.fromArray(FLOATS, exps, from + Math.min(i + LANES, columns));
        FloatVector vProduct = vScale.fma(vE, vScaleLow.mul(vE)).mul(vRescale);
        vProduct.blend(vZero, vCutoff.compare(VectorOperators.GT, vE)).intoArray(out, to + i);
      }
      from += columns;
    }
    vNext.intoArray(exps, from);
  }

  /** out = out − H. */
  private static void minus(float[] out, int start, float shift, int count) {
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      minusVectors(out, start, shift, whole);
    }
    for (int i = start + whole; i < start + count; i++) {
      out[i] -= shift;
    }
  }

  private static void minusVectors(float[] out, int start, float shift, int count) {
    FloatVector vShift = FloatVector.broadcast(FLOATS, shift);
    for (int i = start; i < start + count; i += LANES) {
      FloatVector.fromArray(FLOATS, out, i).sub(vShift).intoArray(out, i);
    }
  }

  /** out = out − w·H. */
  private static void minusWeighted(
      float[] out, int start, float[] weights, int first, float shift, int count) {
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      minusWeightedVectors(out, start, weights, first, shift, whole);
    }
    for (int i = whole; i < count; i++) {
      out[start + i] = Math.fma(weights[first + i], -shift, out[start + i]);
    }
  }

  private static void minusWeightedVectors(
      float[] out, int start, float[] weights, int first, float shift, int count) {
    FloatVector vShift = FloatVector.broadcast(FLOATS, -shift);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vOut = FloatVector.fromArray(FLOATS, out, start + i);
      FloatVector vWeights = FloatVector.fromArray(FLOATS, weights, first + i);
      vWeights.fma(vShift, vOut).intoArray(out, start + i);
    }
  }

  /** out = (x − B) − b. */
  private static void logarithm(Tile tile, int row, int logits, int out, int count) {
    float high = tile.logSumHigh[row];
    float low = tile.logSumLow[row];
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      logarithmVectors(tile, row, logits, out, whole);
    }
    for (int i = whole; i < count; i++) {
      tile.out[out + i] = (tile.logits[logits + i] - high) - low;
    }
  }

  private static void logarithmVectors(Tile tile, int row, int logits, int out, int count) {
    FloatVector vHigh = FloatVector.broadcast(FLOATS, tile.logSumHigh[row]);
    FloatVector vLow = FloatVector.broadcast(FLOATS, tile.logSumLow[row]);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vLogits = FloatVector.fromArray(FLOATS, tile.logits, logits + i);
      vLogits.sub(vHigh).sub(vLow).intoArray(tile.out, out + i);
    }
  }

  /** out = e·F·(v − H), in double, rounded once. Left to the compiler's own vectors. */
  private static void timesShifted(
      Tile tile, int slot, int exps, int upstream, double shift, int out, int count) {
    float[] e = tile.exps;
    float[] v = tile.upstream;
    float[] to = tile.out;
    double factor = factor(tile, slot);
    for (int i = 0; i < count; i++) {
      to[out + i] = (float) (e[exps + i] * factor * (v[upstream + i] - shift));
    }
  }

  /** out = v + e·F, in double, rounded once. Left to the compiler's own vectors. */
  private static void plusUpstream(
      Tile tile, int slot, int exps, int upstream, int out, int count) {
    float[] e = tile.exps;
    float[] v = tile.upstream;
    float[] to = tile.out;
    double factor = factor(tile, slot);
    for (int i = 0; i < count; i++) {
      to[out + i] = (float) (v[upstream + i] + e[exps + i] * factor);
    }
  }

  private static double factor(Tile tile, int slot) {
    return ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
  }

  /** out = out + a. */
  static void add(float[] a, int from, float[] out, int start, int count) {
    int whole = FLOATS.loopBound(count);
    if (whole > 0) {
      addVectors(a, from, out, start, whole);
    }
    for (int i = whole; i < count; i++) {
      out[start + i] += a[from + i];
    }
  }

  private static void addVectors(float[] a, int from, float[] out, int start, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector vOut = FloatVector.fromArray(FLOATS, out, start + i);
      vOut.add(FloatVector.fromArray(FLOATS, a, from + i)).intoArray(out, start + i);
    }
  }
}
