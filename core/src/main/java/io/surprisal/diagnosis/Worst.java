package io.surprisal.diagnosis;

/** Compares results one after another and keeps the worst. */
final class Worst {
  /** Results below the normal range may count as 0; the factor is the rounding where it begins. */
  private static final double UNDERFLOW = 0x1p-126 * (1 + 0x1p-20);

  private Discrepancy found = Discrepancy.NONE;

  Discrepancy found() {
    return found;
  }

  /**
   * One more result.
   *
   * @param row where it stands
   * @param column where it stands, or −1
   * @param exact what it should be
   */
  void add(int row, int column, float actual, Expected exact) {
    double ulps = exact.ulps(actual);
    if (ulps > found.ulps()) {
      found = new Discrepancy(ulps, row, column, actual, exact.value);
    }
  }

  /**
   * What a result should be.
   *
   * @param value the exact value
   * @param scale the number whose float ulp is the unit
   * @param slack a distance that counts as none
   */
  record Expected(double value, double scale, double slack) {
    double ulps(float actual) {
      float rounded = (float) value;
      if (!Float.isFinite(rounded) || !Float.isFinite(actual)) {
        return Float.compare(rounded, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
      }
      double distance = Math.abs(actual - value);
      boolean belowNormal = Math.min(Math.abs(actual), Math.abs(value)) < Float.MIN_NORMAL;
      double free = slack + (belowNormal ? UNDERFLOW : 0);
      double unit = Math.ulp((float) Math.min(Math.abs(scale), Float.MAX_VALUE));
      return Math.max(0, distance - free) / unit;
    }
  }
}
