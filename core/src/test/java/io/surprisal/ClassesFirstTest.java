package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.diagnosis.LogitScan;
import io.surprisal.diagnosis.LossCheck;
import io.surprisal.diagnosis.LossReport;
import io.surprisal.diagnosis.ReferenceLoss;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrices whose classes come first: where their values lie, and who refuses them. */
class ClassesFirstTest {
  private static final int MAX = Integer.MAX_VALUE;

  /** Two batches of three classes at four positions, from index 1. */
  private final float[] data = new float[30];

  private final Matrix matrix = Matrix.classesFirst(data, 1, 2, 3, 4);
  private final Labels labels = Labels.of(0, 1, 2, 0, 1, 2, 0, 1);

  ClassesFirstTest() {
    for (int i = 0; i < data.length; i++) {
      data[i] = i;
    }
  }

  @Test
  void rowsAreThePositionsOfTheBatchesInTurn() {
    assertEquals(8, matrix.rows());
    assertEquals(3, matrix.classes());
    assertEquals(1, matrix.rowStride());
    assertEquals(4, matrix.classStride());
    assertEquals(1, matrix.offset());
    assertEquals(1, matrix.get(0, 0));
    assertEquals(1 + 2 * 4 + 3, matrix.get(3, 2));
    assertEquals(1 + 12, matrix.rowStart(4));
    assertEquals(1 + 12 + 4 + 3, matrix.get(7, 1));
    assertEquals("Matrix[8 × 3, classStride 4]", matrix.toString());
  }

  @Test
  void sliceMayBeginAndEndWithinABatch() {
    Matrix slice = matrix.slice(2, 7).slice(1, 4);
    assertEquals(3, slice.rows());
    for (int row = 0; row < 3; row++) {
      for (int c = 0; c < 3; c++) {
        assertEquals(matrix.get(row + 3, c), slice.get(row, c));
      }
    }
    assertEquals(matrix.rowStart(3), slice.offset());
    assertEquals(matrix.get(6, 2), matrix.slice(5, 8).get(1, 2));
    assertEquals(0, matrix.slice(8, 8).rows());
  }

  @Test
  void onePositionOrOneClassIsAMatrixOfRows() {
    assertEquals(1, Matrix.classesFirst(data, 2, 3, 1).classStride());
    assertEquals(3, Matrix.classesFirst(data, 2, 3, 1).rowStride());
    assertEquals(5, Matrix.classesFirst(data, 2, 3, 1).get(1, 2));
    assertEquals(1, Matrix.classesFirst(data, 2, 1, 3).classStride());
    assertEquals(5, Matrix.classesFirst(data, 2, 1, 3).get(5, 0));
  }

  @Test
  void noBatchesAreNoRows() {
    assertEquals(0, Matrix.classesFirst(new float[0], 0, 3, 4).rows());
    Matrix none = Matrix.classesFirst(data, 30, 0, MAX, MAX);
    assertEquals(0, none.rows());
    assertEquals(0, CrossEntropy.standard().forward(none, Labels.of(new int[0])).rows());
  }

  @Test
  void sizesOutOfRangeAreNamed() {
    Refusal.ofNull("data", () -> Matrix.classesFirst(null, 2, 3, 4));
    Refusal.ofArgument(() -> Matrix.classesFirst(data, -1, 2, 3, 4), "offset = -1");
    Refusal.ofArgument(() -> Matrix.classesFirst(data, -1, 3, 4), "batches = -1 is negative");
    Refusal.ofArgument(() -> Matrix.classesFirst(data, 2, 0, 4), "classes = 0 is less than 1");
    Refusal.ofArgument(() -> Matrix.classesFirst(data, 2, 3, 0), "positions = 0 is less than 1");
  }

  @ParameterizedTest
  @CsvSource({
    "7, 2, 3, 4",
    "31, 0, 3, 4",
    "0, 65536, 65536, 1",
    "0, 4, 65536, 16384", // 4·2^30 = 2^32: 0 in int arithmetic
    "0, 2147483647, 2147483647, 2147483647",
    "2147483647, 1, 1, 1"
  })
  void arrayThatIsTooShortIsRefused(int offset, int batches, int classes, int positions) {
    Refusal.ofArgument(
        () -> Matrix.classesFirst(data, offset, batches, classes, positions),
        "data.length = 30 is too short: offset " + offset,
        batches + " batches of " + classes + " classes at " + positions + " positions");
  }

  @Test
  void arrayThatJustSufficesIsTaken() {
    assertEquals(29, Matrix.classesFirst(data, 6, 2, 3, 4).get(7, 2));
  }

