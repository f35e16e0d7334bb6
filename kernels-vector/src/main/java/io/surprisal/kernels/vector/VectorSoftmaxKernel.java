package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.Transposition;
import io.surprisal.spi.WeighForm;

/**
 * The passes in SIMD: the walk over rows and blocks, each loop over elements in a class of its own.
 */
final class VectorSoftmaxKernel implements SoftmaxKernel {
  @Override
  public void reduce(Tile tile) {
    if (tile.columns < VectorNarrowRows.LIMIT) {
      VectorNarrowRows.reduce(tile);
      return;
    }
    VectorReduce.reduce(tile);
  }

  @Override
  public void weightedSums(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      double sum = 0;
      for (int block = 0; block < tile.blocks(); block++) {
        sum += weightedSum(tile, tile.logitsStart[row], block);
      }
      tile.weightedSum[row] = sum;
    }
  }

  private static double weightedSum(Tile tile, int start, int block) {
    int column = block * Tile.BLOCK;
    int count = tile.blockColumns(block);
    if (tile.classVector == null) {
      return VectorSums.plainSum(tile.logits, start + column, count, tile.doubleScratch);
    }
    return VectorSums.weightedSum(
        tile.classVector, tile.classOffset + column, tile.logits, start + column, count, tile);
  }

  @Override
  public void targetSums(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      targetSums(tile, row);
    }
  }

  private static void targetSums(Tile tile, int row) {
    tile.targetSum[row] = 0;
    tile.targetDot[row] = 0;
    for (int block = 0; block < tile.blocks(); block++) {
      VectorTargets.addSums(tile, row, block);
    }
  }

  @Override
  public void targetPeaks(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      tile.targetPeak[row] = argMax(tile.targets, tile.targetsStart[row], tile.columns);
      targetSums(tile, row);
    }
  }

  @Override
  public int argMax(float[] values, int from, int count) {
    return count < VectorNarrowRows.LIMIT
        ? SoftmaxKernel.super.argMax(values, from, count)
        : VectorPeaks.argMax(values, from, count);
  }

  @Override
  public int countGreater(float[] values, int from, int count, float threshold) {
    return VectorRanks.countGreater(values, from, count, threshold);
  }

  @Override
  public void moments(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < tile.blocks(); block++) {
        VectorRanks.moments(tile, row, block);
      }
    }
  }

  @Override
  public void expDots(Tile tile) {
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        int column = block * Tile.BLOCK;
        tile.blockDot[row * blocks + block] =
            VectorSums.dot(
                tile.exps,
                tile.expsOffset + row * tile.expsStride + column,
                tile.upstream,
                tile.upstreamStart[row] + column,
                tile.blockColumns(block),
                tile.doubleScratch);
      }
    }
  }

  @Override
  public void weigh(Tile tile, WeighForm form) {
    for (int row = 0; row < tile.rows; row++) {
      tile.weighedSum[row] = 0;
      tile.weighedDot[row] = 0;
      for (int block = 0; block < tile.blocks(); block++) {
        switch (form) {
          case SQUARED_ERROR -> VectorErrors.addSums(tile, row, block);
        }
      }
    }
  }

  @Override
  public void map(Tile tile, MapForm form) {
    if (tile.columns < VectorNarrowRows.LIMIT && form == MapForm.SCALED) {
      VectorMap.scaledNarrowRows(tile);
      return;
    }
    if (form == MapForm.SCALED_MINUS_TARGETS) {
      mapWithTargets(tile);
      return;
    }
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        VectorMap.map(tile, form, row, block);
      }
    }
  }

  private static void mapWithTargets(Tile tile) {
    boolean narrow = tile.columns < VectorNarrowRows.LIMIT;
    if (narrow) {
      VectorMap.scaledNarrowRows(tile);
    }
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        if (narrow) {
          VectorTargets.minus(tile, row, block);
        } else {
          VectorTargets.map(tile, row, block);
        }
      }
    }
  }

  @Override
  public void weighClasses(Tile tile, ClassForm form) {
    VectorClasses.weigh(tile, form);
  }

  @Override
  public void mapClasses(Tile tile, ClassForm form) {
    VectorClasses.map(tile, form);
  }

  @Override
  public void add(Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int out = tile.outStart[row];
      int exps = tile.expsOffset + row * tile.expsStride;
      VectorMap.add(tile.exps, exps, tile.out, out, tile.columns);
    }
  }

  @Override
  public void bfloat16ToFloats(short[] halves, int first, int last, float[] floats, int start) {
    int whole = first + FLOATS.loopBound(last - first);
    if (whole > first) {
      VectorBfloat16.toFloats(halves, first, whole, floats, start);
    }
    SoftmaxKernel.super.bfloat16ToFloats(halves, whole, last, floats, start);
  }

  @Override
  public void floatsToBfloat16(float[] floats, int start, short[] halves, int first, int last) {
    int whole = first + FLOATS.loopBound(last - first);
    if (whole > first) {
      VectorBfloat16.ofFloats(floats, start, halves, first, whole);
    }
    SoftmaxKernel.super.floatsToBfloat16(floats, start, halves, whole, last);
  }

  @Override
  public void transpose(Transposition matrix) {
    if (matrix.rows < VectorTransposition.SIDE || matrix.columns < VectorTransposition.SIDE) {
      SoftmaxKernel.super.transpose(matrix);
    } else {
      VectorTransposition.transpose(matrix);
    }
  }

  @Override
  public void exp(double[] values, int first, int last) {
    int whole = whole(first, last);
    if (whole > first) {
      VectorElementary.exp(values, first, whole);
    }
    SoftmaxKernel.super.exp(values, whole, last);
  }

  @Override
  public void log1p(double[] values, int first, int last) {
    int whole = whole(first, last);
    if (whole > first) {
      VectorElementary.log1p(values, first, whole);
    }
    SoftmaxKernel.super.log1p(values, whole, last);
  }

  @Override
  public boolean areWithin(double bound, double[] values, int first, int last) {
    int whole = whole(first, last);
    return (whole == first || VectorElementary.areWithin(bound, values, first, whole))
        && SoftmaxKernel.super.areWithin(bound, values, whole, last);
  }

  /** Where the last whole vector of doubles ends. */
  private static int whole(int first, int last) {
    return first + Lanes.DOUBLES.loopBound(last - first);
  }
}
