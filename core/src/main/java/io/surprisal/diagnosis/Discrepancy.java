package io.surprisal.diagnosis;

/**
 * The result that lies farthest from its reference, and where it stands.
 *
 * @param ulps the distance in ulp of the scale that its bound counts, less what underflow may take;
 *     +∞ for a NaN or an infinity that should be none, or should be one
 * @param row its row; −1 where nothing was compared, or all is exact
 * @param column its class; −1 for a result a row
 * @param actual the result
 * @param expected the reference
 */
public record Discrepancy(double ulps, int row, int column, double actual, double expected) {
  /** Nothing compared, or every result exact. */
  static final Discrepancy NONE = new Discrepancy(0, -1, -1, 0, 0);

  @Override
  public String toString() {
    if (row < 0) {
      return "exact";
    }
    String place = column < 0 ? "" : " class " + column;
    return ulps + " ulp at row " + row + place + ": " + actual + ", expected " + expected;
  }
}
