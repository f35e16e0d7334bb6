package io.surprisal.contract;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

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

  /**
   * Two rows of the same classes.
   *
   * @param one logits
   * @param other logits, as many
   */
  public record Pair(float[] one, float[] other) {
    @Override
    public String toString() {
      return Arrays.toString(one) + " and " + Arrays.toString(other);
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
    return rowsOf(logits(), 2);
  }

  /** Pairs of rows of two classes or more. */
  public static Arbitrary<Pair> pairs() {
    return logits()
        .tuple2()
        .list()
        .ofMinSize(2)
        .ofMaxSize(MOST_CLASSES)
        .map(LogitArbitraries::pair)
        .withoutEdgeCases();
  }

  private static Pair pair(List<Tuple2<Float, Float>> classes) {
    Pair pair = new Pair(new float[classes.size()], new float[classes.size()]);
    for (int i = 0; i < classes.size(); i++) {
      pair.one[i] = classes.get(i).get1();
      pair.other[i] = classes.get(i).get2();
    }
    return pair;
  }

  /** Rows that may hold −∞ and huge values too. */
  public static Arbitrary<Row> hardRows() {
    Arbitrary<Float> hard =
        Arbitraries.frequencyOf(
            Tuple.of(12, logits()),
            Tuple.of(2, Arbitraries.just(Float.NEGATIVE_INFINITY)),
            Tuple.of(1, Arbitraries.floats().between(-3e38f, 3e38f)),
            Tuple.of(1, Arbitraries.floats().between(-1000f, 1000f)));
    return rowsOf(hard, 1).filter(row -> ExactRow.of(row.logits, 0, row.logits.length).isRegular());
  }

  /** Logits and label are drawn apart: a row that shrinks keeps what it can of both. */
  private static Arbitrary<Row> rowsOf(Arbitrary<Float> logits, int fewestClasses) {
    return Combinators.combine(
            logits.array(float[].class).ofMinSize(fewestClasses).ofMaxSize(MOST_CLASSES),
            Arbitraries.integers().between(0, MOST_CLASSES - 1))
        .as((row, label) -> new Row(row, label % row.length))
        .withoutEdgeCases();
  }
}
