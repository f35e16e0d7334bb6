package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/** Keeps the row summaries themselves. */
public final class SummaryHead implements Head {
  /** Sums S of the rows. */
  public final double[] sum;

  /** Exponents N of the rows. */
  public final int[] exponent;

  /** Origins a of the rows. */
  public final double[] origin;

  /**
   * A head for one batch.
   *
   * @param rows number of rows
   */
  public SummaryHead(int rows) {
    sum = new double[rows];
    exponent = new int[rows];
    origin = new double[rows];
  }

  @Override
  public void apply(RowBlock rows, SoftmaxKernel kernel) {
    for (int i = 0; i < rows.rows; i++) {
      int row = rows.index[i];
      sum[row] = rows.sum[i];
      exponent[row] = rows.exponent[i];
      origin[row] = rows.origin[i];
    }
  }
}
