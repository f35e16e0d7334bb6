package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * The labels of a batch with what decides how much each row counts, and the sums of that, which are
 * known before any loss: the gradient of a mean is divided by them.
 */
public final class LabelledRows {
  /** Whether rows are compared with numbers for their classes instead of labels. */
  public boolean hasTargets;

  /** Labels in an array, or null. */
  private int[] labels;

  /** Index of the first row's label in the array. */
  private int offset;

  /** Labels in other memory, or null. */
  private LabelMemory memory;

  /** Number of rows. */
  public int rows;

  /** The label of rows that do not count. */
  public int ignoreIndex;

  /** Further rows that do not count, or null. */
  public boolean[] ignoredRows;

  /** A weight for each class, or null. */
  public float[] classWeights;

  /** A weight for each row, or null. */
  public float[] sampleWeights;

  /**
   * Sum over the rows that count of class weight times sample weight; of rows with targets found by
   * the pass.
   */
  public final ExactSum weight = new ExactSum();

  /** Number of rows that do not count. */
  public long ignored;

  /** Rows without labels. */
  public LabelledRows() {}

  /**
   * Sets the labels: in an array or in other memory.
   *
   * @param newLabels the array, or null
   * @param newOffset index of the first row's label in the array
   * @param newMemory the other memory, or null
   */
  public void set(int[] newLabels, int newOffset, LabelMemory newMemory) {
    labels = newLabels;
    offset = newOffset;
    memory = newMemory;
  }

  /** Forgets the caller's arrays. */
  public void clear() {
    hasTargets = false;
    set(null, 0, null);
    ignoredRows = null;
    classWeights = null;
    sampleWeights = null;
    ignored = 0;
  }

  boolean hasLabels() {
    return labels != null || memory != null;
  }

  /** Whether a single thread may look at the labels. */
  boolean isConfined() {
    return memory != null && memory.isConfined();
  }

  boolean isIgnored(int row) {
    return (hasLabels() && label(row) == ignoreIndex) || (ignoredRows != null && ignoredRows[row]);
  }

  int label(int row) {
    if (labels != null) {
      return labels[offset + row];
    }
    // What no int is has been refused, unless the row is ignored.
    return memory == null ? Tile.NO_LABEL : (int) memory.get(row);
  }

  double sampleWeight(int row) {
    return sampleWeights == null ? 1 : sampleWeights[row];
  }

  /** Class weight times sample weight, of a row that has a label. */
  double weight(int row) {
    return (classWeights == null ? 1 : classWeights[label(row)]) * sampleWeight(row);
  }

  /**
   * Finds {@link #ignored}, and {@link #weight} of rows with labels. Row tiles are added up one by
   * one, so that a cut of the batch between them does not show in the bits.
   *
   * @param rowsPerTile the row tile
   */
  public void count(int rowsPerTile) {
    ignored = 0;
    weight.clear();
    boolean weighted = classWeights != null || sampleWeights != null;
    for (int first = 0, last; first < rows; first = last) {
      last = first + Math.min(rowsPerTile, rows - first);
      int ignoredHere = countIgnored(first, last);
      ignored += ignoredHere;
      if (hasTargets) {
        continue;
      }
      weight.add(weighted ? weigh(first, last) : last - first - ignoredHere);
    }
  }

  /**
   * What PyTorch's mean divides by.
   *
   * @return the weight of rows with labels, else the number of rows
   */
  public double standardDivisor() {
    return hasTargets ? rows : weight.value();
  }

  private int countIgnored(int first, int last) {
    int found = 0;
    if (hasTargets && ignoredRows == null) {
      return 0;
    }
    if (ignoredRows == null && labels != null) {
      for (int i = offset + first; i < offset + last; i++) {
        // 1 where they are equal, 0 where not: without a branch, to be vectorised.
        int difference = labels[i] ^ ignoreIndex;
        found += 1 + ((difference | -difference) >> 31);
      }
    } else {
      for (int row = first; row < last; row++) {
        found += isIgnored(row) ? 1 : 0;
      }
    }
    return found;
  }

  private double weigh(int first, int last) {
    double sum = 0;
    for (int row = first; row < last; row++) {
      if (!isIgnored(row)) {
        sum += weight(row);
      }
    }
    return sum;
  }
}
