package io.surprisal;

import java.util.Objects;

/**
 * Where a loss's gradient goes, and what multiplies it: that with respect to the logits, where
 * nothing else is said.
 *
 * <p>The matrix may be the logits themselves: the gradient then takes their place.
 *
 * {@snippet :
 * Gradient accumulated = Gradient.addedTo(gradient).withUpstream(0.25);
 * CrossEntropy.standard().compute(Batch.of(logits, labels), Outputs.none().withGradient(accumulated));
 * }
 */
public final class Gradient {
  private final Matrix matrix;
  private final boolean added;
  private final double upstream;
  private final float[] upstreamRows;
  private final Matrix upstreamElements;

  private Gradient(Matrix matrix, boolean added, double upstream, float[] rows, Matrix elements) {
    this.matrix = matrix;
    this.added = added;
    this.upstream = upstream;
    this.upstreamRows = rows;
    this.upstreamElements = elements;
  }

  /**
   * Written over what the matrix holds.
   *
   * @param matrix {@code [rows × classes]}; the logits themselves, or disjoint from them
   * @return the gradient
   */
  public static Gradient into(Matrix matrix) {
    return new Gradient(Objects.requireNonNull(matrix, "gradient"), false, 1, null, null);
  }

  /**
   * Added to what the matrix holds, with one rounding.
   *
   * @param matrix {@code [rows × classes]}, disjoint from the logits
   * @return the gradient
   */
  public static Gradient addedTo(Matrix matrix) {
    return new Gradient(Objects.requireNonNull(matrix, "gradient"), true, 1, null, null);
  }

  /**
   * The same, times the gradient of what the reduced loss goes into.
   *
   * @param factor one number for all rows, finite
   * @return the gradient
   * @throws IllegalArgumentException if the factor is not finite
   */
  public Gradient withUpstream(double factor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException("upstream = " + factor + " is not finite");
    }
    return new Gradient(matrix, added, factor, upstreamRows, upstreamElements);
  }

  /**
   * The same, times a number for each row: the upstream gradient of the row losses.
   *
   * <p>The configured divisor still divides; with {@link Divisor#ONE} row n is exactly {@code
   * factors[n]} times the gradient of row n's loss.
   *
   * @param factors {@code [rows]}, read at each call
   * @return the gradient
   */
  public Gradient withUpstream(float[] factors) {
    Objects.requireNonNull(factors, "upstream");
    return new Gradient(matrix, added, upstream, factors, null);
  }

  /**
   * The same, times a number for each element: the upstream gradient of the element losses of an
   * {@link ElementLoss}. Losses that have one number a row refuse it.
   *
   * @param factors {@code [rows × classes]}, read at each call; disjoint from the gradient
   * @return the gradient
   */
  public Gradient withUpstream(Matrix factors) {
    Objects.requireNonNull(factors, "upstream");
    return new Gradient(matrix, added, upstream, null, factors);
  }

  /**
   * The matrix.
   *
   * @return {@code [rows × classes]}
   */
  public Matrix matrix() {
    return matrix;
  }

  /** Whether to add. */
  boolean added() {
    return added;
  }

  /** The factor of all rows. */
  double upstream() {
    return upstream;
  }

  /** The factors of the rows, or null; for a loss that has one number a row. */
  float[] upstreamRows() {
    if (upstreamElements != null) {
      throw new IllegalArgumentException(
          "upstream is a matrix, but this loss has one number a row: give it one factor a row");
    }
    return upstreamRows;
  }

  /** The factors of the rows, or null; for a loss of single elements. */
  float[] upstreamOfRows() {
    return upstreamRows;
  }

  /** The factors of the elements, or null. */
  Matrix upstreamElements() {
    return upstreamElements;
  }

  @Override
  public String toString() {
    return "Gradient["
        + (added ? "added to " : "into ")
        + matrix
        + (upstream == 1 ? "" : ", upstream " + upstream)
        + (upstreamRows == null ? "" : ", upstream a row")
        + (upstreamElements == null ? "" : ", upstream an element")
        + "]";
  }
}
