package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.spi.Transposition;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Matrices turned round: every element moves, whatever its bits, and nothing else is written. */
class VectorTranspositionTest {
  private static final int MOST = 35;
  private static final int GUARD = 0x7FC0_BEEF;

  private final VectorSoftmaxKernel kernel = new VectorSoftmaxKernel();
  private final Transposition matrix = new Transposition();

  @Test
  void everySizeIsTurnedRound() {
    for (matrix.rows = 1; matrix.rows <= MOST; matrix.rows++) {
      for (matrix.columns = 1; matrix.columns <= MOST; matrix.columns++) {
        assertTurnsRound(3, 0, 5, 0);
        assertTurnsRound(0, 2, 1, 7);
      }
    }
  }

  private void assertTurnsRound(int fromStart, int fromGap, int toStart, int toGap) {
    matrix.fromStart = fromStart;
    matrix.fromStride = matrix.rows + fromGap;
    matrix.toStart = toStart;
    matrix.toStride = matrix.columns + toGap;
    // Not a cell more than is needed: reading beyond would be an exception.
    matrix.from = new float[fromStart + (matrix.columns - 1) * matrix.fromStride + matrix.rows];
    matrix.to = new float[toStart + matrix.rows * matrix.toStride + 20];
    for (int i = 0; i < matrix.from.length; i++) {
      matrix.from[i] = Float.intBitsToFloat(0x7F80_0000 + i);
    }
    float[] expected = new float[matrix.to.length];
    Arrays.fill(expected, Float.intBitsToFloat(GUARD));
    Arrays.fill(matrix.to, Float.intBitsToFloat(GUARD));
    for (int i = 0; i < matrix.rows; i++) {
      for (int j = 0; j < matrix.columns; j++) {
        expected[toStart + i * matrix.toStride + j] =
            matrix.from[fromStart + j * matrix.fromStride + i];
      }
    }
    kernel.transpose(matrix);
    for (int i = 0; i < expected.length; i++) {
      int cell = i;
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(matrix.to[i]),
          () -> matrix.rows + " × " + matrix.columns + ", cell " + cell);
    }
  }
}
