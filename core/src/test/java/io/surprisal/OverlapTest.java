package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An output may lie exactly over an input or apart from it; what lies between is refused. */
class OverlapTest {
  /** Two rows of three logits at 0, 1, 2 and 10, 11, 12 of an array of 32. */
  private final float[] data = new float[32];

  private final Matrix logits = Matrix.strided(data, 0, 2, 3, 10);
  private final Labels labels = Labels.of(2, 0);

  OverlapTest() {
    for (int i = 0; i < data.length; i++) {
      data[i] = -i % 5;
    }
  }

  static List<LabelledLoss> losses() {
    return List.of(
        CrossEntropy.standard(), NegativeLogLikelihood.standard(), SoftmaxFocal.standard());
  }

  @ParameterizedTest
  @CsvSource({"1, 10, 14", "2, 10, 15", "8, 10, 21", "9, 10, 22", "0, 9, 12", "5, 6, 14"})
  void gradientThatPartlyOverlapsTheLogitsIsRefused(int offset, int stride, int end) {
    float[] before = data.clone();
    Matrix gradient = Matrix.strided(data, offset, 2, 3, stride);
    String range = "gradient [" + offset + ", " + end + ")";
    for (LabelledLoss loss : losses()) {
      Refusal.ofArgument(
          () -> loss.forwardAndGradient(logits, labels, gradient), range, "logits [0, 13)");
    }
    assertArrayEquals(before, data);
  }

  @ParameterizedTest
  @CsvSource({"3, 10", "7, 10", "13, 3", "13, 10"})
  void gradientBesideTheLogitsInTheirArrayIsAllowed(int offset, int stride) {
    for (LabelledLoss loss : losses()) {
      Matrix apart = Matrix.zeros(2, 3);
      loss.forwardAndGradient(logits, labels, apart);
      float[] before = data.clone();
      Matrix beside = Matrix.strided(data, offset, 2, 3, stride);
      loss.forwardAndGradient(logits, labels, beside);
      assertSameValues(apart, beside);
      assertEquals(before[2], data[2]);
      assertEquals(before[12], data[12]);
    }
  }

  @Test
  void gradientOverTheLogitsThemselvesIsAllowed() {
    for (LabelledLoss loss : losses()) {
      Matrix apart = Matrix.zeros(2, 3);
      loss.forwardAndGradient(logits, labels, apart);
      Matrix copy = Matrix.strided(data.clone(), 0, 2, 3, 10);
      loss.forwardAndGradient(copy, labels, Matrix.strided(copy.data(), 0, 2, 3, 10));
      assertSameValues(apart, copy);
    }
  }

  @Test
  void lossesMayTakeThePlaceOfTheNumbersOfTheirRows() {
    for (LabelledLoss loss : losses()) {
      Matrix apart = Matrix.zeros(2, 3);
      float[] upstream = {2, -3};
      float[] losses = new float[2];
      compute(loss, apart, upstream, losses);
      Matrix shared = Matrix.zeros(2, 3);
      compute(loss, shared, upstream, upstream);
      assertSameValues(apart, shared);
      assertArrayEquals(losses, upstream);
    }
  }

  private void compute(LabelledLoss loss, Matrix gradient, float[] upstream, float[] losses) {
    Gradient scaled = Gradient.into(gradient).withUpstream(upstream);
    loss.compute(Batch.of(logits, labels), Outputs.none().withLosses(losses).withGradient(scaled));
  }

  @Test
  void strideOfASingleRowMakesNoDifference() {
    Matrix one = Matrix.strided(data, 4, 1, 3, 3);
    Matrix same = Matrix.strided(data, 4, 1, 3, Integer.MAX_VALUE);
    Matrix apart = Matrix.zeros(1, 3);
    Softmax.standard().forward(one, apart);
    Softmax.standard().forward(one, same);
    assertSameValues(apart, same);
  }

