package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Matrix;
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
}
