package io.surprisal;

import java.util.Objects;

/**
 * What a loss is taken of: logits, what they are compared with, and optionally weights of the rows
 * and rows to leave out.
 *
 * <p>Each row is compared with a label, with a target for every class, with targets for a few
 * classes, or with nothing. A loss with the same options takes the first three; which it is, is a
 * property of the batch.
 *
 * <p>A view: nothing is copied, and what the arrays hold is read at each call. Immutable itself, so
 * one made once serves every batch that comes in the same arrays.
 *
 * {@snippet :
 * Batch batch = Batch.of(logits, labels).withSampleWeights(sampleWeights);
 * CrossEntropy.standard().compute(batch, Outputs.none().withLosses(rowLosses));
 * }
 */
public final class Batch {
  private final Matrix logits;
  private final Labels labels;
  private final Matrix targets;
  private final SparseTargets sparseTargets;
  private final float[] sampleWeights;
  private final boolean[] ignoredRows;

  private Batch(Matrix logits, Labels labels, Matrix targets, SparseTargets sparseTargets) {
    this.logits = logits;
    this.labels = labels;
    this.targets = targets;
    this.sparseTargets = sparseTargets;
    this.sampleWeights = null;
    this.ignoredRows = null;
  }

  private Batch(Batch batch, Labels labels) {
    this.logits = batch.logits;
    this.labels = labels;
    this.targets = batch.targets;
    this.sparseTargets = batch.sparseTargets;
    this.sampleWeights = batch.sampleWeights;
    this.ignoredRows = batch.ignoredRows;
  }

  private Batch(Batch batch, float[] sampleWeights, boolean[] ignoredRows) {
    this.logits = batch.logits;
    this.labels = batch.labels;
    this.targets = batch.targets;
    this.sparseTargets = batch.sparseTargets;
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
   * A batch of logits that are compared with nothing, for {@link SoftmaxEntropy}; other losses
   * refuse it.
   *
   * @param logits {@code [rows × classes]}
   * @return the batch
   */
  public static Batch of(Matrix logits) {
    Objects.requireNonNull(logits, "logits");
    return new Batch(logits, null, null, null);
  }

  /**
   * A batch with a target for every class: probabilities, or any other numbers.
   *
   * @param logits {@code [rows × classes]}
   * @param targets {@code [rows × classes]}
   * @return the batch
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Batch of(Matrix logits, Matrix targets) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(targets, "targets");
    Checks.shape("targets", targets, logits);
    return new Batch(logits, null, targets, null);
  }

  /**
   * A batch with targets for a few classes of each row.
   *
   * @param logits {@code [rows × classes]}
   * @param targets {@code [rows]}
   * @return the batch
   * @throws IllegalArgumentException if the numbers of rows differ
   */
  public static Batch of(Matrix logits, SparseTargets targets) {
    Objects.requireNonNull(logits, "logits");
    Objects.requireNonNull(targets, "targets");
    Checks.length("targets", targets.rows(), "rows", logits.rows());
    return new Batch(logits, null, null, targets);
  }

  /**
   * The same batch with labels beside its targets, for a loss that takes both: {@link
   * Distillation}.
   *
   * @param labels {@code [rows]}
   * @return the batch
   * @throws IllegalArgumentException if the numbers of rows differ
   */
  public Batch withLabels(Labels labels) {
    Objects.requireNonNull(labels, "labels");
    Checks.length("labels", labels.rows(), "rows", logits.rows());
    return new Batch(this, labels);
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
    return new Batch(this, weights, ignoredRows);
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
    return new Batch(this, sampleWeights, ignored);
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
   * @return {@code [rows]}, or null where the rows have other targets
   */
  public Labels labels() {
    return labels;
  }

  /**
   * The targets of every class.
   *
   * @return {@code [rows × classes]}, or null where the rows have others
   */
  public Matrix targets() {
    return targets;
  }

  /**
   * The targets of a few classes.
   *
   * @return {@code [rows]}, or null where the rows have others
   */
  public SparseTargets sparseTargets() {
    return sparseTargets;
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

  /** Whether a row was left out by {@link #withIgnoredRows}, as the array says now. */
  boolean isLeftOut(int row) {
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
