package io.surprisal.kernels.vector;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;

/** The passes over logits in double in SIMD: the walk over rows and blocks. */
final class VectorDoubleKernel implements DoubleKernel {
  @Override
  public void reduce(DoubleTile tile) {
    if (tile.columns < VectorDoubleNarrowRows.LIMIT) {
      VectorDoubleNarrowRows.reduce(tile);
    } else {
      VectorDoubleReduce.reduce(tile);
    }
  }

  @Override
  public void weightedSums(DoubleTile tile) {
    for (int row = 0; row < tile.rows; row++) {
      VectorDoubleSums.weightedSum(tile, row);
    }
  }

  @Override
  public void expDots(DoubleTile tile) {
    for (int slot = 0; slot < tile.rows * tile.blocks(); slot++) {
      VectorDoubleSums.expDot(tile, slot);
    }
  }

  @Override
  public void map(DoubleTile tile, MapForm form) {
    if (tile.columns < VectorDoubleNarrowRows.LIMIT && form == MapForm.SCALED) {
      VectorDoubleMap.scaledNarrowRows(tile);
      return;
    }
    int blocks = tile.blocks();
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        VectorDoubleMap.map(tile, form, row, block);
      }
    }
  }

  @Override
  public void add(DoubleTile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int exps = tile.expsOffset + row * tile.expsStride;
      VectorDoubleMap.add(tile.exps, exps, tile.out, tile.outStart[row], tile.columns);
    }
  }

  @Override
  public void exp(double[] high, double[] low, int first, int last) {
    int whole = first + Lanes.DOUBLES.loopBound(last - first);
    if (whole > first) {
      VectorElementaryPairs.exp(high, low, first, whole);
    }
    DoubleKernel.super.exp(high, low, whole, last);
  }

  @Override
  public void log1p(double[] high, double[] low, int first, int last) {
    int whole = first + Lanes.DOUBLES.loopBound(last - first);
    if (whole > first) {
      VectorElementaryPairs.log1p(high, low, first, whole);
    }
    DoubleKernel.super.log1p(high, low, whole, last);
  }
}
