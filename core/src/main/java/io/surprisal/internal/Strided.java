package io.surprisal.internal;

import java.util.Arrays;

/**
 * A matrix's place: in a {@code float[]} or a {@code double[]}, where rows are used as they lie, or
 * in other memory; or in a {@code float[]} that has the classes of each batch first.
 */
public final class Strided {
  /** The array, or null. */
  float[] data;

  /** The array of doubles, or null. */
  double[] doubles;

  /** The other memory, or null. */
  Memory memory;

  private long offset;
  private long rowStride;

  /**
   * From one class of a row to the next: 1, or the number of positions of a batch whose classes
   * come first.
   */
  private int classStride = 1;

  /** Where classes come first, how much further than by rows a batch begins behind the last. */
  private long batchGap;

  /** Where classes come first, the position of row 0 in the first batch. */
  private int firstPosition;

  /** Nowhere. */
  public Strided() {}

  /**
   * Sets the place of rows: in an array or in other memory.
   *
   * @param newData the array, or null
   * @param newMemory the other memory, or null
   * @param newOffset where row 0 starts
   * @param newRowStride from one row to the next
   */
  public void set(float[] newData, Memory newMemory, long newOffset, long newRowStride) {
    data = newData;
    doubles = null;
    memory = newMemory;
    offset = newOffset;
    rowStride = newRowStride;
    classStride = 1;
  }

  /**
   * Sets the place of batches whose classes come first, each {@code [classes × positions]}.
   *
   * @param newData the array
   * @param newOffset where the batch of row 0 starts
   * @param newFirstPosition the position of row 0
   * @param positions of a batch, 2 or more
   * @param classes number of classes
   */
  public void setClassesFirst(
      float[] newData, long newOffset, int newFirstPosition, int positions, int classes) {
    set(newData, null, newOffset, 1);
    firstPosition = newFirstPosition;
    classStride = positions;
    batchGap = (classes - 1L) * positions;
  }

  /**
   * Sets the place: in an array of doubles.
   *
   * @param newDoubles the array
   * @param newOffset where row 0 starts
   * @param newRowStride from one row to the next
   */
  public void set(double[] newDoubles, long newOffset, long newRowStride) {
    set(null, null, newOffset, newRowStride);
    doubles = newDoubles;
  }

  /** Forgets the caller's memory. */
  void clear() {
    data = null;
    doubles = null;
    memory = null;
    classStride = 1;
  }

  /** Whether there is such a matrix. */
  boolean isPresent() {
    return data != null || doubles != null || memory != null;
  }

  /** Whether the classes of a row lie apart. */
  boolean hasClassesFirst() {
    return classStride > 1;
  }

  /** Whether kernels cannot take its rows as they lie, so that they are brought tile by tile. */
  boolean isStaged() {
    return memory != null || hasClassesFirst();
  }

  /** Whether a single thread may look at it. */
  boolean isConfined() {
    return memory != null && memory.isConfined();
  }

  /** Whether nothing lies between rows of so many columns. */
  boolean isDense(int columns) {
    return rowStride == columns && !hasClassesFirst();
  }

  /** Where a row starts in the array. */
  int rowStart(int row) {
    return (int) place(row, 0);
  }

  /** Where an element lies, in the array or in other memory. */
  long place(int row, int column) {
    if (classStride == 1) {
      return offset + row * rowStride + column;
    }
    int position = firstPosition + row;
    return offset + position + position / classStride * batchGap + (long) column * classStride;
  }

  /** How far apart rows are in the array. */
  int arrayStride() {
    return (int) rowStride;
  }

  /** How far apart the classes of a row are. */
  int classStride() {
    return classStride;
  }

  /** How many rows from this one on lie beside each other, where classes come first. */
  int rowsToEndOfBatch(int row) {
    return classStride - (firstPosition + row) % classStride;
  }

  /** Where a column of each row of a range of slots lies in the array; not with classes first. */
  void rowStarts(RowBlock block, int firstSlot, int count, int column, int[] starts) {
    int first = (int) offset + column;
    int stride = (int) rowStride;
    for (int i = 0; i < count; i++) {
      starts[i] = first + block.index[firstSlot + i] * stride;
    }
  }

  /** One element. */
  float get(int row, int column) {
    long place = place(row, column);
    return data == null ? (float) memory.get(place) : data[(int) place];
  }

  /** One element, of doubles too. */
  double getDouble(int row, int column) {
    long place = place(row, column);
    if (doubles != null) {
      return doubles[(int) place];
    }
    return data == null ? memory.get(place) : data[(int) place];
  }

  /** Writes one element of a matrix of doubles. */
  void setDouble(int row, int column, double value) {
    long place = place(row, column);
    if (doubles == null) {
      ((DoubleMemory) memory).set(place, value);
    } else {
      doubles[(int) place] = value;
    }
  }

  /** Whether it is a matrix of doubles. */
  boolean hasDoubles() {
    return doubles != null || memory instanceof DoubleMemory;
  }

  /** Writes one element. */
  void set(int row, int column, float value) {
    long place = place(row, column);
    if (data == null) {
      memory.set(place, value);
    } else {
      data[(int) place] = value;
    }
  }

  /** Adds to one element, with one rounding. */
  void add(int row, int column, float value) {
    long place = place(row, column);
    if (data == null) {
      memory.add(place, value);
    } else {
      data[(int) place] += value;
    }
  }

  /** Makes a row 0. */
  void clear(int row, int columns) {
    long place = place(row, 0);
    if (doubles != null) {
      Arrays.fill(doubles, (int) place, (int) place + columns, 0);
    } else if (data == null) {
      memory.clear(place, columns);
    } else if (hasClassesFirst()) {
      for (int c = 0; c < columns; c++) {
        data[(int) place + c * classStride] = 0;
      }
    } else {
      Arrays.fill(data, (int) place, (int) place + columns, 0);
    }
  }

  /** Brings some columns of a row to floats. */
  void read(int row, int column, int count, Stage stage, float[] to) {
    long place = place(row, column);
    if (memory != null) {
      memory.read(place, count, stage, to, 0);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[i] = data[(int) place + i * classStride];
    }
  }
}
