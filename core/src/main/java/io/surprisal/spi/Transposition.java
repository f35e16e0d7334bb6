package io.surprisal.spi;

/**
 * A matrix to be turned round: {@code to[toStart + i·toStride + j] = from[fromStart + j·fromStride
 * + i]} for each i of {@code rows} and j of {@code columns}.
 *
 * <p>A record of fields that the driver fills and uses again. The arrays differ.
 */
public final class Transposition {
  /** What is read. */
  public float[] from;

  /** Where it starts. */
  public int fromStart;

  /** From one of its rows, a column of the result, to the next. */
  public int fromStride;

  /** What is written. */
  public float[] to;

  /** Where it starts. */
  public int toStart;

  /** From one row of the result to the next. */
  public int toStride;

  /** Rows of the result. */
  public int rows;

  /** Columns of the result. */
  public int columns;

  /** Nothing to be turned round. */
  public Transposition() {}

  /**
   * Which way the matrix is longer.
   *
   * @return whether the result has as many rows as columns, or more
   */
  public boolean isTall() {
    return rows >= columns;
  }
}
