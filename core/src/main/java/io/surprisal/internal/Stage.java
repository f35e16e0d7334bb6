package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * Where a thread brings numbers that do not lie in the rows of a {@code float[]}, tile by tile, so
 * that kernels find them in one: from other memory, or turned round where classes come first; and
 * from where results are taken back.
 */
final class Stage {
  /** Elements that are converted at once: they stay in the first cache. */
  static final int RUN = Tile.BLOCK;

  /** Room for what a tile shows of a matrix, made when it is needed first. */
  static final class Room {
    private float[] floats;

    private float[] floats() {
      if (floats == null) {
        floats = new float[Tile.MAX_COLUMNS];
      }
      return floats;
    }
  }

  final Room logits = new Room();
  final Room upstream = new Room();
  final Room targets = new Room();

  /** What results are added to, turned round. */
  private final Room sum = new Room();

  private final Planes planes = new Planes();

  /** Its loops convert numbers of 16 bits and turn matrices round. */
  SoftmaxKernel kernel;

  /** Numbers of 16 bits on their way. */
  final short[] halves = new short[RUN];

  /** What has been added to and is to be written. */
  final float[] sums = new float[RUN];

  Stage() {}

  /**
   * Brings what the window shows of a matrix, unless it lies in rows of an array.
   *
   * @return the array in which its rows start at {@code starts}
   */
  float[] place(Strided from, Window window, Tile tile, Room room, int[] starts) {
    if (!from.isStaged()) {
      if (from.data != null) {
        window.starts(from, tile.rows, starts);
      }
      return from.data;
    }
    float[] to = room.floats();
    int columns = tile.columns;
    for (int i = 0; i < tile.rows; i++) {
      starts[i] = i * columns;
    }
    if (from.hasClassesFirst()) {
      planes.gather(kernel, from, window, tile, to);
      return to;
    }
    if (window.isTogether(from, tile)) {
      from.memory.read(from.place(window.row(0), window.column), tile.rows * columns, this, to, 0);
      return to;
    }
    for (int i = 0; i < tile.rows; i++) {
      from.memory.read(from.place(window.row(i), window.column), columns, this, to, i * columns);
    }
    return to;
  }

  /** Takes the tile's exps, which are results now, back to a matrix that is staged. */
  void takeBack(Strided to, Window window, Tile tile, boolean added) {
    if (!to.hasClassesFirst()) {
      takeBackToMemory(to, window, tile, added);
    } else if (added) {
      tile.out = place(to, window, tile, sum, tile.outStart);
      kernel.add(tile);
      planes.scatter(kernel, to, window, tile);
    } else {
      planes.scatter(kernel, to, window, tile);
    }
  }

  private void takeBackToMemory(Strided to, Window window, Tile tile, boolean added) {
    boolean together = tile.expsStride == tile.columns && window.isTogether(to, tile);
    int runs = together ? 1 : tile.rows;
    int count = together ? tile.rows * tile.columns : tile.columns;
    for (int i = 0; i < runs; i++) {
      long place = to.place(window.row(i), window.column);
      int exps = tile.expsOffset + i * tile.expsStride;
      if (added) {
        to.memory.add(place, count, this, tile.exps, exps);
      } else {
        to.memory.write(place, count, this, tile.exps, exps);
      }
    }
  }

  /** Brings some columns of a row of a matrix that is staged to where targets go. */
  float[] bring(Strided from, int row, int column, int count) {
    float[] to = targets.floats();
    from.read(row, column, count, this, to);
    return to;
  }

  /**
   * The column of the largest of a row of such a matrix, the first of several; -1 where all are
   * NaN.
   */
  int argMax(Strided from, int row, int columns) {
    int found = -1;
    float largest = Float.NEGATIVE_INFINITY;
    for (int column = 0; column < columns; column += Tile.MAX_COLUMNS) {
      int count = Math.min(Tile.MAX_COLUMNS, columns - column);
      float[] numbers = bring(from, row, column, count);
      int best = kernel.argMax(numbers, 0, count);
      if (best >= 0 && (found < 0 || numbers[best] > largest)) {
        found = column + best;
        largest = numbers[best];
      }
    }
    return found;
  }

  /** Forgets the caller's arrays. */
  void clear() {
    planes.clear();
  }
}
