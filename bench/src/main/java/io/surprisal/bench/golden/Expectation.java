package io.surprisal.bench.golden;

/**
 * What the documentation says that an output or a gradient is, with two tolerances for each
 * element: the documented bound, for kernels, and what float64 arithmetic can be off, for the file.
 *
 * <p>Where the library decided otherwise than PyTorch the element is marked: there the file may say
 * something else, and kernels are compared with the documented rule.
 */
final class Expectation {
  /** Softmax is 0 below the normal range, which is worth at most this. */
  private static final double UNDERFLOW = 0x1p-126;

  /** Some thousand roundings of float64; it is still 5 digits below any float. */
  private static final double FLOAT64_ERROR = 1e-12;

  private final double[] values;
  private final double[] bounds;
  private final double[] errors;
  private final boolean[] decided;

  Expectation(int length) {
    values = new double[length];
    bounds = new double[length];
    errors = new double[length];
    decided = new boolean[length];
  }

  /** An element that must be exactly this, NaN and infinities included. */
  void exactly(int index, double value) {
    values[index] = value;
  }

  /**
   * An element within ulps of a float.
   *
   * @param scale whose ulp counts: the element itself, or the largest term of its formula
   * @param error of the file: the sum of what the formula adds up
   */
  void within(int index, double value, double ulps, double scale, double error) {
    values[index] = value;
    bounds[index] = ulps * ulp(scale) + UNDERFLOW;
    errors[index] = FLOAT64_ERROR * error;
  }

  /** Adds to an element's bound what underflow of its factor's probability is worth. */
  void underflowTimes(int index, double factor) {
    bounds[index] += UNDERFLOW * Math.abs(factor);
  }

  /** Adds to what the file may be off at an element. */
  void fileError(int index, double error) {
    errors[index] += error;
  }

  /** Says that here PyTorch's answer is a choice, and the library's a different one. */
  void decide(int index) {
    decided[index] = true;
  }

  double value(int index) {
    return values[index];
  }

  int length() {
    return values.length;
  }

  boolean isDecided(int index) {
    return decided[index];
  }

  /** Whether the file agrees with the documentation, leaving aside what was decided. */
  boolean agrees(int index, double file) {
    return same(values[index], file) || Math.abs(values[index] - file) <= errors[index];
  }

  /** Whether a kernel's result is within the documented bound. */
  boolean allows(int index, double actual) {
    return same(values[index], actual)
        || overflows(values[index], actual)
        || Math.abs(values[index] - actual) <= bounds[index];
  }

  /** The distance of a result in ulps of the float nearest to the expectation. */
  double ulps(int index, double actual) {
    return Math.abs(values[index] - actual) / ulp(values[index]);
  }

  /** Equal, signs of zero aside. */
  private static boolean same(double expected, double actual) {
    return expected == actual || (Double.isNaN(expected) && Double.isNaN(actual));
  }

  /** An expectation beyond float's range is an infinite float. */
  private static boolean overflows(double expected, double actual) {
    return Double.isInfinite(actual) && (float) expected == (float) actual;
  }

  private static double ulp(double scale) {
    return Math.ulp((float) Math.min(Math.abs(scale), Float.MAX_VALUE));
  }
}
