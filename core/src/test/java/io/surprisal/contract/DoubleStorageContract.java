package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where doubles are stored does not show in the bits: results are those of a {@code double[]}. */
public abstract class DoubleStorageContract extends KernelContract {
  private static final int[] SIZES = {1, 2, 3, 17, 100, 129, 1025, 16_387};

  /** An operation that reads one matrix and writes another, and a number a row where it has one. */
  private interface Operation {
    void run(Matrix logits, Matrix out, double[] results);
  }

  private interface Check {
    void run(String what, Operation operation, DoubleProblem problem);
  }

  private Map<String, Operation> operations(DoubleProblem problem) {
    Map<String, Operation> operations = new LinkedHashMap<>();
    int[] some = new int[problem.rows()];
    float[] upstream = new float[problem.rows()];
    for (int row = 0; row < some.length; row++) {
      some[row] = row == 1 ? -100 : problem.label(row);
      upstream[row] = 0.5f + row;
    }
    Labels labels = Labels.of(some);
    CrossEntropy plain = crossEntropy().build();
    CrossEntropy smooth = crossEntropy().labelSmoothing(0.1).zLoss(1e-3).build();
    NegativeLogLikelihood likelihood = NegativeLogLikelihood.standard();
    operations.put(
        "cross-entropy",
        (logits, out, results) -> plain.compute(Batch.of(logits, labels), outputs(out, results)));
    operations.put(
        "smoothed cross-entropy",
        (logits, out, results) ->
            smooth.compute(Batch.of(logits, problem.labels()), outputs(out, results)));
    operations.put(
        "negative log-likelihood",
        (logits, out, results) ->
            likelihood.compute(Batch.of(logits, labels), outputs(out, results)));
    operations.put("softmax", (logits, out, results) -> softmax().forward(logits, out));
    operations.put("log-softmax", (logits, out, results) -> logSoftmax().forward(logits, out));
    operations.put(
        "log-sum-exp",
        (logits, out, results) -> {
          logSumExp().forward(logits, results);
          logSumExp().backward(logits, upstream, out);
        });
    return operations;
  }

  private static Outputs outputs(Matrix out, double[] results) {
    return Outputs.none().withLosses(results).withGradient(out);
  }

  private void forEachOperation(Check check) {
    for (int classes : SIZES) {
      DoubleProblem problem = problem(classes);
      operations(problem)
          .forEach((name, body) -> check.run(name + " of " + problem, body, problem));
    }
  }

  private static DoubleProblem problem(int classes) {
    return DoubleProblem.of(LogitKind.NORMAL_3, classes > 1000 ? 2 : 19, classes);
  }

  private static Matrix zeros(Matrix logits) {
    return Matrix.of(new double[logits.rows() * logits.classes()], logits.rows(), logits.classes());
  }

  private static void assertSame(Matrix expected, Matrix actual, String what) {
    for (int row = 0; row < expected.rows(); row++) {
      for (int column = 0; column < expected.classes(); column++) {
        assertEquals(
            Double.doubleToRawLongBits(expected.getDouble(row, column)),
            Double.doubleToRawLongBits(actual.getDouble(row, column)),
            what);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DoubleStorageKind.class)
  void doublesGiveTheBitsOfTheSameDoublesInAnArray(DoubleStorageKind kind) {
    forEachOperation(
        (what, operation, problem) -> {
          Matrix expected = zeros(problem.logits());
          double[] expectedResults = new double[problem.rows()];
          operation.run(problem.logits(), expected, expectedResults);
          for (int gap : new int[] {0, 5}) {
            DoubleStorageKind.Stored logits = kind.new Stored(problem.logits(), 2 * gap, gap);
            DoubleStorageKind.Stored out = kind.new Stored(problem.logits(), gap, gap);
            Matrix array = zeros(problem.logits());
            for (Matrix written : new Matrix[] {array, out.matrix, logits.matrix}) {
              double[] results = new double[problem.rows()];
              operation.run(logits.matrix, written, results);
              assertTrue(Arrays.equals(expectedResults, results), kind + ", " + what);
              assertSame(expected, written, kind + ", " + what);
            }
            assertTrue(logits.areGuardsUntouched() && out.areGuardsUntouched(), what);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(DoubleStorageKind.class)
  void doublesOfAnArrayMayBeWrittenElsewhere(DoubleStorageKind kind) {
    forEachOperation(
        (what, operation, problem) -> {
          Matrix expected = zeros(problem.logits());
          double[] results = new double[problem.rows()];
          operation.run(problem.logits(), expected, results);
          DoubleStorageKind.Stored out = kind.new Stored(problem.logits(), 1, 2);
          operation.run(problem.logits(), out.matrix, results);
          assertSame(expected, out.matrix, kind + ", " + what);
          assertTrue(out.areGuardsUntouched(), what);
        });
  }

  @ParameterizedTest
  @EnumSource(DoubleStorageKind.class)
  void gradientIsAddedToWhatIsStored(DoubleStorageKind kind) {
    for (int classes : SIZES) {
      DoubleProblem problem = problem(classes);
      Matrix sum = Matrix.of(problem.copyOfLogits(), problem.rows(), classes);
      DoubleStorageKind.Stored stored = kind.new Stored(sum, 3, 1);
      Batch batch = problem.batch();
      crossEntropy().build().compute(batch, Outputs.none().withGradient(Gradient.addedTo(sum)));
      Outputs outputs = Outputs.none().withGradient(Gradient.addedTo(stored.matrix));
      crossEntropy().build().compute(batch, outputs);
      assertSame(sum, stored.matrix, kind + " added, of " + problem);
      Batch likelihoods = Batch.of(problem.logits(), problem.labels());
      Outputs plain = Outputs.none().withGradient(Gradient.addedTo(sum));
      NegativeLogLikelihood.standard().compute(likelihoods, plain);
      NegativeLogLikelihood.standard().compute(likelihoods, outputs);
      assertSame(sum, stored.matrix, kind + " likelihood added, of " + problem);
      assertTrue(stored.areGuardsUntouched(), kind + " of " + problem);
    }
  }

  @ParameterizedTest
  @EnumSource(DoubleStorageKind.class)
  void threadsDoNotShowInTheBits(DoubleStorageKind kind) {
    int[][] shapes = {{9000, 3}, {150, 1003}, {3, 70_001}};
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Softmax parallel = Softmax.on(Execution.on(pool).with(kernel()));
      for (int[] shape : shapes) {
        DoubleProblem problem = DoubleProblem.of(LogitKind.NORMAL_10, shape[0], shape[1]);
        DoubleStorageKind.Stored logits = kind.new Stored(problem.logits(), 2, 1);
        Matrix expected = zeros(problem.logits());
        softmax().forward(problem.logits(), expected);
        Matrix actual = zeros(problem.logits());
        parallel.forward(logits.matrix, actual);
        assertSame(expected, actual, kind + " of " + problem);
        parallel.forward(logits.matrix, logits.matrix);
        assertSame(expected, logits.matrix, kind + " in place of " + problem);
      }
    }
  }
}
