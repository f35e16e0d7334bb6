package io.surprisal.internal;

import java.util.Arrays;

/**
 * A matrix's place: in a {@code float[]} or a {@code double[]}, where it is used as it lies, or in
 * other memory.
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

  /** Nowhere. */
  public Strided() {}

  /**
   * Sets the place: in an array or in other memory.
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
  }

  /** Whether there is such a matrix. */
  boolean isPresent() {
    return data != null || doubles != null || memory != null;
  }

  /** Whether a single thread may look at it. */
  boolean isConfined() {
    return memory != null && memory.isConfined();
  }

  /** Whether nothing lies between rows of so many columns. */
  boolean isDense(int columns) {
    return rowStride == columns;
  }

  /** Where a row starts in the array. */
  int rowStart(int row) {
    return (int) place(row, 0);
  }

  /** Where an element lies, in the array or in other memory. */
  long place(int row, int column) {
    return offset + row * rowStride + column;
  }

  /** How far apart rows are in the array. */
  int arrayStride() {
    return (int) rowStride;
  }

  /** Where a column of each row of a range of slots lies in the array. */
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
    } else {
      Arrays.fill(data, (int) place, (int) place + columns, 0);
    }
  }
}
