package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import io.surprisal.spi.Tile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The same input gives the same bits: however it is cut, whoever computes it, whatever is near. */
public abstract class BitsContract extends KernelContract {
  private static final LogitKind[] KINDS = {
    LogitKind.NORMAL_3, LogitKind.NEAR_BLOCKS, LogitKind.LIMITS
  };

  /**
   * Rows and classes: several tiles, one wide row, few wide rows, more wide rows than cells; each
   * large enough to be shared out where there are threads.
   */
  private static final int[][] SHAPES = {
    {5000, 3}, {2100, 33}, {150, 1000}, {37, 4097}, {3, 40_000}, {1, 140_000}, {33, 16_390}
  };

  private interface Check {
    void run(Problem problem, int shape);
  }

  private static void forEachProblem(Check check) {
    for (int i = 0; i < SHAPES.length; i++) {
      check.run(Problem.of(KINDS[i % KINDS.length], SHAPES[i][0], SHAPES[i][1]), i);
    }
  }

  private static int rowsPerTile(int classes) {
    return Math.clamp(Tile.MAX_COLUMNS / classes, 1, Tile.MAX_ROWS);
  }

  /** What an operation gives on the whole batch, or piece by piece. */
  private record Run(Matrix out, float[] results) {
    static Run whole(Operations.Operation operation, Problem problem) {
      return inPieces(operation, problem, problem.rows());
    }

    static Run inPieces(Operations.Operation operation, Problem problem, int most) {
      Run run = new Run(problem.copyOfLogits(), new float[problem.rows()]);
      SplittableRandom random = new SplittableRandom(most);
      int last;
      for (int first = 0; first < problem.rows(); first = last) {
        int count = most < problem.rows() ? random.nextInt(1, most + 1) : most;
        last = Math.min(first + count, problem.rows());
        float[] results = new float[last - first];
        operation.run(
            problem.logits().slice(first, last), first, run.out.slice(first, last), results);
        System.arraycopy(results, 0, run.results, first, results.length);
      }
      return run;
    }

    void assertSame(Run other, String what) {
      Bits.assertSame(out, other.out, what);
      Bits.assertSame(results, other.results, what);
    }
  }

  @Test
  void anyCutOfTheBatchGivesTheSameRowBits() {
    forEachProblem(
        (problem, shape) ->
            Operations.of(execution(), problem)
                .forEach(
                    (name, operation) -> {
                      Run whole = Run.whole(operation, problem);
                      int most = Math.max(1, problem.rows() / 5);
                      Run cut = Run.inPieces(operation, problem, most);
                      whole.assertSame(cut, name + " of pieces of " + problem);
                    }));
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    for (int threads = 1; threads <= 8; threads++) {
      ForkJoinPool pool = new ForkJoinPool(threads);
      try {
        Execution parallel = Execution.on(pool).with(kernel());
        int number = threads;
        forEachProblem(
            (problem, shape) -> {
              // Every shape by two, and each other number of threads by some of the shapes.
              if (number == 2 || (number + shape) % 3 == 0) {
                assertSameOn(parallel, problem, number + " threads");
              }
            });
        assertEquals(threads > 1, pool.getPoolSize() > 0, "whether threads were asked");
      } finally {
        pool.close();
      }
    }
  }

  private void assertSameOn(Execution parallel, Problem problem, String threads) {
    Map<String, Operations.Operation> sequential = Operations.of(execution(), problem);
    Operations.of(parallel, problem)
        .forEach(
            (name, operation) ->
                Run.whole(sequential.get(name), problem)
                    .assertSame(
                        Run.whole(operation, problem), name + " of " + problem + " on " + threads));
    CrossEntropy one = crossEntropy().labelSmoothing(0.1).build();
    CrossEntropy many = crossEntropy().labelSmoothing(0.1).execution(parallel).build();
    assertSameTotals(
        one.forward(problem.logits(), problem.labels()),
        many.forward(problem.logits(), problem.labels()),
        problem + " on " + threads);
  }

  private static void assertSameTotals(Totals expected, Totals actual, String what) {
    assertEquals(expected.sum(), actual.sum(), what);
    assertEquals(expected.negativeLogLikelihood(), actual.negativeLogLikelihood(), what);
    assertEquals(expected.weight(), actual.weight(), what);
    assertEquals(expected.mean(), actual.mean(), what);
    assertEquals(expected.rows(), actual.rows(), what);
    assertEquals(expected.ignoredRows(), actual.ignoredRows(), what);
  }

  @Test
  void totalsOfCutsBetweenTilesMergeInAnyOrderToTheSameBits() {
    forEachProblem(
        (problem, shape) -> {
          CrossEntropy loss = crossEntropy().build();
          int tile = rowsPerTile(problem.classes());
          List<Totals> parts = new ArrayList<>();
          for (int first = 0; first < problem.rows(); first += tile) {
            int last = Math.min(first + tile, problem.rows());
            parts.add(
                loss.forward(problem.logits().slice(first, last), labels(problem, first, last)));
          }
          Totals whole = loss.forward(problem.logits(), problem.labels());
          for (int order = 0; order < 3; order++) {
            Collections.shuffle(parts, new Random(order));
            Totals merged = loss.newTotals();
            parts.forEach(merged::merge);
            assertSameTotals(whole, merged, "tiles of " + problem);
          }
        });
  }

