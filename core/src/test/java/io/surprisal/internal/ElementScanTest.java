package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.ElementBatch;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementType;
import io.surprisal.Execution;
import io.surprisal.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** A number out of range is found wherever it lies, by one thread or several. */
class ElementScanTest {
  private static final int[][] SHAPES = {{1, 40_000}, {40_000, 1}, {70, 1000}, {1200, 1000}};

  private static void assertRefused(Matrix targets, int row, int column, Execution execution) {
    Matrix logits = Matrix.zeros(targets.rows(), targets.classes());
    BinaryCrossEntropy loss = BinaryCrossEntropy.builder().execution(execution).build();
    ElementBatch batch = ElementBatch.of(logits, targets);
    ElementOutputs outputs = ElementOutputs.none().withTotals(loss.newTotals());
    String message =
        assertThrows(IllegalArgumentException.class, () -> loss.compute(batch, outputs))
            .getMessage();
    assertEquals("targets[" + row + ", " + column + "] = 1.5 is outside [0, 1]", message);
  }

  /** Elements at both ends of pieces and rows, counted over the rows. */
  private static int[] places(int elements) {
    return new int[] {0, 16_383, 16_384, elements / 2, elements - 1};
  }

  @Test
  void numbersInAnArrayAreFound() {
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      for (int[] shape : SHAPES) {
        int stride = shape[1] + 3;
        float[] gaps = new float[shape[0] * stride];
        Matrix dense = Matrix.zeros(shape[0], shape[1]);
        Matrix strided = Matrix.strided(gaps, 2, shape[0], shape[1], stride);
        for (int place : places(shape[0] * shape[1])) {
          int row = place / shape[1];
          int column = place % shape[1];
          dense.data()[place] = 1.5f;
          assertRefused(dense, row, column, Execution.sequential());
          assertRefused(dense, row, column, Execution.on(pool));
          dense.data()[place] = 1;
          gaps[2 + row * stride + column] = 1.5f;
          gaps[0] = Float.NaN;
          assertRefused(strided, row, column, Execution.on(pool));
          gaps[2 + row * stride + column] = 0;
        }
      }
    }
  }

  @Test
  void numbersInMemoryAreFound() {
    try (Arena arena = Arena.ofConfined();
        ForkJoinPool pool = new ForkJoinPool(2)) {
      for (int[] shape : SHAPES) {
        int elements = shape[0] * shape[1];
        MemorySegment segment = arena.allocate(2L * elements);
        Matrix targets = Matrix.of(segment, ElementType.BFLOAT16, shape[0], shape[1]);
        for (int place : places(elements)) {
          short bits = (short) (Float.floatToRawIntBits(1.5f) >>> 16);
          segment.setAtIndex(ValueLayout.JAVA_SHORT, place, bits);
          assertRefused(targets, place / shape[1], place % shape[1], Execution.on(pool));
          segment.setAtIndex(ValueLayout.JAVA_SHORT, place, (short) 0);
        }
      }
    }
  }

  @Test
  void whatIsNotOfTheMatrixMayBeAnything() {
    float[] gaps = {Float.NaN, 0, 1, Float.NaN, 0.5f, 1, Float.NaN};
    Matrix targets = Matrix.strided(gaps, 1, 2, 2, 3);
    assertEquals(
        4, BinaryCrossEntropy.standard().forward(Matrix.zeros(2, 2), targets).countedElements());
  }
}
