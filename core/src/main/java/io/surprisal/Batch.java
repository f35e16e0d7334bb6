package io.surprisal;

import java.util.Objects;

/**
 * What a labelled loss is taken of: logits, labels, and optionally a weight and a mask for each
 * row.
 *
 * <p>A view: nothing is copied, and what the arrays hold is read at each call. Immutable itself, so
 * one made once serves every batch that comes in the same arrays.
 */
public final class Batch {
  private final Matrix logits;
  private final Labels labels;
  private final float[] sampleWeights;
  private final boolean[] ignoredRows;

  private Batch(Matrix logits, Labels labels, float[] sampleWeights, boolean[] ignoredRows) {
    this.logits = logits;
    this.labels = labels;
    this.sampleWeights = sampleWeights;
    this.ignoredRows = ignoredRows;
  }

  /**
   * A batch.
   *
   * @param logits {@code [rows × classes]}
   * @param labels {@code [rows]}
   * @return the batch
   * @throws IllegalArgumentException if the numbers of rows differ
   */
  public static Batch of(Matrix logits, Labels labels) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(labels, "labels");
    Checks.length("labels", labels.rows(), "rows", logits.rows());
    return new Batch(logits, labels, null, null);
  }

  /**
   * The same batch with a weight for each row, which multiplies its loss and its gradient.
   *
   * @param weights {@code [rows]}, finite and not negative
   * @return the batch
   * @throws IllegalArgumentException if the length is not the number of rows
   */
  public Batch withSampleWeights(float[] weights) {
    Objects.requireNonNull(weights, "sampleWeights");
    Checks.length("sampleWeights", weights.length, "rows", logits.rows());
    return new Batch(logits, labels, weights, ignoredRows);
  }

  /**
   * The same batch with rows to leave out, beside those whose label is the ignore index.
   *
   * @param ignored {@code [rows]}, true for a row to ignore
   * @return the batch
   * @throws IllegalArgumentException if the length is not the number of rows
   */
  public Batch withIgnoredRows(boolean[] ignored) {
    Objects.requireNonNull(ignored, "ignoredRows");
    Checks.length("ignoredRows", ignored.length, "rows", logits.rows());
    return new Batch(logits, labels, sampleWeights, ignored);
  }

  /**
   * The logits.
   *
   * @return {@code [rows × classes]}
   */
  public Matrix logits() {
    return logits;
  }

  /**
   * The labels.
   *
   * @return {@code [rows]}
   */
  public Labels labels() {
    return labels;
  }

  /**
   * What a row's loss and gradient are multiplied by.
   *
   * @param row from 0 to rows − 1
   * @return its weight as the array holds it now; 1 where there are no sample weights
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public float sampleWeight(int row) {
    Checks.index("row", row, logits.rows());
    return sampleWeights == null ? 1 : sampleWeights[row];
  }

  /**
   * Whether a row was left out by {@link #withIgnoredRows}, whatever its label.
   *
   * @param row from 0 to rows − 1
   * @return as the array says now
   * @throws IndexOutOfBoundsException if the row is out of range
   */
  public boolean isMasked(int row) {
    Checks.index("row", row, logits.rows());
    return ignoredRows != null && ignoredRows[row];
  }

  /** The weights of the rows, or null. */
  float[] sampleWeights() {
    return sampleWeights;
  }

  /** The rows to leave out, or null. */
  boolean[] ignoredRows() {
    return ignoredRows;
  }

  @Override
  public String toString() {
    return "Batch["
        + logits.rows()
        + " × "
        + logits.classes()
        + (sampleWeights == null ? "" : ", sample weights")
        + (ignoredRows == null ? "" : ", ignored rows")
        + "]";
  }
}
