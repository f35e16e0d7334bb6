package io.surprisal.contract;

/**
 * Where a result stands, for messages.
 *
 * @param problem the batch
 * @param row its row
 * @param column its class, or {@link #WHOLE_ROW} for a result a row
 */
record Cell(Problem problem, int row, int column) {
  /** The column of what has none. */
  static final int WHOLE_ROW = -1;

  String describe(float actual, double exact) {
    return this + ": " + actual + ", exactly " + exact;
  }

  @Override
  public String toString() {
    String place = column == WHOLE_ROW ? "" : " class " + column;
    return problem + " row " + row + place + ", label " + problem.label(row);
  }
}
