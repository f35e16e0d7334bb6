package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A batch of one kind of logits in double: those of {@link LogitKind} with digits that floats do
 * not have, but for the largest of a row, which may be equal.
 */
final class DoubleProblem {
  private static final int[] SIZES = {
    1, 2, 3, 5, 7, 8, 9, 16, 33, 63, 100, 127, 128, 129, 136, 255, 1000, 1023, 1024, 1025, 2050
  };

  private final LogitKind kind;
  private final int rows;
  private final int classes;
  private final double[] logits;
  private final int[] labels;
  private final ExactRow[] exact;

  private DoubleProblem(LogitKind kind, int rows, int classes) {
    this.kind = kind;
    this.rows = rows;
    this.classes = classes;
    logits = new double[rows * classes];
    labels = new int[rows];
    exact = new ExactRow[rows];
    SplittableRandom random = new SplittableRandom(17L * kind.name().hashCode() + classes);
    float[] row = new float[classes];
    for (int i = 0; i < rows; i++) {
      kind.fill(random, row);
      fill(random, row, i);
    }
  }

  private void fill(SplittableRandom random, float[] row, int number) {
    int largest = 0;
    int least = 0;
    for (int i = 1; i < classes; i++) {
      largest = row[i] > row[largest] ? i : largest;
      least = row[i] < row[least] ? i : least;
    }
    for (int i = 0; i < classes; i++) {
      boolean widened = row[i] < row[largest] && Float.isFinite(row[i]);
      double digits = widened ? 1 + random.nextDouble() * 0x1p-24 : 1;
      logits[number * classes + i] = row[i] * digits;
    }
    labels[number] =
        switch (number % 3) {
          case 0 -> largest;
          case 1 -> least;
          default -> random.nextInt(classes);
        };
  }

  /** A problem; the same arguments give the same numbers. */
  static DoubleProblem of(LogitKind kind, int rows, int classes) {
    return new DoubleProblem(kind, rows, classes);
  }

  /** Problems of all kinds at sizes on both sides of every limit, and some wide ones. */
  static List<DoubleProblem> all() {
    List<DoubleProblem> problems = new ArrayList<>();
    for (LogitKind kind : LogitKind.values()) {
      for (int classes : SIZES) {
        problems.add(of(kind, 3, classes));
      }
    }
    for (LogitKind kind : new LogitKind[] {LogitKind.GAP, LogitKind.ONE_CONFIDENT}) {
      problems.add(of(kind, 60, 2));
    }
    problems.add(of(LogitKind.LIMITS, 60, 40));
    problems.add(of(LogitKind.WILD_BLOCKS, 3, 11_000));
    problems.add(of(LogitKind.NORMAL_3, 2, 16_384));
    problems.add(of(LogitKind.NEAR_BLOCKS, 2, 16_385));
    problems.add(of(LogitKind.WILD_BLOCKS, 2, 50_257));
    problems.add(of(LogitKind.EQUAL, 2, 128_256));
    return problems;
  }

  LogitKind kind() {
    return kind;
  }

  int rows() {
    return rows;
  }

  int classes() {
    return classes;
  }

  /** The logits, dense; not to be changed. */
  Matrix logits() {
    return Matrix.of(logits, rows, classes);
  }

  /** A copy of the logits. */
  double[] copyOfLogits() {
    return logits.clone();
  }

  int label(int row) {
    return labels[row];
  }

  Labels labels() {
    return Labels.of(labels);
  }

  Batch batch() {
    return Batch.of(logits(), labels());
  }

  /** The oracle of a row, made when first asked for. */
  ExactRow exact(int row) {
    if (exact[row] == null) {
      double[] values = new double[classes];
      System.arraycopy(logits, row * classes, values, 0, classes);
      exact[row] = ExactRow.of(values);
    }
    return exact[row];
  }

  @Override
  public String toString() {
    return kind + " in double [" + rows + " × " + classes + "]";
  }
}
