package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Matrix;
import java.util.Arrays;

/**
 * A strided matrix in an array whose every other cell holds a NaN of a certain pattern: reading one
 * shows in the result, writing one in {@link #assertGuardsUntouched}.
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

  /** A copy of a matrix among guards. */
  static GuardedMatrix copyOf(Matrix source, int offset, int gap) {
    GuardedMatrix copy = empty(source.rows(), source.classes(), offset, gap);
    for (int row = 0; row < source.rows(); row++) {
      System.arraycopy(
          source.data(),
          source.rowStart(row),
          copy.matrix.data(),
          copy.matrix.rowStart(row),
          source.classes());
    }
    return copy;
  }

  Matrix matrix() {
    return matrix;
  }

  /** Fails if a cell outside the matrix has changed. */
  void assertGuardsUntouched(String what) {
    float[] data = matrix.data();
    for (int i = 0; i < data.length; i++) {
      long beyond = i - matrix.offset();
      boolean inside =
          beyond >= 0
              && beyond / matrix.rowStride() < matrix.rows()
              && beyond % matrix.rowStride() < matrix.classes();
      if (!inside) {
        int cell = i;
        assertEquals(
            Float.floatToRawIntBits(GUARD),
            Float.floatToRawIntBits(data[i]),
            () -> what + " wrote outside, at index " + cell + " of " + matrix);
      }
    }
  }
}
