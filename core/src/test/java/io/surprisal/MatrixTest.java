package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixTest {
  private static final int MIN = Integer.MIN_VALUE;
  private static final int MAX = Integer.MAX_VALUE;

  private final float[] data = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  @Test
  void missingDataIsNamed() {
    Refusal.ofNull("data", () -> Matrix.of(null, 3));
    Refusal.ofNull("data", () -> Matrix.of((float[]) null, 2, 3));
    Refusal.ofNull("data", () -> Matrix.strided((float[]) null, 0, 2, 3, 3));
  }

  @Test
  void rowsLieAStrideApart() {
    Matrix matrix = Matrix.strided(data, 1, 3, 2, 4);
    assertEquals(1, matrix.get(0, 0));
    assertEquals(6, matrix.get(1, 1));
    assertEquals(10, matrix.get(2, 1));
    assertEquals(9, matrix.rowStart(2));
    assertSame(data, matrix.data());
    assertEquals("Matrix[3 × 2, rowStride 4]", matrix.toString());
  }

  @Test
  void denseMatrixFillsTheArray() {
    Matrix matrix = Matrix.of(data, 4);
    assertEquals(3, matrix.rows());
    assertEquals(4, matrix.classes());
    assertEquals(4, matrix.rowStride());
    assertEquals(0, matrix.offset());
  }

  @Test
  void arrayMayBeLongerThanNeeded() {
    assertEquals(7, Matrix.of(data, 2, 4).get(1, 3));
    assertEquals(11, Matrix.strided(data, 3, 3, 3, 3).get(2, 2));
  }

  @Test
  void lastRowNeedsNoGapBehindIt() {
    assertEquals(11, Matrix.strided(data, 0, 2, 2, 10).get(1, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, MIN})
  void negativeSizesAreNamed(int size) {
    String negative = " = " + size;
    Refusal.ofArgument(() -> Matrix.of(data, size, 3), "rows" + negative);
    Refusal.ofArgument(() -> Matrix.of(data, 2, size), "classes" + negative);
    Refusal.ofArgument(() -> Matrix.of(data, size), "classes" + negative);
    Refusal.ofArgument(() -> Matrix.zeros(size, 3), "rows" + negative);
    Refusal.ofArgument(() -> Matrix.zeros(3, size), "classes" + negative);
    Refusal.ofArgument(() -> Matrix.strided(data, size, 2, 3, 3), "offset" + negative);
    Refusal.ofArgument(() -> Matrix.strided(data, 0, 2, 3, size), "rowStride" + negative);
  }

  @Test
  void matrixWithoutClassesIsRefused() {
    Refusal.ofArgument(() -> Matrix.of(data, 0), "classes = 0 is less than 1");
    Refusal.ofArgument(() -> Matrix.of(data, 2, 0), "classes = 0 is less than 1");
    Refusal.ofArgument(() -> Matrix.zeros(0, 0), "classes = 0 is less than 1");
    Refusal.ofArgument(() -> Matrix.strided(data, 0, 2, 0, 3), "classes = 0 is less than 1");
  }

  @Test
  void strideBelowTheClassesIsRefused() {
    Refusal.ofArgument(
        () -> Matrix.strided(data, 0, 2, 3, 2), "rowStride = 2 is less than classes = 3");
  }

  @Test
  void lengthThatIsNoMultipleOfTheClassesIsRefused() {
    Refusal.ofArgument(
        () -> Matrix.of(data, 5), "data.length = 12 is not a multiple of classes = 5");
    Refusal.ofArgument(() -> Matrix.of(data, MAX), "data.length = 12", "classes = " + MAX);
  }

  @Test
  void arrayThatIsTooShortIsRefusedWithWhatIsNeeded() {
    Refusal.ofArgument(() -> Matrix.of(data, 3, 5), "data.length = 12", "need 15");
    Refusal.ofArgument(
        () -> Matrix.strided(data, 1, 2, 2, 10),
        "data.length = 12 is too short: offset 1 and 2 rows of 2 classes with rowStride 10",
        "need 13");
    Refusal.ofArgument(() -> Matrix.strided(data, 13, 0, 3, 3), "data.length = 12", "need 13");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 65536, 65536, 65536", // rows · rowStride = 2^32: 0 in int arithmetic
    "0, 65537, 1, 65536",
    "0, 3, 1, 2147483647",
    "2147483647, 1, 1, 1",
    "2147483647, 2147483647, 2147483647, 2147483647",
    "0, 2147483647, 2, 2",
    "1, 1, 2147483647, 2147483647"
  })
  void sizesThatOverflowAnIntAreRefused(int offset, int rows, int classes, int stride) {
    long needed = offset + (rows - 1L) * stride + classes;
    Refusal.ofArgument(
        () -> Matrix.strided(data, offset, rows, classes, stride),
        "data.length = 12 is too short",
        "need " + needed);
  }

  @Test
  void zerosBeyondAnArrayAreRefused() {
    Refusal.ofArgument(() -> Matrix.zeros(65536, 65536), "rows × classes = 4294967296");
    Refusal.ofArgument(() -> Matrix.zeros(MAX, MAX), "rows × classes = 4611686014132420609");
  }

  @Test
  void matrixMayHaveNoRows() {
    assertEquals(0, Matrix.of(new float[0], 3).rows());
    assertEquals(0, Matrix.zeros(0, MAX).rows());
    assertEquals(0, Matrix.strided(data, 12, 0, 3, MAX).rows());
    assertEquals(0, Matrix.of(data, 3).slice(4, 4).rows());
  }

  @Test
  void singleRowMayHaveAnyStride() {
    assertEquals(11, Matrix.strided(data, 9, 1, 3, MAX).get(0, 2));
  }

  @Test
  void sliceIsAViewOfItsRows() {
    Matrix slice = Matrix.strided(data, 1, 3, 2, 4).slice(1, 3);
    assertEquals(2, slice.rows());
    assertEquals(5, slice.get(0, 0));
    assertEquals(10, slice.get(1, 1));
    assertSame(data, slice.data());
  }

  @Test
  void indexOutOfRangeIsNamedWithItsRange() {
    Matrix matrix = Matrix.of(data, 3);
    Refusal.ofIndex(() -> matrix.get(4, 0), "row", "4", "[0, 4)");
    Refusal.ofIndex(() -> matrix.get(-1, 0), "row", "-1", "[0, 4)");
    Refusal.ofIndex(() -> matrix.get(0, 3), "column", "3", "[0, 3)");
    Refusal.ofIndex(() -> matrix.get(0, MIN), "column", "" + MIN, "[0, 3)");
    Refusal.ofIndex(() -> matrix.rowStart(4), "row", "4", "[0, 4)");
    Refusal.ofIndex(() -> matrix.rowStart(MAX), "row", "" + MAX, "[0, 4)");
  }

  @Test
  void sliceOutOfRangeIsRefused() {
    Matrix matrix = Matrix.of(data, 3);
    Refusal.ofIndex(() -> matrix.slice(-1, 2), "-1", "2", "4");
    Refusal.ofIndex(() -> matrix.slice(3, 2), "3", "2", "4");
    Refusal.ofIndex(() -> matrix.slice(0, 5), "0", "5", "4");
    Refusal.ofIndex(() -> matrix.slice(MIN, MAX), "" + MIN, "" + MAX, "4");
  }
}
