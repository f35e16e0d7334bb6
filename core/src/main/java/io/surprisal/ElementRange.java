package io.surprisal;

import io.surprisal.spi.ElementKernel;

/** The numbers that a matrix may hold at elements that count: 0 to a highest. */
final class ElementRange {
  private final float highest;
  private final float ignoredTarget;

  /** From 0 to a highest number; elements of the ignored target may hold anything. */
  ElementRange(float highest, float ignoredTarget) {
    this.highest = highest;
    this.ignoredTarget = ignoredTarget;
  }

  /** Refuses the first number outside; the kernel scans a large matrix faster than a plain loop. */
  void check(String name, Matrix values, Matrix targets, ElementKernel kernel) {
    if (anyOutside(values, kernel)) {
      for (int row = 0; row < values.rows(); row++) {
        checkRow(name, values, targets, row);
      }
    }
  }

  private boolean anyOutside(Matrix values, ElementKernel kernel) {
    if (values.storage().floats() == null) {
      // Not known before one has looked.
      return true;
    }
    if (values.rows() > 0 && values.rowStride() == values.classes()) {
      int first = values.rowStart(0);
      int last = first + values.rows() * values.classes();
      return kernel.anyOutside(values.data(), first, last, highest);
    }
    boolean outside = false;
    for (int row = 0; row < values.rows(); row++) {
      int first = values.rowStart(row);
      outside |= kernel.anyOutside(values.data(), first, first + values.classes(), highest);
    }
    return outside;
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
