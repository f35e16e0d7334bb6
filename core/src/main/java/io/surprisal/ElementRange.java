package io.surprisal;

import io.surprisal.internal.ElementScan;

/** The numbers that a matrix may hold at elements that count: 0 to a highest. */
final class ElementRange {
  private final float highest;
  private final float ignoredTarget;

  /** From 0 to a highest number; elements of the ignored target may hold anything. */
  ElementRange(float highest, float ignoredTarget) {
    this.highest = highest;
    this.ignoredTarget = ignoredTarget;
  }

  /** Refuses the first number outside; the scan is faster than a plain loop. */
  void check(String name, Matrix values, Matrix targets, Execution execution) {
    if (anyOutside(values, execution)) {
      for (int row = 0; row < values.rows(); row++) {
        checkRow(name, values, targets, row);
      }
    }
  }

  private boolean anyOutside(Matrix values, Execution execution) {
    ElementScan scan = ElementScan.acquire();
    values.placeIn(scan.values);
    scan.rows = values.rows();
    scan.classes = values.classes();
    scan.highest = highest;
    scan.kernel = execution.kernel().elements();
    scan.functions = execution.kernel().softmax();
    boolean found = scan.run(execution.pool());
    scan.release();
    return found;
  }

  private void checkRow(String name, Matrix values, Matrix targets, int row) {
    for (int c = 0; c < values.classes(); c++) {
      float value = values.get(row, c);
      boolean inside = value >= 0 && value <= highest;
      if (!inside && targets.get(row, c) != ignoredTarget) {
        throw new IllegalArgumentException(
            name + "[" + row + ", " + c + "] = " + value + " is outside " + this);
      }
    }
  }

  @Override
  public String toString() {
    String range = highest == Float.MAX_VALUE ? "[0, ∞)" : "[0, 1]";
    return Float.isNaN(ignoredTarget) ? range : range + " and not ignored by " + ignoredTarget;
  }
}
