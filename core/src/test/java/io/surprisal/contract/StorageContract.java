package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.ElementType;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import io.surprisal.Totals;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Where numbers are stored does not show in the bits: results are those of the same floats in an
 * array, and what is written into another type is rounded once.
 */
public abstract class StorageContract extends KernelContract {
  private static final int[] SIZES = {1, 2, 3, 17, 100, 257, 2049, 16_387};

  private static Problem problem(int classes) {
    return Problem.of(LogitKind.NORMAL_3, classes > 1000 ? 2 : 9, classes);
  }

  private interface Check {
    void run(String what, Operations.Operation operation, Problem problem);
  }

  private void forEachOperation(StorageKind kind, Check check) {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      Operations.of(execution(), problem)
          .forEach((name, body) -> check.run(kind + ", " + name + " of " + problem, body, problem));
    }
  }

  /** Results of the same floats in an array. */
  private record Plain(Matrix out, float[] results) {
    static Plain of(Operations.Operation operation, Matrix logits) {
      Plain plain =
          new Plain(Matrix.zeros(logits.rows(), logits.classes()), new float[logits.rows()]);
      operation.run(logits, 0, plain.out, plain.results);
      return plain;
    }

    void assertSame(Matrix out, float[] results, String what) {
      Bits.assertSame(this.out, out, what);
      Bits.assertSame(this.results, results, what);
    }

    /** As {@link #assertSame}, the matrix being stored. */
    void assertStored(StorageKind kind, Matrix stored, float[] actual, String what) {
      Matrix expected = Matrix.of(out.data().clone(), out.classes());
      for (int i = 0; i < expected.data().length; i++) {
        expected.data()[i] = kind.stored(expected.data()[i]);
      }
      Bits.assertSame(expected, stored, what);
      Bits.assertSame(results, actual, what);
    }
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void logitsGiveTheBitsOfTheSameFloatsInAnArray(StorageKind kind) {
    forEachOperation(
        kind,
        (what, operation, problem) -> {
          StorageKind.Stored dense = kind.new Stored(problem.logits(), 0, 0);
          StorageKind.Stored apart = kind.new Stored(problem.logits(), 3, 5);
          Plain plain = Plain.of(operation, dense.floats());
          for (StorageKind.Stored logits : new StorageKind.Stored[] {dense, apart}) {
            Matrix out = Matrix.zeros(problem.rows(), problem.classes());
            float[] results = new float[problem.rows()];
            operation.run(logits.matrix, 0, out, results);
            plain.assertSame(out, results, what);
            assertTrue(logits.areGuardsUntouched(), what);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void outputIsRoundedOnceAndNothingElseIsTouched(StorageKind kind) {
    forEachOperation(
        kind,
        (what, operation, problem) -> {
          Plain plain = Plain.of(operation, problem.logits());
          for (int gap : new int[] {0, 5}) {
            StorageKind.Stored out =
                kind.new Stored(Matrix.zeros(problem.rows(), problem.classes()), 2 * gap, gap);
            float[] results = new float[problem.rows()];
            operation.run(problem.logits(), 0, out.matrix, results);
            plain.assertStored(kind, out.matrix, results, what);
            assertTrue(out.areGuardsUntouched(), what);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void outputMayTakeThePlaceOfTheLogits(StorageKind kind) {
    forEachOperation(
        kind,
        (what, operation, problem) -> {
          StorageKind.Stored logits = kind.new Stored(problem.logits(), 1, 3);
          Plain plain = Plain.of(operation, logits.floats());
          float[] results = new float[problem.rows()];
          operation.run(logits.matrix, 0, logits.matrix, results);
          plain.assertStored(kind, logits.matrix, results, what + " in place");
          assertTrue(logits.areGuardsUntouched(), what);
        });
  }

  /** A kernel converts numbers of 16 bits itself: all of them, alone and among others. */
  @ParameterizedTest
  @EnumSource(HalfFormat.class)
  void everyNumberOfSixteenBitsIsReadAsItsFloat(HalfFormat format) {
    int count = 1 << Short.SIZE;
    short[] halves = new short[count];
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      halves[i] = (short) i;
      floats[i] = format.value(halves[i]);
    }
    ElementType type = ElementType.valueOf(format.name());
    for (int classes : new int[] {1, 4, 1024}) {
      int rows = count / classes;
      Matrix stored = Matrix.of(halves, type, rows, classes);
      Matrix plain = Matrix.of(floats, rows, classes);
      Matrix expected = Matrix.zeros(rows, classes);
      Matrix actual = Matrix.zeros(rows, classes);
      logSoftmax().forward(plain, expected);
      logSoftmax().forward(stored, actual);
      Bits.assertSame(expected, actual, format + " in rows of " + classes);
      float[] expectedSums = new float[rows];
      float[] sums = new float[rows];
      logSumExp().forward(plain, expectedSums);
      logSumExp().forward(stored, sums);
      Bits.assertSame(expectedSums, sums, format + " in rows of " + classes);
    }
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void targetsAndUpstreamRowsMayBeStoredToo(StorageKind kind) {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      Matrix numbers = Problem.of(LogitKind.NORMAL, problem.rows(), classes).logits();
      StorageKind.Stored stored = kind.new Stored(numbers, 1, 2);
      Matrix floats = stored.floats();
      CrossEntropy loss = crossEntropy().labelSmoothing(0.1).divisor(Divisor.WEIGHTS).build();
      Matrix expected = Matrix.zeros(problem.rows(), classes);
      Matrix actual = Matrix.zeros(problem.rows(), classes);
      Totals totals = loss.forwardAndGradient(problem.logits(), floats, expected);
      assertEquals(
          totals.mean(), loss.forwardAndGradient(problem.logits(), stored.matrix, actual).mean());
      Bits.assertSame(expected, actual, kind + " targets of " + problem);
      softmax().backward(problem.logits(), floats, expected);
      softmax().backward(problem.logits(), stored.matrix, actual);
      Bits.assertSame(expected, actual, kind + " upstream of " + problem);
    }
  }

  /** Into floats the sum is rounded once by the addition, into fewer bits once more than that. */
  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void gradientIsAddedToWhatIsStored(StorageKind kind) {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
      Matrix gradient = Matrix.zeros(problem.rows(), classes);
      loss.forwardAndGradient(problem.logits(), problem.labels(), gradient);
      Matrix before = Problem.of(LogitKind.NORMAL, problem.rows(), classes).logits();
      StorageKind.Stored sum = kind.new Stored(before, 3, 1);
      Matrix old = sum.floats();
      Outputs outputs = Outputs.none().withGradient(Gradient.addedTo(sum.matrix));
      loss.compute(problem.batch(), outputs);
      for (int i = 0; i < old.data().length; i++) {
        // Exact, or so near that no number of 16 bits lies between.
        double exact = (double) old.data()[i] + gradient.data()[i];
        old.data()[i] = kind.stored(exact);
      }
      Bits.assertSame(old, sum.matrix, kind + " added, of " + problem);
      assertTrue(sum.areGuardsUntouched(), kind + " of " + problem);
    }
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void threadsDoNotShowInTheBits(StorageKind kind) {
    int[][] shapes = {{9000, 3}, {300, 1003}, {3, 70_001}};
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      for (int[] shape : shapes) {
        Problem problem = Problem.of(LogitKind.NORMAL_10, shape[0], shape[1]);
        StorageKind.Stored logits = kind.new Stored(problem.logits(), 2, 1);
        Execution on = Execution.on(pool).with(kernel());
        Matrix expected = Matrix.zeros(shape[0], shape[1]);
        softmax().forward(logits.floats(), expected);
        Matrix actual = Matrix.zeros(shape[0], shape[1]);
        Softmax.on(on).forward(logits.matrix, actual);
        Bits.assertSame(expected, actual, kind + " of " + problem);
        Softmax.on(on).forward(logits.matrix, logits.matrix);
        for (int i = 0; i < expected.data().length; i++) {
          expected.data()[i] = kind.stored(expected.data()[i]);
        }
        Bits.assertSame(expected, logits.matrix, kind + " in place of " + problem);
      }
    }
  }

  /** A file of 13 GB of which three rows exist. */
  @Test
  void rowsMayLieBeyondTwoToTheThirtyOne(@TempDir Path folder) throws IOException {
    long stride = (1L << 31) + 5;
    Problem problem = Problem.of(LogitKind.NORMAL_3, 3, 1003);
    Path file = folder.resolve("sparse");
    try (Arena arena = Arena.ofShared();
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      long bytes = Short.BYTES * (2 * stride + problem.classes() + 7);
      MemorySegment segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      Matrix far =
          Matrix.of(segment, ElementType.BFLOAT16, 3, problem.classes())
              .withOffset(7)
              .withRowStride(stride);
      Matrix near =
          Matrix.of(new short[3 * problem.classes()], ElementType.BFLOAT16, 3, problem.classes());
      softmax().forward(problem.logits(), far);
      softmax().forward(problem.logits(), near);
      Bits.assertSame(near, far, "written beyond 2^31");
      Matrix expected = Matrix.zeros(3, problem.classes());
      Matrix actual = Matrix.zeros(3, problem.classes());
      logSoftmax().forward(near, expected);
      logSoftmax().forward(far, actual);
      Bits.assertSame(expected, actual, "read beyond 2^31");
      assertTrue(near.get(2, 5) > 0);
    }
  }
}
