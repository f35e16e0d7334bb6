package io.surprisal.kernels.vector;

import io.surprisal.spi.Transposition;

/**
 * Matrices turned round in squares of eight by eight, or four by four where vectors have 128 bits.
 * Larger squares leave so much over at the edges that they take longer.
 */
final class VectorTransposition {
  /** Side of a square. */
  static final int SIDE = Math.min(Lanes.LANES, 8);

  private VectorTransposition() {}

  /** Turns a matrix of at least a square round; what is left over goes twice. */
  static void transpose(Transposition matrix) {
    boolean tall = matrix.isTall();
    int length = tall ? matrix.rows : matrix.columns;
    int breadth = tall ? matrix.columns : matrix.rows;
    for (int beside = 0; beside < breadth; beside += SIDE) {
      int across = Math.min(beside, breadth - SIDE);
      squares(matrix, 0, across, length / SIDE);
      if (length % SIDE > 0) {
        squares(matrix, length - SIDE, across, 1);
      }
    }
  }

  /** Squares one behind another along the longer side, from a place along it and across it. */
  private static void squares(Transposition matrix, int along, int across, int count) {
    boolean tall = matrix.isTall();
    int row = tall ? along : across;
    int column = tall ? across : along;
    if (SIDE == VectorSquares.EIGHT.length()) {
      VectorSquares.turnEights(matrix, row, column, count);
    } else {
      VectorSquares.turnFours(matrix, row, column, count);
    }
  }
}
