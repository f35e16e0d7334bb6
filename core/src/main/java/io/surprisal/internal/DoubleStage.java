package io.surprisal.internal;

import io.surprisal.spi.DoubleTile;

/**
 * Where a thread brings doubles that do not lie in an array, tile by tile, so that kernels find
 * them in one; and from where results are taken back: {@link Stage} for doubles.
 */
final class DoubleStage {
  /** Room for what a tile shows of a matrix, made when it is needed first. */
  private double[] room;

  DoubleStage() {}

  private double[] room() {
    if (room == null) {
      room = new double[DoubleTile.MAX_COLUMNS];
    }
    return room;
  }

  /**
   * Brings the tile's part of a matrix in other memory.
   *
   * @return where its rows lie one behind another
   */
  double[] bring(Strided from, DoubleRows of, int firstSlot, int column, DoubleTile tile) {
    DoubleMemory memory = (DoubleMemory) from.memory;
    int columns = tile.columns;
    double[] to = room();
    if (areTogether(from, of, firstSlot, tile)) {
      memory.read(from.place(of.index[firstSlot], column), tile.rows * columns, to, 0);
      return to;
    }
    for (int i = 0; i < tile.rows; i++) {
      memory.read(from.place(of.index[firstSlot + i], column), columns, to, i * columns);
    }
    return to;
  }

  /** Takes the tile's exps, which are results now, back to other memory. */
  void takeBack(Strided to, DoubleRows of, int firstSlot, int column, DoubleTile tile) {
    DoubleMemory memory = (DoubleMemory) to.memory;
    boolean together = tile.expsStride == tile.columns && areTogether(to, of, firstSlot, tile);
    int runs = together ? 1 : tile.rows;
    int count = together ? tile.rows * tile.columns : tile.columns;
    for (int i = 0; i < runs; i++) {
      long place = to.place(of.index[firstSlot + i], column);
      memory.write(place, count, tile.exps, tile.expsOffset + i * tile.expsStride);
    }
  }

  /** Adds the tile's exps, which are results now, to what other memory holds. */
  void add(Strided to, DoubleRows of, int firstSlot, int column, DoubleTile tile) {
    DoubleMemory memory = (DoubleMemory) to.memory;
    for (int i = 0; i < tile.rows; i++) {
      long place = to.place(of.index[firstSlot + i], column);
      int exps = tile.expsOffset + i * tile.expsStride;
      memory.add(place, tile.columns, tile.exps, exps, room());
    }
  }

  private static boolean areTogether(
      Strided matrix, DoubleRows of, int firstSlot, DoubleTile tile) {
    return matrix.isDense(tile.columns) && of.follow(firstSlot, firstSlot + tile.rows);
  }
}
