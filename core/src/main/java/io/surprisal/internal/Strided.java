package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import java.util.Arrays;

/** A matrix's place in an array. */
public final class Strided {
  float[] data;
  int offset;
  int rowStride;

  /**
   * From one class of a row to the next: 1, or the number of positions of a batch whose classes
   * come first.
   */
  int classStride;

  /** Where classes come first, how much further than by rows a batch begins behind the last. */
  private int batchGap;

  /** Where classes come first, the position of row 0 in the first batch. */
  private int firstPosition;

  /** Nowhere. */
  public Strided() {}

  /**
   * Sets the place of rows.
   *
   * @param data the array
   * @param offset where row 0 starts
   * @param rowStride from one row to the next
   */
  public void set(float[] data, int offset, int rowStride) {
    this.data = data;
    this.offset = offset;
    this.rowStride = rowStride;
    classStride = 1;
  }

  /**
   * Sets the place of batches whose classes come first, each {@code [classes × positions]}.
   *
   * @param data the array
   * @param offset where the batch of row 0 starts
   * @param firstPosition the position of row 0
   * @param positions of a batch, 2 or more
   * @param classes number of classes
   */
  public void setClassesFirst(
      float[] data, int offset, int firstPosition, int positions, int classes) {
    this.data = data;
    this.offset = offset;
    this.firstPosition = firstPosition;
    rowStride = 1;
    classStride = positions;
    batchGap = (classes - 1) * positions;
  }

  /** Whether the classes of a row lie apart. */
  boolean hasClassesFirst() {
    return classStride > 1;
  }

  int rowStart(int row) {
    if (classStride == 1) {
      return offset + row * rowStride;
    }
    int place = firstPosition + row;
    return offset + place + place / classStride * batchGap;
  }

  /** Where a row's value of a class lies. */
  int index(int row, int column) {
    return rowStart(row) + column * classStride;
  }

  /** How many rows from this one on lie beside each other, where classes come first. */
  int rowsToEndOfBatch(int row) {
    return classStride - (firstPosition + row) % classStride;
  }

  /** Where a column of each row of a range of slots lies. */
  void rowStarts(RowBlock block, int firstSlot, int count, int column, int[] starts) {
    for (int i = 0; i < count; i++) {
      starts[i] = offset + block.index[firstSlot + i] * rowStride + column;
    }
  }

  /** Writes one value to every class of a row. */
  void fill(int row, int classes, float value) {
    int start = rowStart(row);
    if (classStride == 1) {
      Arrays.fill(data, start, start + classes, value);
      return;
    }
    for (int c = 0; c < classes; c++) {
      data[start + c * classStride] = value;
    }
  }

  /** Copies some columns of a row. */
  void copy(int row, int column, int count, float[] to) {
    int start = index(row, column);
    for (int i = 0; i < count; i++) {
      to[i] = data[start + i * classStride];
    }
  }

  /** The first largest of a row, as of {@link SoftmaxKernel#argMax}. */
  int argMax(int row, int classes, SoftmaxKernel kernel) {
    int start = rowStart(row);
    if (classStride == 1) {
      return kernel.argMax(data, start, classes);
    }
    int found = -1;
    for (int c = 0; c < classes; c++) {
      float value = data[start + c * classStride];
      if (found < 0 ? !Float.isNaN(value) : value > data[start + found * classStride]) {
        found = c;
      }
    }
    return found;
  }
}
