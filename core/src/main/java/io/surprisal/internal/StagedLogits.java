package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/** The logits of a tile as a {@link LogitMap} makes them, rows one behind another. */
final class StagedLogits {
  final float[] logits = new float[Tile.MAX_COLUMNS];
  final float[] slopes = new float[Tile.MAX_COLUMNS];
  final double[] exps = new double[Tile.MAX_COLUMNS];

  /** Brings a tile's rows here. */
  void stage(Tile tile, LogitMap map, SoftmaxKernel kernel) {
    int columns = tile.columns;
    for (int row = 0; row < tile.rows; row++) {
      map.map(tile, row, this, kernel);
      tile.logitsStart[row] = row * columns;
    }
    tile.logits = logits;
    tile.contiguous = true;
  }

  /** Multiplies a row of the gradient by the slopes. */
  void multiply(Tile tile, int row) {
    int slope = row * tile.columns;
    int out = tile.outStart[row];
    for (int i = 0; i < tile.columns; i++) {
      tile.out[out + i] *= slopes[slope + i];
    }
  }
}