  @Test
  void singleRowsMayHaveAnyStride() {
    Matrix one = Matrix.strided(data, 4, 1, 3, 3).withRowStride(1L << 62);
    Matrix other = Matrix.strided(data, 5, 1, 3, 3).withRowStride(1L << 62);
    Refusal.ofArgument(() -> Softmax.standard().forward(one, other), "out [5, 8)", "logits [4, 7)");
    Softmax.standard().forward(one, Matrix.strided(data, 7, 1, 3, 3).withRowStride(1L << 62));
  }

  @Test
  void resultsOverAReadOnlyViewOfTheirArrayAreRefused() {
    Matrix readOnly = Matrix.of(FloatBuffer.wrap(data).asReadOnlyBuffer(), 8, 4);
    Refusal.ofArgument(() -> LogSumExp.standard().forward(readOnly, data), "results [0, 8)");
    Outputs losses = Outputs.none().withLosses(data);
    Batch batch = Batch.of(readOnly, Labels.of(new int[8]));
    Refusal.ofArgument(() -> CrossEntropy.standard().compute(batch, losses), "losses [0, 8)");
    LogSumExp.standard().forward(readOnly, new float[8]);
  }

  @Test
  void gradientOverReadOnlyLabelsOrClassesOfTargetsIsRefused() {
    int[] numbers = new int[12];
    Matrix gradient = Matrix.of(MemorySegment.ofArray(numbers), ElementType.FLOAT, 4, 3);
    Matrix four = Matrix.zeros(4, 3);
    Labels readOnly = Labels.of(IntBuffer.wrap(numbers, 2, 4).asReadOnlyBuffer());
    Refusal.ofArgument(
        () -> CrossEntropy.standard().forwardAndGradient(four, readOnly, gradient),
        "gradient [0, 12) overlaps labels");
    SparseTargets sparse = SparseTargets.of(numbers, new float[12], 3);
    Refusal.ofArgument(
        () -> CrossEntropy.standard().forwardAndGradient(Batch.of(four, sparse), gradient),
        "gradient and the classes of the targets are one array");
  }

