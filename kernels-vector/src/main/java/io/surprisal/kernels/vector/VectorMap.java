package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * MAP of one block of one row: e is scaled to e·F, and where the formula has another term that is
 * added in a second loop while the block is in L1.
 *
 * <p>Every operation is elementwise, so that the bits depend neither on the width nor on where an
 * element lies; the last elements of a row go through the same operations under a mask.
 */
final class VectorMap {
  private VectorMap() {}

  static void map(Tile tile, MapForm form, int row, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    int slot = row * tile.blocks() + block;
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int out = tile.outStart[row] + column;
    int other = tile.upstreamStart[row] + column;
    float shift = tile.shift[row];
    switch (form) {
      case SCALED -> scaled(tile, slot, exps, tile.out, out, count);
      case SCALED_MINUS_CLASSES -> {
        scaled(tile, slot, exps, tile.out, out, count);
        if (tile.classVector == null) {
          minus(tile.out, out, shift, count);
        } else {
          minusWeighted(tile.out, out, tile.classVector, tile.classOffset + column, shift, count);
        }
      }
      case LOGARITHM -> logarithm(tile, row, tile.logitsStart[row] + column, out, count);
      case SCALED_TIMES_UPSTREAM -> {
        scaled(tile, slot, exps, tile.exps, exps, count);
        timesShifted(tile.exps, exps, tile.upstream, other, shift, tile.out, out, count);
      }
      case UPSTREAM_PLUS_SCALED -> {
        scaled(tile, slot, exps, tile.exps, exps, count);
        plus(tile.exps, exps, tile.upstream, other, tile.out, out, count);
      }
    }
  }

  /** to = e·F, 0 where e is below the cutoff. */
  private static void scaled(Tile tile, int slot, int exps, float[] to, int out, int count) {
    float[] from = tile.exps;
    FloatVector vScale = Lanes.floats(tile.scale[slot]);
    FloatVector vRescale = Lanes.floats(tile.rescale[slot]);
    FloatVector vCutoff = Lanes.floats(tile.cutoff[slot]);
    int i = 0;
    for (int limit = FLOATS.loopBound(count); i < limit; i += LANES) {
      FloatVector vE = FloatVector.fromArray(FLOATS, from, exps + i);
      scaled(vE, vCutoff, vScale, vRescale).intoArray(to, out + i);
    }
    if (i < count) {
      VectorMask<Float> inside = FLOATS.indexInRange(i, count);
      FloatVector vE = FloatVector.fromArray(FLOATS, from, exps + i, inside);
      scaled(vE, vCutoff, vScale, vRescale).intoArray(to, out + i, inside);
    }
  }

  private static FloatVector scaled(
      FloatVector vE, FloatVector vCutoff, FloatVector vScale, FloatVector vRescale) {
    return vE.blend(0, vE.compare(VectorOperators.LT, vCutoff)).mul(vScale).mul(vRescale);
  }

  /** out = out − H. */
  private static void minus(float[] out, int start, float shift, int count) {
    FloatVector vShift = Lanes.floats(shift);
    int i = 0;
    for (int limit = FLOATS.loopBound(count); i < limit; i += LANES) {
      FloatVector.fromArray(FLOATS, out, start + i).sub(vShift).intoArray(out, start + i);
    }
    if (i < count) {
      VectorMask<Float> inside = FLOATS.indexInRange(i, count);
      FloatVector vOut = FloatVector.fromArray(FLOATS, out, start + i, inside);
      vOut.sub(vShift).intoArray(out, start + i, inside);
    }
  }

  /** out = out − w·H. */
  private static void minusWeighted(
      float[] out, int start, float[] weights, int first, float shift, int count) {
    FloatVector vShift = Lanes.floats(-shift);
    int i = 0;
    for (int limit = FLOATS.loopBound(count); i < limit; i += LANES) {
      FloatVector vOut = FloatVector.fromArray(FLOATS, out, start + i);
      FloatVector vWeights = FloatVector.fromArray(FLOATS, weights, first + i);
      vWeights.fma(vShift, vOut).intoArray(out, start + i);
    }
    if (i < count) {
      VectorMask<Float> inside = FLOATS.indexInRange(i, count);
      FloatVector vOut = FloatVector.fromArray(FLOATS, out, start + i, inside);
      FloatVector vWeights = FloatVector.fromArray(FLOATS, weights, first + i, inside);
      vWeights.fma(vShift, vOut).intoArray(out, start + i, inside);
    }
  }

  /** out = (x − B) − b. */
  private static void logarithm(Tile tile, int row, int logits, int out, int count) {
    FloatVector vHigh = Lanes.floats(tile.logSumHigh[row]);
    FloatVector vLow = Lanes.floats(tile.logSumLow[row]);
    int i = 0;
    for (int limit = FLOATS.loopBound(count); i < limit; i += LANES) {
      FloatVector vLogits = FloatVector.fromArray(FLOATS, tile.logits, logits + i);
      vLogits.sub(vHigh).sub(vLow).intoArray(tile.out, out + i);
    }
    if (i < count) {
      VectorMask<Float> inside = FLOATS.indexInRange(i, count);
      FloatVector vLogits = FloatVector.fromArray(FLOATS, tile.logits, logits + i, inside);
      vLogits.sub(vHigh).sub(vLow).intoArray(tile.out, out + i, inside);
    }
  }

  /** out = s·(v − H). */
  private static void timesShifted(
      float[] scaled,
      int from,
      float[] upstream,
      int v,
      float shift,
      float[] out,
      int to,
      int count) {
    FloatVector vShift = Lanes.floats(shift);
    int i = 0;
    for (int limit = FLOATS.loopBound(count); i < limit; i += LANES) {
      FloatVector vScaled = FloatVector.fromArray(FLOATS, scaled, from + i);
      FloatVector vUpstream = FloatVector.fromArray(FLOATS, upstream, v + i);
      vUpstream.sub(vShift).mul(vScaled).intoArray(out, to + i);
    }
    if (i < count) {
      VectorMask<Float> inside = FLOATS.indexInRange(i, count);
      FloatVector vScaled = FloatVector.fromArray(FLOATS, scaled, from + i, inside);
      FloatVector vUpstream = FloatVector.fromArray(FLOATS, upstream, v + i, inside);
      vUpstream.sub(vShift).mul(vScaled).intoArray(out, to + i, inside);
    }
  }

  /** out = a + b. */
  static void plus(float[] a, int aFrom, float[] b, int bFrom, float[] out, int to, int count) {
    int i = 0;
    for (int limit = FLOATS.loopBound(count); i < limit; i += LANES) {
      FloatVector vA = FloatVector.fromArray(FLOATS, a, aFrom + i);
      FloatVector vB = FloatVector.fromArray(FLOATS, b, bFrom + i);
      vA.add(vB).intoArray(out, to + i);
    }
    if (i < count) {
      VectorMask<Float> inside = FLOATS.indexInRange(i, count);
      FloatVector vA = FloatVector.fromArray(FLOATS, a, aFrom + i, inside);
      FloatVector vB = FloatVector.fromArray(FLOATS, b, bFrom + i, inside);
      vA.add(vB).intoArray(out, to + i, inside);
    }
  }
}
