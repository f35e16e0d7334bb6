package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.LONGS;

import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * MAP of one block of one row of doubles, as {@link VectorMap} maps floats: every operation is
 * elementwise, and the last elements of a row go through the same ones as scalars.
 */
final class VectorDoubleMap {
  /** Rows of fewer columns are mapped as scalars, many rows at once. */
  private static final int SCALAR_COLUMNS = 3;

  private VectorDoubleMap() {}

  static void map(DoubleTile tile, MapForm form, int row, int block) {
    int column = block * DoubleTile.BLOCK;
    int count = tile.blockColumns(block);
    int slot = row * tile.blocks() + block;
    int out = tile.outStart[row] + column;
    if (form == MapForm.LOGARITHM) {
      logarithm(tile, row, tile.logitsStart[row] + column, out, count);
      return;
    }
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int upstream = tile.upstreamStart[row] + column;
    if (form == MapForm.SCALED_TIMES_UPSTREAM) {
      timesShifted(tile, slot, exps, upstream, out, count);
      return;
    }
    if (form == MapForm.UPSTREAM_PLUS_SCALED) {
      plusUpstream(tile, slot, exps, upstream, out, count);
      return;
    }
    scaled(tile, slot, exps, out, count);
    if (form == MapForm.SCALED_MINUS_CLASSES) {
      minusWeighted(tile, tile.classOffset + column, tile.shift[row], out, count);
    }
  }

  /** out = e·F, 0 where e is below the cutoff; rounded once but for the low part's own rounding. */
  private static void scaled(DoubleTile tile, int slot, int exps, int out, int count) {
    double[] from = tile.exps;
    double[] to = tile.out;
    double scale = tile.scale[slot];
    double scaleLow = tile.scaleLow[slot];
    double rescale = tile.rescale[slot];
    double cutoff = tile.cutoff[slot];
    int whole = DOUBLES.loopBound(count);
    if (whole > 0) {
      scaledVectors(tile, slot, exps, out, whole);
    }
    for (int i = whole; i < count; i++) {
      double e = notBelow(cutoff, from[exps + i]);
      to[out + i] = Math.fma(e, scale, e * scaleLow) * rescale;
    }
  }

  /** e, or 0 where it is below the cutoff: without a branch, as labels' entries are 0 anywhere. */
  private static double notBelow(double cutoff, double e) {
    long bits = Double.doubleToRawLongBits(e);
    long below = (bits - Double.doubleToRawLongBits(cutoff)) >> (Long.SIZE - 1);
    return Double.longBitsToDouble(bits & ~below);
  }

