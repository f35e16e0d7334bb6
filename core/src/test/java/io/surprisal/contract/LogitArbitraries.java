package io.surprisal.contract;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Rows and batches of logits for jqwik. */
public final class LogitArbitraries {
  /** Logits are multiples of 1/1024, so that adding a moderate integer to one is exact. */
  private static final float GRID = 0x1p-10f;

  private static final int LARGEST_LOGIT = 60 * 1024;
  private static final int MOST_CLASSES = 70;

  private LogitArbitraries() {}

  /**
   * A row with its label.
   *
   * @param logits one a class
   * @param label a class
   */
  public record Row(float[] logits, int label) {
    /** The row as a batch of one. */
    Row withLogits(float[] changed) {
      return new Row(changed, label);
    }

    @Override
    public String toString() {
      return "label " + label + " of " + Arrays.toString(logits);
    }
  }

  /** A logit on the grid, mostly near 0. */
  public static Arbitrary<Float> logits() {
    return Arbitraries.integers()
        .between(-LARGEST_LOGIT, LARGEST_LOGIT)
        .map(number -> number * GRID);
  }

  /** Rows of two classes or more. */
  public static Arbitrary<Row> rows() {
    return Arbitraries.integers()
        .between(2, MOST_CLASSES)
        .flatMap(classes -> rowsOf(logits(), classes));
  }

  /** Rows that may hold −∞ and huge values too. */
  public static Arbitrary<Row> hardRows() {
    Arbitrary<Float> hard =
        Arbitraries.frequencyOf(
            Tuple.of(12, logits()),
            Tuple.of(2, Arbitraries.just(Float.NEGATIVE_INFINITY)),
            Tuple.of(1, Arbitraries.floats().between(-3e38f, 3e38f)),
            Tuple.of(1, Arbitraries.floats().between(-1000f, 1000f)));
    return Arbitraries.integers()
        .between(1, MOST_CLASSES)
        .flatMap(classes -> rowsOf(hard, classes))
        .filter(row -> ExactRow.of(row.logits, 0, row.logits.length).isRegular());
  }

  private static Arbitrary<Row> rowsOf(Arbitrary<Float> logits, int classes) {
    return logits
        .array(float[].class)
        .ofSize(classes)
        .flatMap(
            row -> Arbitraries.integers().between(0, classes - 1).map(label -> new Row(row, label)))
        .withoutEdgeCases();
  }
}
