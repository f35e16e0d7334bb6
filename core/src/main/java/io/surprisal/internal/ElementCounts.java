package io.surprisal.internal;

/** How many elements of a batch count and what they weigh, known before any loss. */
public final class ElementCounts {
  /** Number of rows. */
  public long rows;

  /** Number of elements. */
  public long elements;

  /** Number of elements that do not count. */
  public long ignored;

  /** Sum of the weights of the elements that count. */
  public final ExactSum weight = new ExactSum();

  ElementCounts() {}

  /** Counts the elements of a pass, whose batch is set. */
  void count(ElementPass pass) {
    rows = pass.rows;
    elements = (long) pass.rows * pass.classes;
    ignored = 0;
    weight.clear();
    if (!pass.weights.isPresent() && !pass.ignores()) {
      weight.add((double) elements);
      return;
    }
    for (int row = 0; row < pass.rows; row++) {
      countRow(pass, row);
    }
  }

  /** Weights are summed row by row, so that a cut of the batch does not show in the bits. */
  private void countRow(ElementPass pass, int row) {
    double sum = 0;
    for (int c = 0; c < pass.classes; c++) {
      if (pass.targets.get(row, c) == pass.ignoredTarget) {
        ignored++;
      } else {
        sum += pass.weight(row, c);
      }
    }
    weight.add(sum);
  }
}
