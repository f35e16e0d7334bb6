package io.surprisal.bench.spark;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.io.Serializable;

/**
 * What SQL adds up for a group: totals, and the last rows, which wait until there are enough of
 * them for the kernel. Only totals are shipped.
 */
public final class LossBuffer implements Serializable {
  private static final long serialVersionUID = 1;

  /** Floats of rows that wait: small, as there may be thousands of groups. */
  private static final int WAITING = 16_384;

  private final LossFactory factory;
  private final Totals totals;
  private transient CrossEntropy loss;
  private transient float[] logits;
  private transient int[] labels;
  private transient int classes;
  private transient int size;

  /** Of no rows. */
  LossBuffer(LossFactory factory) {
    this(factory, factory.loss().newTotals());
  }

  private LossBuffer(LossFactory factory, Totals totals) {
    this.factory = factory;
    this.totals = totals;
  }

  /** Adds a row. */
  void add(float[] row, int label) {
    if (row == null || row.length == 0) {
      throw new IllegalArgumentException("a row has no logits");
    }
    if (size > 0 && row.length != classes) {
      flush();
    }
    if (size == 0) {
      begin(row.length);
    }
    System.arraycopy(row, 0, logits, size * classes, classes);
    labels[size++] = label;
    if (size == labels.length) {
      flush();
    }
  }

  private void begin(int newClasses) {
    int rows = Math.max(1, WAITING / newClasses);
    if (labels == null || newClasses != classes) {
      classes = newClasses;
      logits = new float[rows * classes];
      labels = new int[rows];
    }
  }

  /** Gives the rows that wait to the kernel. */
  private void flush() {
    if (size == 0) {
      return;
    }
    if (loss == null) {
      loss = factory.loss();
    }
    Batch batch = Batch.of(Matrix.of(logits, size, classes), Labels.of(labels, 0, size));
    loss.compute(batch, Outputs.none().withTotals(totals));
    size = 0;
  }

  /** Adds the rows of another buffer. */
  void merge(LossBuffer other) {
    totals().merge(other.totals());
  }

  /** Totals of all rows added. */
  Totals totals() {
    flush();
    return totals;
  }

  /** Java serialization ships the totals of all rows: none wait in what arrives. */
  private Object writeReplace() {
    return new Shipped(factory, totals());
  }

  /**
   * A buffer on its way.
   *
   * @param factory makes the loss again
   * @param totals of all rows
   */
  private record Shipped(LossFactory factory, Totals totals) implements Serializable {
    private Object readResolve() {
      return new LossBuffer(factory, totals);
    }
  }
}