  /** Another offset, another layout of the same array, other rows of the same batches. */
  @Test
  void gradientThatPartlyOverlapsTheLogitsIsRefused() {
    float[] before = data.clone();
    Matrix[] gradients = {
      Matrix.classesFirst(data, 0, 2, 3, 4),
      Matrix.classesFirst(data, 1, 4, 3, 2),
      Matrix.strided(data, 1, 8, 3, 3),
      Matrix.strided(data, 5, 8, 3, 3)
    };
    for (Matrix gradient : gradients) {
      Refusal.ofArgument(
          () -> CrossEntropy.standard().forwardAndGradient(matrix, labels, gradient),
          "gradient [" + gradient.offset() + ", ",
          "overlaps logits [1, 25) of the same array in part");
    }
    Labels four = Labels.of(0, 1, 2, 0);
    Refusal.ofArgument(
        () ->
            CrossEntropy.standard()
                .forwardAndGradient(matrix.slice(0, 4), four, matrix.slice(1, 5)),
        "gradient [2, 22) overlaps logits [1, 13)");
    // Rows at 2, 3, 13, 14 and at 2, 3, 4, 5 of batches that begin at 0 and at 1.
    Matrix acrossBatches = Matrix.classesFirst(data, 0, 2, 3, 4).slice(2, 6);
    Refusal.ofArgument(
        () -> CrossEntropy.standard().forwardAndGradient(matrix.slice(1, 5), four, acrossBatches),
        "overlaps logits");
    assertArrayEquals(before, data);
  }

  @Test
  void gradientBesideTheLogitsInTheirArrayIsTaken() {
    Labels four = Labels.of(0, 1, 2, 0);
    float[] before = data.clone();
    CrossEntropy.standard().forwardAndGradient(matrix.slice(0, 4), four, matrix.slice(4, 8));
    for (int i = 0; i < 13; i++) {
      assertEquals(before[i], data[i]);
    }
    assertTrue(data[13] != before[13]);
  }

  @Test
  void resultsWithinTheLogitsAreRefused() {
    Refusal.ofArgument(
        () ->
            CrossEntropy.standard()
                .compute(Batch.of(matrix, labels), Outputs.none().withLosses(data)),
        "losses [0, 8) overlaps logits [1, 25)");
    Refusal.ofArgument(
        () ->
            CrossEntropy.standard()
                .compute(
                    Batch.of(matrix, labels),
                    Outputs.none().withGradient(Gradient.addedTo(matrix))),
        "it needs a matrix of its own");
  }

  @Test
  void labelOutOfRangeIsNamedByItsRow() {
    Refusal.ofIndex(
        () -> CrossEntropy.standard().forward(matrix, Labels.of(0, 1, 2, 0, 1, 3, 0, 1)),
        "labels[5] = 3 is outside [0, 3)");
  }

  @Test
  void lossesOfSingleElementsRefuseThem() {
    Matrix rows = Matrix.zeros(8, 3);
    String refused = " is a matrix with its classes first, but a loss of single elements";
    Refusal.ofArgument(() -> ElementBatch.of(matrix, rows), "inputs" + refused);
    Refusal.ofArgument(() -> ElementBatch.of(rows, matrix), "targets" + refused);
    ElementBatch batch = ElementBatch.of(rows, Matrix.zeros(8, 3));
    Refusal.ofArgument(() -> batch.withWeights(matrix), "weights" + refused);
    BinaryCrossEntropy loss = BinaryCrossEntropy.standard();
    ElementOutputs none = ElementOutputs.none();
    Refusal.ofArgument(() -> loss.compute(batch, none.withLosses(matrix)), "losses" + refused);
    Refusal.ofArgument(() -> loss.compute(batch, none.withGradient(matrix)), "gradient" + refused);
    Gradient times = Gradient.into(Matrix.zeros(8, 3)).withUpstream(matrix);
    Refusal.ofArgument(() -> loss.compute(batch, none.withGradient(times)), "upstream" + refused);
  }

  @Test
  void otherLayoutsAreNotMadeOfThem() {
    Class<UnsupportedOperationException> refusal = UnsupportedOperationException.class;
    String why = " needs a matrix with its classes last, but this is " + matrix;
    Refusal.of(refusal, () -> matrix.withOffset(2), "withOffset" + why);
    Refusal.of(refusal, () -> matrix.withRowStride(4), "withRowStride" + why);
    Refusal.of(refusal, () -> matrix.withByteOrder(ByteOrder.BIG_ENDIAN), "withByteOrder" + why);
  }

  @Test
  void diagnosisReadsThem() {
    data[1 + 12 + 4 + 2] = Float.NaN;
    LogitScan.Fault fault = LogitScan.of(matrix).first().orElseThrow();
    assertEquals(6, fault.row());
    assertEquals(1, fault.column());
    data[1 + 12 + 4 + 2] = 3;
    ReferenceLoss reference = ReferenceLoss.of(CrossEntropy.standard(), Batch.of(matrix, labels));
    double[] row = {matrix.get(5, 0), matrix.get(5, 1), matrix.get(5, 2)};
    assertEquals(reference.row(5, row).loss(), reference.row(5, matrix).loss());
    LossReport report = LossCheck.run(CrossEntropy.standard(), Batch.of(matrix, labels));
    assertTrue(report.isWithin(4), report::toString);
  }
}
