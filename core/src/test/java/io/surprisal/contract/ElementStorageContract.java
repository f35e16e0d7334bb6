package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.ElementBatch;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Gradient;
import io.surprisal.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the numbers of a batch are stored does not show in the bits of element losses either. */
public abstract class ElementStorageContract extends KernelContract {
  private static final int[][] SHAPES = {{1, 1}, {5000, 1}, {700, 3}, {3, 2049}, {2, 17_000}};

  private BinaryCrossEntropy.Builder binary() {
    return BinaryCrossEntropy.builder().execution(execution()).divisor(Divisor.ONE);
  }

  private static Matrix targets(int rows, int classes) {
    Matrix targets = Matrix.zeros(rows, classes);
    for (int i = 0; i < targets.data().length; i++) {
      targets.data()[i] = i % 4 / 2f - (i % 7 == 6 ? 8 : 0);
    }
    return targets;
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void everyMatrixMayBeStored(StorageKind kind) {
    for (int[] shape : SHAPES) {
      for (int gap : new int[] {0, 3}) {
        assertSameAsInArrays(kind, shape[0], shape[1], gap);
      }
    }
  }

  private void assertSameAsInArrays(StorageKind kind, int rows, int classes, int gap) {
    String what = kind + " of " + rows + " × " + classes;
    BinaryCrossEntropy loss = binary().ignoredTarget(-7.5f).build();
    StorageKind.Stored inputs =
        kind.new Stored(Problem.of(LogitKind.NORMAL_3, rows, classes).logits(), gap, gap);
    Matrix binary = targets(rows, classes);
    for (int i = 0; i < binary.data().length; i++) {
      binary.data()[i] = binary.data()[i] < 0 ? -7.5f : Math.min(binary.data()[i], 1);
    }
    StorageKind.Stored targets = kind.new Stored(binary, 0, gap);
    Matrix weighed = Problem.of(LogitKind.NORMAL, rows, classes).logits();
    StorageKind.Stored factors = kind.new Stored(weighed, 2, gap);
    Matrix losses = Matrix.zeros(rows, classes);
    Matrix gradient = Matrix.zeros(rows, classes);
    ElementTotals totals = loss.newTotals();
    loss.compute(
        ElementBatch.of(inputs.floats(), targets.floats()).withWeights(absolute(factors.floats())),
        ElementOutputs.none()
            .withLosses(losses)
            .withTotals(totals)
            .withGradient(Gradient.into(gradient).withUpstream(factors.floats())));
    StorageKind.Stored weights = kind.new Stored(absolute(factors.floats()), 1, gap);
    StorageKind.Stored storedLosses = kind.new Stored(Matrix.zeros(rows, classes), gap, gap);
    ElementTotals storedTotals = loss.newTotals();
    loss.compute(
        ElementBatch.of(inputs.matrix, targets.matrix).withWeights(weights.matrix),
        ElementOutputs.none()
            .withLosses(storedLosses.matrix)
            .withTotals(storedTotals)
            .withGradient(Gradient.into(inputs.matrix).withUpstream(factors.matrix)));
    assertEquals(totals.sum(), storedTotals.sum(), what);
    assertEquals(totals.mean(), storedTotals.mean(), what);
    assertStored(kind, losses, storedLosses, what + " losses");
    assertStored(kind, gradient, inputs, what + " gradient in place");
  }

  private static Matrix absolute(Matrix matrix) {
    Matrix absolute = Matrix.zeros(matrix.rows(), matrix.classes());
    for (int i = 0; i < absolute.data().length; i++) {
      absolute.data()[i] = Math.abs(matrix.data()[i]);
    }
    return absolute;
  }

  private static void assertStored(
      StorageKind kind, Matrix expected, StorageKind.Stored stored, String what) {
    for (int i = 0; i < expected.data().length; i++) {
      expected.data()[i] = kind.stored(expected.data()[i]);
    }
    Bits.assertSame(expected, stored.matrix, what);
    assertTrue(stored.areGuardsUntouched(), what);
  }

  @ParameterizedTest
  @EnumSource(StorageKind.class)
  void plainGradientIsWrittenAndAdded(StorageKind kind) {
    BinaryCrossEntropy loss = binary().build();
    for (int[] shape : SHAPES) {
      Matrix inputs = Problem.of(LogitKind.NORMAL_3, shape[0], shape[1]).logits();
      ElementBatch batch = ElementBatch.of(inputs, Matrix.zeros(shape[0], shape[1]));
      Matrix gradient = Matrix.zeros(shape[0], shape[1]);
      loss.compute(batch, ElementOutputs.none().withGradient(gradient));
      StorageKind.Stored stored = kind.new Stored(inputs, 1, 2);
      Matrix sum = stored.floats();
      loss.compute(batch, ElementOutputs.none().withGradient(Gradient.addedTo(stored.matrix)));
      for (int i = 0; i < sum.data().length; i++) {
        sum.data()[i] = kind.stored((double) sum.data()[i] + gradient.data()[i]);
      }
      assertStored(kind, sum, stored, kind + " added");
      loss.compute(batch, ElementOutputs.none().withGradient(stored.matrix));
      assertStored(kind, gradient, stored, kind + " written");
    }
  }
}
