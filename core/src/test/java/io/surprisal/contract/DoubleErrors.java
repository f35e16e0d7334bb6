package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * Maximum and root mean square of the errors of results in double, in ulp of a scale: of the exact
 * result itself, or of the largest term that it is summed from.
 *
 * <p>The oracle takes e^−660 for 0, so what is below 1e-280 must be so, and no more. NaN and
 * infinities must be the same. The mean square is taken over rows, of each row's own.
 */
final class DoubleErrors {
  private static final double FLOOR = 1e-280;

  private final String quantity;
  private double maximum;
  private String worst = "";
  private double meanSquares;
  private long rows;
  private double sumOfSquares;
  private int count;

  DoubleErrors(String quantity) {
    this.quantity = quantity;
  }

  /** Adds a result whose error is counted in ulp of the exact one. */
  void add(double actual, DoubleDouble exact, Supplier<String> what) {
    add(actual, exact, exact.value(), what);
  }

  /** Adds a result. */
  void add(double actual, DoubleDouble exact, double scale, Supplier<String> what) {
    double error = error(actual, exact, scale);
    if (Math.abs(exact.value()) >= FLOOR && Double.isFinite(error)) {
      sumOfSquares += error * error;
      count++;
    }
    if (error > maximum) {
      maximum = error;
      worst = what.get() + " is " + actual + ", not " + exact;
    }
  }

  private static double error(double actual, DoubleDouble exact, double scale) {
    double rounded = exact.value();
    if (!Double.isFinite(rounded) || !Double.isFinite(actual)) {
      return Double.compare(actual, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Math.abs(scale) < FLOOR) {
      return Math.abs(actual) < 2 * FLOOR ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs((actual - exact.high()) - exact.low()) / Math.ulp(scale);
  }

  /** Ends a row of results. */
  void endRow() {
    if (count > 0) {
      meanSquares += sumOfSquares / count;
      rows++;
    }
    sumOfSquares = 0;
    count = 0;
  }

  /** The root mean square error. */
  double rootMeanSquare() {
    return rows == 0 ? 0 : Math.sqrt(meanSquares / rows);
  }

  /** Prints what was measured, and fails where it is more than the bounds. */
  void assertBound(double ulps, double rootMeanSquare) {
    System.out.println(this);
    assertTrue(maximum <= ulps, () -> quantity + ": " + maximum + " ulp > " + ulps + ": " + worst);
    assertTrue(rootMeanSquare() <= rootMeanSquare, () -> "root mean square of " + this);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s in double: %.2f/%.2f ulp", quantity, maximum, rootMeanSquare());
  }
}
