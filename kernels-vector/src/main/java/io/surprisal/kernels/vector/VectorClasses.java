package io.surprisal.kernels.vector;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.Tile;

/** The walk over rows and blocks of {@link ClassForm}, and one class of a row as scalars. */
final class VectorClasses {
  /**
   * The bits of {@link Tile#IMPOSSIBLE}, which bound an s, never negative, as integers: the smaller
   * of two doubles takes several operations, and a vector of two has no mask.
   */
  static final long IMPOSSIBLE_BITS = Double.doubleToRawLongBits(Tile.IMPOSSIBLE);

  private VectorClasses() {}

  static void weigh(Tile tile, ClassForm form) {
    for (int row = 0; row < tile.rows; row++) {
      tile.weighedSum[row] = 0;
      tile.weighedDot[row] = 0;
      for (int block = 0; block < tile.blocks(); block++) {
        switch (form) {
          case SQUARED_FOCAL -> VectorFocal.addSums(tile, row, block);
          case FORWARD_DIVERGENCE ->
              tile.weighedSum[row] -= VectorDivergence.sum(tile, tile.companion, row, block);
          case REVERSE_DIVERGENCE ->
              tile.weighedSum[row] += VectorDivergence.sum(tile, tile, row, block);
        }
      }
    }
  }

  static void map(Tile tile, ClassForm form) {
    for (int row = 0; row < tile.rows; row++) {
      for (int block = 0; block < tile.blocks(); block++) {
        switch (form) {
          case SQUARED_FOCAL -> VectorFocal.map(tile, row, block);
          case FORWARD_DIVERGENCE -> VectorDivergence.mapForward(tile, row, block);
          case REVERSE_DIVERGENCE -> VectorDivergence.mapReverse(tile, row, block);
        }
      }
    }
  }

  /** F of a slot. */
  static double factor(Tile tile, int slot) {
    return ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
  }

  /** p of a class. */
  static double probability(Tile tile, int row, int column) {
    float e = tile.exps[tile.expsOffset + row * tile.expsStride + column];
    return e * factor(tile, row * tile.blocks() + column / Tile.BLOCK);
  }

  /** s of a class. */
  static double surprisal(Tile tile, int row, int column) {
    double below = (double) tile.peakLogit[row] - tile.logits[tile.logitsStart[row] + column];
    return Math.min(below + tile.peakSurprisal[row], Tile.IMPOSSIBLE);
  }

  /** r − s of a class. */
  static double gap(Tile tile, int row, int column) {
    return surprisal(tile.companion, row, column) - surprisal(tile, row, column);
  }
}
