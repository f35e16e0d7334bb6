package io.surprisal.bench.spark;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows of logits and their labels, gathered until there are enough of them for the kernel. */
final class LogitBatch {
  /** Of logits: large enough for the kernel, small enough for a task beside others. */
  private static final int BYTES = 4 << 20;

  /** The row tile: 16,384 / classes, at least 1 and at most 1,024. */
  private static final int LARGEST_TILE = 1024;

  private static final int LOGITS_PER_TILE = 16_384;

  private final LogitFormat format;
  private final int classes;
  private final int capacity;
  private float[] logits;
  private int[] labels;
  private float[] losses;
  private int size;

  /** A batch for rows of so many classes. */
  LogitBatch(LogitFormat format, int classes) {
    this.format = format;
    if (classes < 1) {
      throw new IllegalArgumentException("a row has no logits");
    }
    this.classes = classes;
    // Whole tiles, so that totals do not depend on where batches end.
    int tile = Math.clamp(LOGITS_PER_TILE / classes, 1, LARGEST_TILE);
    int rows = BYTES / Float.BYTES / classes;
    capacity = Math.max(tile, rows - rows % tile);
    fit(Math.min(capacity, 16));
  }

  private void fit(int rows) {
    logits = logits == null ? new float[rows * classes] : Arrays.copyOf(logits, rows * classes);
    labels = labels == null ? new int[rows] : Arrays.copyOf(labels, rows);
    losses = new float[rows];
  }

  /** Adds a row of two columns: logits, label. */
  void add(InternalRow row) {
    if (row.isNullAt(0) || row.isNullAt(1)) {
      throw new IllegalArgumentException("logits or label are null");
    }
    int found = format.classes(row, 0);
    if (found != classes) {
      throw new IllegalArgumentException(
          "a row has " + found + " logits, another one before it " + classes);
    }
    if (size == labels.length) {
      fit(Math.min(capacity, 2 * size));
    }
    format.copy(row, 0, logits, size * classes);
    labels[size++] = row.getInt(1);
  }

  boolean isFull() {
    return size == capacity;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  int classes() {
    return classes;
  }

  /** The logits of {@link #size} rows, and more room. */
  float[] logits() {
    return logits;
  }

  int[] labels() {
    return labels;
  }

  float[] losses() {
    return losses;
  }
}
