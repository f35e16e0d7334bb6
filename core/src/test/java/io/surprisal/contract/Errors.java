package io.surprisal.contract;

/**
 * Maximum and root mean square of the errors of float results, in ulp of a scale: of the exact
 * result itself, or of the largest term that it is summed from.
 *
 * <p>Below the normal range an error of 2^−126 counts as none. NaN must be the canonical NaN, an
 * infinity or an overflow the same infinity; these and zeros do not enter the mean square. The mean
 * square is taken over rows, of each row's own: a hundred thousand equal entries are one
 * observation.
 */
public final class Errors {
  /** 2^−126 and the rounding of the place where results begin to count as 0. */
  private static final double FLOOR = 0x1p-126 * (1 + 0x1p-20);

  private double maximum;
  private double meanSquares;
  private long rows;
  private double sumOfSquares;
  private int count;
  private String worst = "";

  /** The error of a result in ulp of its exact value. */
  public static double ulps(float actual, double exact) {
    return ulps(actual, exact, exact, 0);
  }

  /**
   * The error of a result in ulp.
   *
   * @param actual the result
   * @param exact what it should be
   * @param scale the number whose ulp is the unit
   * @param lost what terms below the normal range may have taken from a sum: a multiple of 2^−126
   * @return 0 or more, +∞ for a result of the wrong kind
   */
  public static double ulps(float actual, double exact, double scale, double lost) {
    float rounded = (float) exact;
    if (!Float.isFinite(rounded) || !Float.isFinite(actual)) {
      boolean same = Float.floatToRawIntBits(actual) == Float.floatToRawIntBits(rounded);
      return same ? 0 : Double.POSITIVE_INFINITY;
    }
    double error = Math.abs(actual - exact);
    boolean belowNormal = Math.min(Math.abs(actual), Math.abs(exact)) < Float.MIN_NORMAL;
    if (belowNormal && error <= FLOOR) {
      return 0;
    }
    double unit = Math.ulp((float) Math.min(Math.abs(scale), Float.MAX_VALUE));
    return Math.max(0, error - lost * FLOOR) / unit;
  }

  /** Adds a result; true if it is the worst so far and wants a description. */
  public boolean add(float actual, double exact, double scale, double lost) {
    double error = ulps(actual, exact, scale, lost);
    if (Double.isFinite(exact) && Math.abs(exact) >= Float.MIN_NORMAL) {
      sumOfSquares += error * error;
      count++;
    }
    boolean isWorst = error > maximum;
    maximum = Math.max(maximum, error);
    return isWorst;
  }

  /** Ends a row of results. */
  public void endRow() {
    if (count > 0) {
      meanSquares += sumOfSquares / count;
      rows++;
    }
    sumOfSquares = 0;
    count = 0;
  }

  /** Says which result is the worst. */
  public void describeWorst(String description) {
    worst = description;
  }

  /** Adds all rows of another's. */
  public void add(Errors other) {
    if (other.maximum > maximum) {
      worst = other.worst;
    }
    maximum = Math.max(maximum, other.maximum);
    meanSquares += other.meanSquares;
    rows += other.rows;
  }

  /** The largest error. */
  public double maximum() {
    return maximum;
  }

  /** The root mean square error. */
  public double rootMeanSquare() {
    return rows == 0 ? 0 : Math.sqrt(meanSquares / rows);
  }

  /** The worst result, in words. */
  public String worst() {
    return worst;
  }
}
