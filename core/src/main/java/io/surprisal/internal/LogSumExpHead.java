package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/** log Σ exp(x); its gradient is u·p. */
public final class LogSumExpHead implements Head {
  /** The head; it has no options. */
  public static final LogSumExpHead INSTANCE = new LogSumExpHead();

  private LogSumExpHead() {}

  @Override
  public void apply(RowBlock rows, SoftmaxKernel kernel) {
    for (int i = 0; i < rows.rows; i++) {
      double sum = rows.sum[i];
      rows.loss[i] = Double.isNaN(sum) ? Double.NaN : rows.logSumExp(i);
      rows.factor[i] = rows.upstream[i];
      rows.divideFactor(i);
      rows.fill[i] = fill(sum, rows.upstream[i]);
    }
  }

  private static byte fill(double sum, double upstream) {
    if (sum == 0) {
      return RowBlock.ZEROS;
    }
    return Double.isFinite(sum) && Double.isFinite(upstream) ? RowBlock.MAPPED : RowBlock.NANS;
  }
}