  private static void scaledVectors(DoubleTile tile, int slot, int exps, int out, int count) {
    double[] from = tile.exps;
    double[] to = tile.out;
    DoubleVector vScale = DoubleVector.broadcast(DOUBLES, tile.scale[slot]);
    DoubleVector vScaleLow = DoubleVector.broadcast(DOUBLES, tile.scaleLow[slot]);
    DoubleVector vRescale = DoubleVector.broadcast(DOUBLES, tile.rescale[slot]);
    // Neither is negative: their bits compare as they do. Masks of two lanes would box.
    long cutoff = Double.doubleToRawLongBits(tile.cutoff[slot]);
    LongVector vCutoff = LongVector.broadcast(LONGS, cutoff);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      LongVector vBits = DoubleVector.fromArray(DOUBLES, from, exps + i).reinterpretAsLongs();
      LongVector vBelow = vBits.sub(vCutoff).lanewise(VectorOperators.ASHR, Long.SIZE - 1);
      DoubleVector vE = vBits.and(vBelow.not()).reinterpretAsDoubles();
      vE.fma(vScale, vE.mul(vScaleLow)).mul(vRescale).intoArray(to, out + i);
    }
  }

  /** out = e·F for every row of a narrow tile, as {@link VectorMap#scaledNarrowRows}. */
  static void scaledNarrowRows(DoubleTile tile) {
    // What spills over must not reach beyond the next row, where it has not been read.
    boolean reaching = tile.out == tile.exps && 2 * tile.columns < DOUBLE_LANES;
    if (tile.columns < SCALAR_COLUMNS || reaching) {
      scaledFewColumns(tile);
      return;
    }
    int last = tile.rows - 1;
    boolean contiguous = tile.outStart[last] - tile.outStart[0] == last * tile.columns;
    int spilling = contiguous ? last - DOUBLE_LANES / tile.columns : 0;
    if (spilling > 0) {
      scaledSpilling(tile, spilling);
    }
    for (int row = Math.max(0, spilling); row <= last; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      scaled(tile, row, exps, tile.outStart[row], tile.columns);
    }
  }

  private static void scaledFewColumns(DoubleTile tile) {
    int columns = tile.columns;
    double[] exps = tile.exps;
    double[] out = tile.out;
    for (int c = 0; c < columns; c++) {
      int from = tile.expsOffset + c;
      for (int row = 0; row < tile.rows; row++) {
        double e = notBelow(tile.cutoff[row], exps[from + row * columns]);
        double product = Math.fma(e, tile.scale[row], e * tile.scaleLow[row]) * tile.rescale[row];
        out[tile.outStart[row] + c] = product;
      }
    }
  }

  /** Rows but for the last few: every vector is read before the one in front of it is written. */
  private static void scaledSpilling(DoubleTile tile, int rows) {
    int columns = tile.columns;
    double[] exps = tile.exps;
    double[] out = tile.out;
    LongVector vNext = DoubleVector.fromArray(DOUBLES, exps, tile.expsOffset).reinterpretAsLongs();
    int from = tile.expsOffset;
    for (int row = 0; row < rows; row++) {
      DoubleVector vScale = DoubleVector.broadcast(DOUBLES, tile.scale[row]);
      DoubleVector vScaleLow = DoubleVector.broadcast(DOUBLES, tile.scaleLow[row]);
      DoubleVector vRescale = DoubleVector.broadcast(DOUBLES, tile.rescale[row]);
      long cutoff = Double.doubleToRawLongBits(tile.cutoff[row]);
      LongVector vCutoff = LongVector.broadcast(LONGS, cutoff);
      int to = tile.outStart[row];
      for (int i = 0; i < columns; i += DOUBLE_LANES) {
        LongVector vBits = vNext;
        int next = from + Math.min(i + DOUBLE_LANES, columns);
        vNext = DoubleVector.fromArray(DOUBLES, exps, next).reinterpretAsLongs();
        LongVector vBelow = vBits.sub(vCutoff).lanewise(VectorOperators.ASHR, Long.SIZE - 1);
        DoubleVector vE = vBelow.not().and(vBits).reinterpretAsDoubles();
        vScale.fma(vE, vScaleLow.mul(vE)).mul(vRescale).intoArray(out, to + i);
      }
      from += columns;
    }
    vNext.reinterpretAsDoubles().intoArray(exps, from);
  }

  /** out = out − w·H, w the class vector, or 1. Left to the compiler's own vectors. */
  private static void minusWeighted(
      DoubleTile tile, int weights, double shift, int out, int count) {
    double[] to = tile.out;
    float[] w = tile.classVector;
    if (w == null) {
      for (int i = out; i < out + count; i++) {
        to[i] -= shift;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      to[out + i] = Math.fma(w[weights + i], -shift, to[out + i]);
    }
  }

  /** out = (e·F)·(v − H − h). Left to the compiler's own vectors. */
  private static void timesShifted(
      DoubleTile tile, int slot, int exps, int upstream, int out, int count) {
    double[] from = tile.exps;
    double[] v = tile.upstream;
    double[] to = tile.out;
    double scale = tile.scale[slot];
    double scaleLow = tile.scaleLow[slot];
    double rescale = tile.rescale[slot];
    double shift = tile.shift[slot / tile.blocks()];
    double low = tile.shiftLow[slot / tile.blocks()];
    for (int i = 0; i < count; i++) {
      double e = from[exps + i];
      to[out + i] = Math.fma(e, scale, e * scaleLow) * rescale * ((v[upstream + i] - shift) - low);
    }
  }

  /** out = v + e·F. Left to the compiler's own vectors. */
  private static void plusUpstream(
      DoubleTile tile, int slot, int exps, int upstream, int out, int count) {
    double[] from = tile.exps;
    double[] v = tile.upstream;
    double[] to = tile.out;
    double scale = tile.scale[slot];
    double scaleLow = tile.scaleLow[slot];
    double rescale = tile.rescale[slot];
    for (int i = 0; i < count; i++) {
      double e = from[exps + i];
      to[out + i] = v[upstream + i] + Math.fma(e, scale, e * scaleLow) * rescale;
    }
  }

  /** out = (x − B) − b. */
  private static void logarithm(DoubleTile tile, int row, int logits, int out, int count) {
    double high = tile.logSumHigh[row];
    double low = tile.logSumLow[row];
    int whole = DOUBLES.loopBound(count);
    if (whole > 0) {
      logarithmVectors(tile, row, logits, out, whole);
    }
    for (int i = whole; i < count; i++) {
      tile.out[out + i] = (tile.logits[logits + i] - high) - low;
    }
  }

  private static void logarithmVectors(DoubleTile tile, int row, int logits, int out, int count) {
    DoubleVector vHigh = DoubleVector.broadcast(DOUBLES, tile.logSumHigh[row]);
    DoubleVector vLow = DoubleVector.broadcast(DOUBLES, tile.logSumLow[row]);
    for (int i = 0; i < count; i += DOUBLE_LANES) {
      DoubleVector vLogits = DoubleVector.fromArray(DOUBLES, tile.logits, logits + i);
      vLogits.sub(vHigh).sub(vLow).intoArray(tile.out, out + i);
    }
  }

  /** out = out + a. Left to the compiler's own vectors. */
  static void add(double[] a, int from, double[] out, int start, int count) {
    for (int i = 0; i < count; i++) {
      out[start + i] += a[from + i];
    }
  }
}