  @Test
  void totalsOfAnyCutsMergeWithinRounding() {
    Problem problem = Problem.of(LogitKind.NORMAL_10, 1020, 7);
    CrossEntropy loss = crossEntropy().build();
    Totals whole = loss.forward(problem.logits(), problem.labels());
    for (int most : new int[] {1, 10, 100, 700}) {
      Totals merged = loss.newTotals();
      SplittableRandom random = new SplittableRandom(most);
      int last;
      for (int first = 0; first < problem.rows(); first = last) {
        last = Math.min(first + random.nextInt(1, most + 1), problem.rows());
        merged.merge(
            loss.forward(problem.logits().slice(first, last), labels(problem, first, last)));
      }
      // Promised is 1e-15; compensated sums within a tile leave one rounding.
      assertEquals(whole.sum(), merged.sum(), Math.ulp(whole.sum()));
      assertEquals(whole.weight(), merged.weight());
    }
  }

  private static Labels labels(Problem problem, int first, int last) {
    int[] labels = new int[last - first];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = problem.label(first + i);
    }
    return Labels.of(labels);
  }

  @Test
  void totalsOfCallsAddUpInTheSameTotals() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 2100, 10);
    CrossEntropy loss = crossEntropy().build();
    Totals calls = loss.newTotals();
    loss.compute(problem.batch(), Outputs.none().withTotals(calls));
    loss.compute(problem.batch(), Outputs.none().withTotals(calls));
    Totals merged = loss.forward(problem.logits(), problem.labels());
    merged.merge(loss.forward(problem.logits(), problem.labels()));
    assertSameTotals(merged, calls, "two calls");
    calls.clear();
    loss.compute(problem.batch(), Outputs.none().withTotals(calls));
    assertSameTotals(loss.forward(problem.logits(), problem.labels()), calls, "after clear");
  }

  @Test
  void neighboursDoNotShowInTheBits() {
    for (int classes : new int[] {1, 2, 3, 10, 33, 64, 130, 1000, 2049}) {
      Problem problem = Problem.of(LogitKind.LIMITS, 12, classes);
      Operations.of(execution(), problem)
          .forEach(
              (name, operation) -> {
                Matrix out = Matrix.zeros(problem.rows(), classes);
                Matrix spoilt = Matrix.zeros(problem.rows(), classes);
                operation.run(problem.logits(), 0, out, new float[problem.rows()]);
                operation.run(spoil(problem), 0, spoilt, new float[problem.rows()]);
                for (int row = 0; row < problem.rows(); row += 2) {
                  String what = name + " beside spoilt rows of " + problem;
                  Bits.assertSameRow(out, row, spoilt, row, what);
                }
              });
    }
  }

  /** Every second row becomes NaN, infinite, masked or huge. */
  private static Matrix spoil(Problem problem) {
    float[] values = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, 500, -1e5f
    };
    Matrix logits = problem.copyOfLogits();
    for (int row = 1; row < problem.rows(); row += 2) {
      int start = logits.rowStart(row);
      for (int c = row % 3; c < problem.classes(); c += 3) {
        logits.data()[start + c] = values[row / 2 % values.length];
      }
    }
    return logits;
  }

  @Test
  void warmingUpDoesNotShowInTheBits() {
    for (int[] shape : new int[][] {{300, 5}, {12, 130}, {1, 2049}}) {
      Problem problem = Problem.of(LogitKind.NORMAL_3, shape[0], shape[1]);
      Operations.of(execution(), problem)
          .forEach(
              (name, operation) -> {
                Run first = Run.whole(operation, problem);
                for (int i = 0; i < 300; i++) {
                  Run later = Run.whole(operation, problem);
                  if (i % 30 == 29) {
                    first.assertSame(later, name + " of " + problem + ", call " + i);
                  }
                }
              });
    }
  }

  /**
   * Rows as wide as a tile keep their exponentials in scratch memory; those of wider ones wait
   * elsewhere or are computed again. Masked classes in a block of their own change no sum, so both
   * ways meet the same numbers.
   */
  @Test
  void storedAndRecomputedExponentialsGiveTheSameBits() {
    for (LogitKind kind : KINDS) {
      Problem stored = Problem.of(kind, 3, Tile.MAX_COLUMNS);
      Matrix recomputed = Matrix.zeros(stored.rows(), Tile.MAX_COLUMNS + 17);
      Arrays.fill(recomputed.data(), Float.NEGATIVE_INFINITY);
      Matrix narrow =
          Matrix.strided(
              recomputed.data(), 0, stored.rows(), Tile.MAX_COLUMNS, recomputed.classes());
      copy(stored.logits(), narrow);
      CrossEntropy loss = crossEntropy().build();
      Matrix expected = Matrix.zeros(stored.rows(), Tile.MAX_COLUMNS);
      float[] losses = new float[stored.rows()];
      float[] others = new float[stored.rows()];
      loss.compute(stored.batch(), Outputs.none().withLosses(losses).withGradient(expected));
      loss.compute(
          Batch.of(recomputed, stored.labels()),
          Outputs.none().withLosses(others).withGradient(recomputed));
      Bits.assertSame(losses, others, "losses of " + stored);
      Bits.assertSame(expected, narrow, "gradient of " + stored);
      copy(stored.logits(), narrow);
      softmax().forward(stored.logits(), expected);
      for (int row = 0; row < stored.rows(); row++) {
        int from = recomputed.rowStart(row) + Tile.MAX_COLUMNS;
        Arrays.fill(recomputed.data(), from, from + 17, Float.NEGATIVE_INFINITY);
      }
      softmax().forward(recomputed, recomputed);
      Bits.assertSame(expected, narrow, "softmax of " + stored);
    }
  }

  private static void copy(Matrix from, Matrix to) {
    for (int row = 0; row < from.rows(); row++) {
      System.arraycopy(from.data(), from.rowStart(row), to.data(), to.rowStart(row), to.classes());
    }
  }
}
