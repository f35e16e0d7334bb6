package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** A batch of one kind of logits with the oracle of each row. */
public final class Problem {
  /** From one lane less than four lanes' worth to eight vectors of sixteen and two: all of them. */
  private static final int LARGEST_SMALL_SIZE = 130;

  private static final int[] MIDDLE_SIZES = {1000, 1003, 2047, 2048, 2049, 4097};

  private final LogitKind kind;
  private final Matrix logits;
  private final int[] labels;
  private final ExactRow[] exact;

  private Problem(LogitKind kind, int rows, int classes) {
    this.kind = kind;
    logits = Matrix.zeros(rows, classes);
    labels = new int[rows];
    exact = new ExactRow[rows];
    SplittableRandom random = new SplittableRandom(31L * kind.name().hashCode() + classes);
    float[] row = new float[classes];
    for (int i = 0; i < rows; i++) {
      kind.fill(random, row);
      System.arraycopy(row, 0, logits.data(), i * classes, classes);
      labels[i] = label(i, row, random);
    }
  }

  /** The likeliest class, the unlikeliest, any. */
  private static int label(int row, float[] logits, SplittableRandom random) {
    if (row % 3 == 2) {
      return random.nextInt(logits.length);
    }
    int found = 0;
    for (int i = 1; i < logits.length; i++) {
      if (row % 3 == 0 ? logits[i] > logits[found] : logits[i] < logits[found]) {
        found = i;
      }
    }
    return found;
  }

  /** A problem; the same arguments give the same numbers. */
  public static Problem of(LogitKind kind, int rows, int classes) {
    return new Problem(kind, rows, classes);
  }

  /** Problems of all kinds and sizes, made once. */
  public static List<Problem> all() {
    return All.PROBLEMS;
  }

  /** Three rows of each kind at each size, made while they are gone through, and not kept. */
  static Iterable<Problem> ofEveryKind(int... sizes) {
    return () ->
        Arrays.stream(sizes)
            .boxed()
            .flatMap(size -> Arrays.stream(LogitKind.values()).map(kind -> of(kind, 3, size)))
            .iterator();
  }

  /** The kind of the logits. */
  public LogitKind kind() {
    return kind;
  }

  /** Number of rows. */
  public int rows() {
    return logits.rows();
  }

  /** Number of classes. */
  public int classes() {
    return logits.classes();
  }

  /** The logits, dense; not to be changed. */
  public Matrix logits() {
    return logits;
  }

  /** A copy of the logits, dense. */
  public Matrix copyOfLogits() {
    return Matrix.of(logits.data().clone(), logits.classes());
  }

  /** A row's label. */
  public int label(int row) {
    return labels[row];
  }

  /** The labels; not to be changed. */
  public Labels labels() {
    return Labels.of(labels);
  }

  /** Logits and labels. */
  public Batch batch() {
    return Batch.of(logits, labels());
  }

  /** The oracle of a row, made when first asked for. */
  public ExactRow exact(int row) {
    if (exact[row] == null) {
      exact[row] = ExactRow.of(logits.data(), logits.rowStart(row), logits.classes());
    }
    return exact[row];
  }

  @Override
  public String toString() {
    return kind + " [" + rows() + " × " + classes() + "]";
  }

  private static final class All {
    static final List<Problem> PROBLEMS = make();

    private static List<Problem> make() {
      List<Problem> problems = new ArrayList<>();
      for (LogitKind kind : LogitKind.values()) {
        for (int classes = 1; classes <= LARGEST_SMALL_SIZE; classes++) {
          problems.add(of(kind, 3, classes));
        }
        for (int classes : MIDDLE_SIZES) {
          problems.add(of(kind, 3, classes));
        }
      }
      addMore(problems, 60, 40, LogitKind.LIMITS);
      addMore(problems, 30, 2051, LogitKind.LIMITS);
      addMore(problems, 60, 2, LogitKind.GAP, LogitKind.ONE_CONFIDENT);
      addMore(problems, 9, 11_000, LogitKind.WILD_BLOCKS, LogitKind.NEAR_BLOCKS);
      addMore(problems, 2, 16_384, LogitKind.NORMAL_3, LogitKind.WILD_BLOCKS);
      addMore(problems, 2, 16_385, LogitKind.WILD_BLOCKS, LogitKind.OFFSET_1E6, LogitKind.LIMITS);
      addMore(problems, 2, 32_000, LogitKind.NORMAL_3, LogitKind.GAP);
      addMore(problems, 2, 50_257, LogitKind.NORMAL_10, LogitKind.NEAR_BLOCKS);
      addMore(problems, 2, 128_256, LogitKind.NORMAL, LogitKind.WILD_BLOCKS, LogitKind.SMALL_TERMS);
      addMore(problems, 3, 131_072, LogitKind.ONE_CONFIDENT, LogitKind.OFFSET_1E6, LogitKind.EQUAL);
      return Collections.unmodifiableList(problems);
    }

    private static void addMore(List<Problem> problems, int rows, int classes, LogitKind... kinds) {
      for (LogitKind kind : kinds) {
        problems.add(of(kind, rows, classes));
      }
    }
  }
}