  @Test
  void addingToTheLogitsThemselvesIsRefusedInWordsThatSaySo() {
    float[] before = data.clone();
    Outputs outputs = Outputs.none().withGradient(Gradient.addedTo(logits));
    for (LabelledLoss loss : losses()) {
      Batch batch = Batch.of(logits, labels);
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> loss.compute(batch, outputs));
      assertTrue(refused.getMessage().contains("gradient [0, 13)"), refused.getMessage());
      assertFalse(refused.getMessage().contains("without being"), refused.getMessage());
    }
    assertArrayEquals(before, data);
  }

  @Test
  void softmaxAndLogSoftmaxRefuseAnOutputThatPartlyOverlaps() {
    float[] before = data.clone();
    Matrix shifted = Matrix.strided(data, 1, 2, 3, 10);
    Matrix apart = Matrix.zeros(2, 3);
    Softmax softmax = Softmax.standard();
    LogSoftmax logSoftmax = LogSoftmax.standard();
    Refusal.ofArgument(() -> softmax.forward(logits, shifted), "out [1, 14)", "logits [0, 13)");
    Refusal.ofArgument(() -> logSoftmax.forward(logits, shifted), "out [1, 14)", "logits [0, 13)");
    Refusal.ofArgument(
        () -> softmax.backward(logits, apart, shifted), "gradient [1, 14)", "logits [0, 13)");
    Refusal.ofArgument(
        () -> logSoftmax.backward(logits, apart, shifted), "gradient [1, 14)", "logits [0, 13)");
    Refusal.ofArgument(
        () -> softmax.backward(apart, logits, shifted), "gradient [1, 14)", "upstream [0, 13)");
    Refusal.ofArgument(
        () -> logSoftmax.backward(apart, logits, shifted), "gradient [1, 14)", "upstream [0, 13)");
    assertArrayEquals(before, data);
    assertArrayEquals(new float[6], apart.data());
  }

  @Test
  void logSumExpRefusesResultsAndUpstreamWithinAMatrix() {
    float[] before = data.clone();
    float[] upstream = {1, 1};
    Matrix shifted = Matrix.strided(data, 1, 2, 3, 10);
    LogSumExp logSumExp = LogSumExp.standard();
    Refusal.ofArgument(
        () -> logSumExp.forward(logits, data), "results", "logits", "[0, 2)", "[0, 13)");
    Refusal.ofArgument(
        () -> logSumExp.backward(logits, upstream, shifted), "gradient [1, 14)", "logits [0, 13)");
    Matrix narrow = Matrix.zeros(2, 1);
    Matrix over = Matrix.of(upstream, 1);
    Refusal.ofArgument(
        () -> logSumExp.backward(narrow, upstream, over), "upstream", "gradient", "[0, 2)");
    assertArrayEquals(new float[] {1, 1}, upstream);
    assertArrayEquals(before, data);
  }

  private static Matrix at(MemorySegment segment, long bytes) {
    return Matrix.of(segment.asSlice(bytes), ElementType.BFLOAT16, 2, 3);
  }

  @Test
  void partsOfASegmentAreToldApart() {
    MemorySegment memory = Arena.ofAuto().allocate(64);
    Softmax softmax = Softmax.standard();
    for (int bytes : new int[] {1, 2, 6, 11}) {
      Refusal.ofArgument(
          () -> softmax.forward(at(memory, 0), at(memory, bytes)),
          "out [0, 6) overlaps logits [0, 6) of the same memory in part");
    }
    softmax.forward(at(memory, 0), at(memory, 12));
    softmax.forward(at(memory, 20), at(memory, 8));
    softmax.forward(at(memory, 4), at(memory, 4));
    Matrix rows = at(memory, 0).withRowStride(7);
    softmax.forward(rows, at(memory, 6).withRowStride(7));
    Refusal.ofArgument(
        () -> softmax.forward(rows, at(memory, 10).withRowStride(7)), "overlaps", "memory");
  }

  @Test
  void sameBytesOfAnotherTypeOrOrderAreNotTheSameView() {
    MemorySegment memory = Arena.ofAuto().allocate(64);
    Softmax softmax = Softmax.standard();
    Matrix halves = at(memory, 0);
    Refusal.ofArgument(
        () -> softmax.forward(halves, Matrix.of(memory, ElementType.FLOAT16, 2, 3)), "overlaps");
    Refusal.ofArgument(
        () -> softmax.forward(halves, Matrix.of(memory, ElementType.FLOAT, 2, 3)), "overlaps");
    Matrix big = halves.withByteOrder(ByteOrder.BIG_ENDIAN);
    Matrix little = halves.withByteOrder(ByteOrder.LITTLE_ENDIAN);
    Refusal.ofArgument(() -> softmax.forward(big, little), "overlaps");
  }

  @Test
  void arrayIsKnownUnderEveryView() {
    MemorySegment memory = MemorySegment.ofArray(data);
    Matrix other = Matrix.of(memory.asSlice(4), ElementType.FLOAT16, 2, 3);
    Softmax softmax = Softmax.standard();
    Refusal.ofArgument(() -> softmax.forward(logits, other), "overlaps", "memory");
    Matrix hidden = Matrix.of(memory.asReadOnly(), ElementType.FLOAT, 2, 3);
    Refusal.ofArgument(() -> softmax.forward(hidden, logits), "overlaps", "memory");
    Matrix behind = Matrix.of(memory.asReadOnly().asSlice(52), ElementType.FLOAT, 2, 3);
    softmax.forward(behind, logits);
    Refusal.ofArgument(
        () -> LogSumExp.standard().forward(other, data), "results [0, 2) overlaps logits [0, 6)");
  }

  private static void assertSameValues(Matrix expected, Matrix actual) {
    for (int row = 0; row < expected.rows(); row++) {
      for (int column = 0; column < expected.classes(); column++) {
        assertEquals(expected.get(row, column), actual.get(row, column));
      }
    }
  }
}
