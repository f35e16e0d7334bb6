package io.surprisal.internal;

/** A matrix's place in an array. */
public final class Strided {
  float[] data;
  double[] doubles;
  int offset;
  int rowStride;

  /** Nowhere. */
  public Strided() {}

  /**
   * Sets the place.
   *
   * @param data the array
   * @param offset where row 0 starts
   * @param rowStride from one row to the next
   */
  public void set(float[] data, int offset, int rowStride) {
    this.data = data;
    this.offset = offset;
    this.rowStride = rowStride;
  }

  /**
   * Sets the place.
   *
   * @param doubles the array
   * @param offset where row 0 starts
   * @param rowStride from one row to the next
   */
  public void set(double[] doubles, int offset, int rowStride) {
    this.doubles = doubles;
    this.offset = offset;
    this.rowStride = rowStride;
  }

  /** Forgets the array. */
  void clear() {
    data = null;
    doubles = null;
  }

  int rowStart(int row) {
    return offset + row * rowStride;
  }

  /** Where a column of each row of a range of slots lies. */
  void rowStarts(RowBlock block, int firstSlot, int count, int column, int[] starts) {
    for (int i = 0; i < count; i++) {
      starts[i] = offset + block.index[firstSlot + i] * rowStride + column;
    }
  }
}
