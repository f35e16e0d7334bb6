package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.ShardSummary;
import io.surprisal.ShardedCrossEntropy;
import io.surprisal.Totals;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Calls whose matrices lie differently: classes first, classes last, in other memory. The bits are
 * those of rows in arrays.
 */
public abstract class MixedLayoutsContract extends KernelContract {
  private static final int POSITIONS = 30;

  /** Narrow rows, rows of two blocks and rows wider than a tile. */
  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 2 * POSITIONS, 5),
          Problem.of(LogitKind.NORMAL_10, 3 * POSITIONS, 21),
          Problem.of(LogitKind.NORMAL_3, POSITIONS, 2100),
          Problem.of(LogitKind.NORMAL_3, POSITIONS, 16_390));

  private static Matrix classesFirst(Matrix rows) {
    return GuardedMatrix.copyClassesFirst(rows, 3, POSITIONS).matrix();
  }

  private static Matrix inMemory(Matrix rows) {
    return StorageKind.FLOATS_BIG_ENDIAN.new Stored(rows, 2, 1).matrix;
  }

  /** A teacher, targets, upstream rows, a direction; and results, which are written. */
  private void check(
      Execution execution,
      UnaryOperator<Matrix> logits,
      UnaryOperator<Matrix> beside,
      UnaryOperator<Matrix> out) {
    for (Problem problem : PROBLEMS) {
      Map<String, Operations.Operation> plain = Operations.of(execution(), problem);
      Operations.of(execution, problem, beside)
          .forEach(
              (name, operation) -> {
                Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
                float[] expectedResults = new float[problem.rows()];
                plain.get(name).run(problem.logits(), 0, expected, expectedResults);
                Matrix actual = out.apply(Matrix.zeros(problem.rows(), problem.classes()));
                float[] results = new float[problem.rows()];
                operation.run(logits.apply(problem.logits()), 0, actual, results);
                Bits.assertSame(expected, actual, name + " of " + problem);
                Bits.assertSame(expectedResults, results, "results of " + name + " of " + problem);
              });
    }
  }

  @Test
  void allMayHaveTheirClassesFirst() {
    check(
        execution(),
        MixedLayoutsContract::classesFirst,
        MixedLayoutsContract::classesFirst,
        MixedLayoutsContract::classesFirst);
  }

  @Test
  void whatIsBesideLogitsInRowsMayHaveItsClassesFirst() {
    check(
        execution(),
        UnaryOperator.identity(),
        MixedLayoutsContract::classesFirst,
        UnaryOperator.identity());
  }

  @Test
  void logitsInOtherMemoryGoWithClassesFirst() {
    check(
        execution(),
        MixedLayoutsContract::inMemory,
        MixedLayoutsContract::classesFirst,
        MixedLayoutsContract::classesFirst);
  }

  @Test
  void logitsWithClassesFirstGoWithOtherMemory() {
    check(
        execution(),
        MixedLayoutsContract::classesFirst,
        MixedLayoutsContract::inMemory,
        MixedLayoutsContract::inMemory);
  }

  @Test
  void threadsDoNotShowInTheBits() {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      check(
          Execution.on(pool).with(kernel()),
          MixedLayoutsContract::classesFirst,
          MixedLayoutsContract::classesFirst,
          MixedLayoutsContract::inMemory);
    }
  }

  /** What the gradient is divided by has to be known before it is written. */
  @Test
  void weightOfTargetsIsThatOfRows() {
    for (Problem problem : PROBLEMS) {
      Matrix targets = Matrix.zeros(problem.rows(), problem.classes());
      softmax().forward(problem.logits(), targets);
      float[] weights = new float[problem.classes()];
      for (int c = 0; c < weights.length; c++) {
        weights[c] = c % 3;
      }
      CrossEntropy loss = crossEntropy().divisor(Divisor.WEIGHTS).classWeights(weights).build();
      Totals expected = loss.newTotals();
      Matrix expectedGradient = Matrix.zeros(problem.rows(), problem.classes());
      Outputs outputs = Outputs.none().withTotals(expected).withGradient(expectedGradient);
      loss.compute(Batch.of(problem.logits(), targets), outputs);
      Totals actual = loss.newTotals();
      Matrix gradient = Matrix.zeros(problem.rows(), problem.classes());
      loss.compute(
          Batch.of(problem.logits(), classesFirst(targets)),
          Outputs.none().withTotals(actual).withGradient(gradient));
      assertArrayEquals(expected.toBytes(), actual.toBytes(), "totals of " + problem);
      Bits.assertSame(expectedGradient, gradient, "gradient of " + problem);
    }
  }

  /** The reverse divergence reads the teacher's surprisals, which wait for its labels' logits. */
  @Test
  void teacherWithClassesFirstTeachesAsOneInRows() {
    for (Problem problem : PROBLEMS) {
      Matrix teacher = DistillationContract.teacher(problem);
      Distillation loss = Distillation.builder().execution(execution()).reverse().build();
      Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
      loss.forwardAndGradient(problem.logits(), teacher, expected);
      Matrix actual = Matrix.zeros(problem.rows(), problem.classes());
      loss.forwardAndGradient(problem.logits(), classesFirst(teacher), actual);
      Bits.assertSame(expected, actual, "gradient of " + problem);
    }
  }

  /** A shard of one batch's classes is a part of its array. */
  @Test
  void shardsMayHaveTheirClassesFirst() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, POSITIONS, 21);
    Labels labels = problem.labels();
    CrossEntropy loss = crossEntropy().labelSmoothing(0.1).build();
    Matrix all = Matrix.classesFirst(new float[POSITIONS * 21], 1, 21, POSITIONS);
    for (int row = 0; row < POSITIONS; row++) {
      for (int c = 0; c < 21; c++) {
        all.data()[all.rowStart(row) + c * POSITIONS] = problem.logits().get(row, c);
      }
    }
    Batch low = Batch.of(Matrix.classesFirst(all.data(), 1, 9, POSITIONS), labels);
    Batch high = Batch.of(Matrix.classesFirst(all.data(), 9 * POSITIONS, 1, 12, POSITIONS), labels);
    runInPlace(loss, low, high);
    Matrix rows = problem.copyOfLogits();
    runInPlace(
        loss,
        Batch.of(Matrix.strided(rows.data(), 0, POSITIONS, 9, 21), labels),
        Batch.of(Matrix.strided(rows.data(), 9, POSITIONS, 12, 21), labels));
    Bits.assertSame(rows, all, "gradient of shards");
  }

  /** Gradients take the place of the logits of classes 0 to 8 and 9 to 20. */
  private static void runInPlace(CrossEntropy loss, Batch low, Batch high) {
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 21);
    ShardSummary merged =
        ShardSummary.ofAll(List.of(sharded.summarize(low, 0), sharded.summarize(high, 9)));
    sharded.compute(low, 0, merged, Outputs.none().withGradient(low.logits()));
    sharded.compute(high, 9, merged, Outputs.none().withGradient(high.logits()));
  }
}
