package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import io.surprisal.SoftmaxFocal;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/**
 * The same logits in double give the same bits: on any number of threads, for any cut of the batch,
 * with rows apart, in place or not; and nothing is written beside a matrix.
 */
public abstract class DoubleBitsContract extends KernelContract {
  private static final int[][] SHAPES = {
    {2500, 3}, {1100, 33}, {150, 1000}, {37, 2049}, {3, 40_000}, {1, 140_000}, {33, 16_390}
  };

  private static final LogitKind[] KINDS = {
    LogitKind.NORMAL_3, LogitKind.NEAR_BLOCKS, LogitKind.LIMITS, LogitKind.WILD_BLOCKS
  };

  private static final long GUARD = 0x7FF8_0000_DEAD_BEEFL;

  /** From some rows of logits and their labels to a matrix and a result a row. */
  private interface Operation {
    void run(Matrix logits, Labels labels, Matrix out, double[] results);
  }

  private static Map<String, Operation> operations(Execution execution, int classes) {
    Map<String, Operation> all = new LinkedHashMap<>();
    CrossEntropy plain = CrossEntropy.builder().execution(execution).divisor(Divisor.ONE).build();
    all.put("cross-entropy", of(plain));
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      weights[i] = 0.5f + i % 5;
    }
    CrossEntropy rich =
        CrossEntropy.builder()
            .execution(execution)
            .divisor(Divisor.ONE)
            .labelSmoothing(0.1)
            .zLoss(1e-3)
            .classWeights(weights)
            .build();
    all.put("cross-entropy with options", of(rich));
    SoftmaxFocal focal = SoftmaxFocal.builder().execution(execution).divisor(Divisor.ONE).build();
    all.put(
        "focal",
        (logits, labels, out, results) ->
            focal.compute(
                Batch.of(logits, labels), Outputs.none().withLosses(results).withGradient(out)));
    all.put(
        "log-sum-exp",
        (logits, labels, out, results) -> {
          LogSumExp.on(execution).forward(logits, results);
          float[] upstream = new float[logits.rows()];
          Arrays.fill(upstream, 0.3f);
          LogSumExp.on(execution).backward(logits, upstream, out);
        });
    all.put(
        "softmax", (logits, labels, out, results) -> Softmax.on(execution).forward(logits, out));
    all.put(
        "log-softmax",
        (logits, labels, out, results) -> LogSoftmax.on(execution).forward(logits, out));
    return all;
  }

  private static Operation of(CrossEntropy loss) {
    return (logits, labels, out, results) ->
        loss.compute(
            Batch.of(logits, labels),
            Outputs.none().withLosses(results).withGradient(Gradient.into(out).withUpstream(0.75)));
  }

  /** Runs an operation on all rows at once, and another on the same rows in another way. */
  private interface Other {
    void run(
        DoubleProblem problem, Operation operation, double[] out, double[] results, String what);
  }

  private void forEachOperation(Execution execution, Other other) {
    for (int i = 0; i < SHAPES.length; i++) {
      DoubleProblem problem = DoubleProblem.of(KINDS[i % KINDS.length], SHAPES[i][0], SHAPES[i][1]);
      Map<String, Operation> expected = operations(execution(), problem.classes());
      operations(execution, problem.classes())
          .forEach(
              (name, operation) -> {
                double[] out = new double[problem.rows() * problem.classes()];
                double[] results = new double[problem.rows()];
                Matrix matrix = Matrix.of(out, problem.rows(), problem.classes());
                expected.get(name).run(problem.logits(), problem.labels(), matrix, results);
                other.run(problem, operation, out, results, name + " of " + problem);
              });
    }
  }

  private static void assertSame(double[] expected, double[] actual, String what) {
    for (int i = 0; i < expected.length; i++) {
      int place = i;
      assertEquals(
          Double.doubleToRawLongBits(expected[i]),
          Double.doubleToRawLongBits(actual[i]),
          () -> what + ", element " + place + ": " + actual[place] + ", not " + expected[place]);
    }
  }

  @Test
  void threadsLeaveTheBitsOfDoublesAlone() {
    for (int threads : new int[] {2, 3, 8}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        forEachOperation(
            Execution.on(pool).with(kernel()),
            (problem, operation, out, results, what) -> {
              double[] otherOut = new double[out.length];
              double[] otherResults = new double[results.length];
              Matrix matrix = Matrix.of(otherOut, problem.rows(), problem.classes());
              operation.run(problem.logits(), problem.labels(), matrix, otherResults);
              assertSame(out, otherOut, threads + " threads: " + what);
              assertSame(results, otherResults, threads + " threads: " + what);
            });
      }
    }
  }

  @Test
  void placeLeavesTheBitsOfDoublesAlone() {
    forEachOperation(
        execution(),
        (problem, operation, out, results, what) -> {
          double[] logits = problem.copyOfLogits();
          double[] otherResults = new double[results.length];
          Matrix matrix = Matrix.of(logits, problem.rows(), problem.classes());
          if (!what.startsWith("log-sum-exp")) {
            operation.run(matrix, problem.labels(), matrix, otherResults);
            assertSame(out, logits, "in place: " + what);
            assertSame(results, otherResults, "in place: " + what);
          }
        });
  }

  /** Rows one by one, each among guards that are neither read nor written. */
  @Test
  void cutAndStrideLeaveTheBitsOfDoublesAlone() {
    forEachOperation(
        execution(),
        (problem, operation, out, results, what) -> {
          int rows = Math.min(problem.rows(), 40);
          int classes = problem.classes();
          int stride = classes + 3;
          double[] logits = guards(rows * stride + 1);
          double[] apart = guards(rows * stride + 2);
          double[] otherResults = new double[rows];
          for (int row = 0; row < rows; row++) {
            System.arraycopy(
                problem.copyOfLogits(), row * classes, logits, 1 + row * stride, classes);
          }
          Matrix from = Matrix.of(logits, rows, classes).withRowStride(stride).withOffset(1);
          Matrix to = Matrix.of(apart, rows, classes).withRowStride(stride).withOffset(2);
          int[] labels = new int[rows];
          Arrays.setAll(labels, problem::label);
          operation.run(from, Labels.of(labels), to, otherResults);
          assertSame(Arrays.copyOf(results, rows), otherResults, "rows apart: " + what);
          for (int i = 0; i < apart.length; i++) {
            int beyond = i - 2;
            boolean inside = beyond >= 0 && beyond % stride < classes;
            double expected =
                inside
                    ? out[beyond / stride * classes + beyond % stride]
                    : Double.longBitsToDouble(GUARD);
            assertEquals(
                Double.doubleToRawLongBits(expected),
                Double.doubleToRawLongBits(apart[i]),
                () -> "rows apart: " + what);
          }
        });
  }

  private static double[] guards(int length) {
    double[] guards = new double[length];
    Arrays.fill(guards, Double.longBitsToDouble(GUARD));
    return guards;
  }

  @Test
  void addingRoundsTheSumOfDoublesOnce() {
    for (int[] shape : SHAPES) {
      DoubleProblem problem = DoubleProblem.of(LogitKind.NORMAL_3, shape[0], shape[1]);
      CrossEntropy loss = crossEntropy().build();
      double[] gradient = new double[problem.rows() * problem.classes()];
      double[] added = new double[gradient.length];
      Arrays.setAll(added, i -> i % 11 * 0.01);
      double[] expected = added.clone();
      compute(loss, problem, Gradient.into(matrix(problem, gradient)));
      compute(loss, problem, Gradient.addedTo(matrix(problem, added)));
      Arrays.setAll(expected, i -> expected[i] + gradient[i]);
      assertSame(expected, added, "added: " + problem);
    }
  }

  private static Matrix matrix(DoubleProblem problem, double[] data) {
    return Matrix.of(data, problem.rows(), problem.classes());
  }

  private static void compute(CrossEntropy loss, DoubleProblem problem, Gradient gradient) {
    loss.compute(problem.batch(), Outputs.none().withGradient(gradient));
  }

  @Test
  void totalsOfDoublesAreTheLossesAddedUpOnAnyNumberOfThreads() {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      for (int[] shape : SHAPES) {
        DoubleProblem problem = DoubleProblem.of(LogitKind.NORMAL_10, shape[0], shape[1]);
        CrossEntropy loss = crossEntropy().build();
        double[] losses = new double[problem.rows()];
        Totals totals = loss.newTotals();
        loss.compute(problem.batch(), Outputs.none().withLosses(losses).withTotals(totals));
        CrossEntropy shared =
            CrossEntropy.builder().execution(Execution.on(pool).with(kernel())).build();
        Totals sharedTotals = shared.forward(problem.logits(), problem.labels());
        assertEquals(totals.sum(), sharedTotals.sum());
        double sum = Arrays.stream(losses).sum();
        assertTrue(Math.abs(totals.sum() - sum) <= 1e-14 * sum, () -> totals + " of " + problem);
        assertEquals(totals.sum() / problem.rows(), totals.mean());
      }
    }
  }

  /** A float loss of logits in double is the double rounded; a double loss of floats is nearer. */
  @Test
  void lossesMayBeOfAnotherTypeThanTheLogits() {
    DoubleProblem problem = DoubleProblem.of(LogitKind.NORMAL_3, 20, 1000);
    CrossEntropy loss = crossEntropy().build();
    double[] losses = new double[20];
    float[] rounded = new float[20];
    loss.compute(problem.batch(), Outputs.none().withLosses(losses));
    loss.compute(problem.batch(), Outputs.none().withLosses(rounded));
    for (int row = 0; row < 20; row++) {
      assertEquals((float) losses[row], rounded[row]);
    }
    Problem floats = Problem.of(LogitKind.NORMAL_3, 20, 1000);
    loss.compute(floats.batch(), Outputs.none().withLosses(losses));
    loss.compute(floats.batch(), Outputs.none().withLosses(rounded));
    for (int row = 0; row < 20; row++) {
      assertEquals((float) losses[row], rounded[row]);
    }
  }
}
