package io.surprisal.bench.peers;

/**
 * How far row losses are from the exact ones, in ulp of the float nearest to the exact loss.
 *
 * @param largest of all rows
 * @param rootMeanSquare of all rows
 */
record LossError(double largest, double rootMeanSquare) {
  /** Its ulp is 2^−126: below that a loss is 0 by the library's documentation. */
  private static final float SMALLEST_SCALE = 0x1p-103f;

  static LossError of(float[] losses, ExactLosses exact) {
    double largest = 0;
    double squares = 0;
    for (int row = 0; row < losses.length; row++) {
      double expected = exact.loss(row);
      double ulp = Math.ulp(Math.max((float) expected, SMALLEST_SCALE));
      double error = Math.abs(losses[row] - expected) / ulp;
      largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
      squares += error * error;
    }
    return new LossError(largest, Math.sqrt(squares / losses.length));
  }
}
