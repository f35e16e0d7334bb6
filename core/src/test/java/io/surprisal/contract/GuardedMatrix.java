package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Matrix;
import java.util.Arrays;

/**
 * A matrix in an array whose every other cell holds a NaN of a certain pattern: reading one shows
 * in the result, writing one in {@link #assertGuardsUntouched}.
 */
final class GuardedMatrix {
  private static final float GUARD = Float.intBitsToFloat(0x7FC0_DEAD);
  private static final int CELLS_BEHIND = 70;

  private final Matrix matrix;

  private GuardedMatrix(Matrix matrix) {
    this.matrix = matrix;
  }

  /** Guards alone: for outputs. */
  static GuardedMatrix empty(int rows, int classes, int offset, int gap) {
    int stride = classes + gap;
    float[] data = new float[offset + rows * stride + CELLS_BEHIND];
    Arrays.fill(data, GUARD);
    return new GuardedMatrix(Matrix.strided(data, offset, rows, classes, stride));
  }

  /** Guards alone, for batches of so many positions whose classes come first. */
  static GuardedMatrix emptyClassesFirst(int rows, int classes, int offset, int positions) {
    float[] data = new float[offset + rows * classes + CELLS_BEHIND];
    Arrays.fill(data, GUARD);
    return new GuardedMatrix(
        Matrix.classesFirst(data, offset, rows / positions, classes, positions));
  }

  /** A copy of a matrix among guards. */
  static GuardedMatrix copyOf(Matrix source, int offset, int gap) {
    return empty(source.rows(), source.classes(), offset, gap).filledFrom(source);
  }

  /** A copy of a matrix whose rows are the positions of batches, with classes first. */
  static GuardedMatrix copyClassesFirst(Matrix source, int offset, int positions) {
    return emptyClassesFirst(source.rows(), source.classes(), offset, positions).filledFrom(source);
  }

  private GuardedMatrix filledFrom(Matrix source) {
    for (int row = 0; row < source.rows(); row++) {
      for (int c = 0; c < source.classes(); c++) {
        matrix.data()[matrix.rowStart(row) + c * matrix.classStride()] = source.get(row, c);
      }
    }
    return this;
  }

  Matrix matrix() {
    return matrix;
  }

  /** Fails if a cell outside the matrix has changed. */
  void assertGuardsUntouched(String what) {
    float[] data = matrix.data();
    boolean[] inside = new boolean[data.length];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int c = 0; c < matrix.classes(); c++) {
        inside[matrix.rowStart(row) + c * matrix.classStride()] = true;
      }
    }
    for (int i = 0; i < data.length; i++) {
      if (!inside[i]) {
        int cell = i;
        assertEquals(
            Float.floatToRawIntBits(GUARD),
            Float.floatToRawIntBits(data[i]),
            () -> what + " wrote outside, at index " + cell + " of " + matrix);
      }
    }
  }
}
