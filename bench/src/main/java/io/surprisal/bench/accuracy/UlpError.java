package io.surprisal.bench.accuracy;

import java.util.function.IntToDoubleFunction;

/**
 * How far results are from the exact ones, in ulp of the float nearest to the scale of each.
 *
 * @param largest of all
 * @param rootMeanSquare of all
 */
public record UlpError(double largest, double rootMeanSquare) {
  /** Its ulp is 2^−126: below that a result is 0 by the library's documentation. */
  private static final float SMALLEST_SCALE = 0x1p-103f;

  /** Of results whose scale is the exact value itself. */
  public static UlpError of(float[] results, IntToDoubleFunction exact) {
    return of(results, exact, exact);
  }

  /** Of results whose formulas have terms larger than themselves: these are the scale. */
  public static UlpError of(float[] results, IntToDoubleFunction exact, IntToDoubleFunction scale) {
    double largest = 0;
    double squares = 0;
    for (int i = 0; i < results.length; i++) {
      float size = (float) Math.abs(scale.applyAsDouble(i));
      double error =
          Math.abs(results[i] - exact.applyAsDouble(i)) / Math.ulp(Math.max(size, SMALLEST_SCALE));
      largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
      squares += error * error;
    }
    return new UlpError(largest, Math.sqrt(squares / results.length));
  }
}
