package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels in whatever they are stored. */
class StoredLabelsTest {
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

  private final Matrix logits = Matrix.of(new float[] {1, 2, 3, 6, 5, 4, 0, 9, 0, 1, 1, 1}, 3);
  private final int[] numbers = {2, 0, 1, 0};

  /** The same labels in everything that may hold them. */
  private List<Labels> all() {
    ByteBuffer longs = ByteBuffer.allocateDirect(36).order(BIG).position(4);
    MemorySegment shorts = Arena.ofAuto().allocate(9).asSlice(1);
    for (int i = 0; i < 4; i++) {
      longs.putLong(4 + 8 * i, numbers[i]);
      shorts.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(BIG), 2L * i, (short) numbers[i]);
    }
    return List.of(
        Labels.of(new long[] {2, 0, 1, 0}),
        Labels.of(new short[] {2, 0, 1, 0}),
        Labels.of(new byte[] {2, 0, 1, 0}),
        Labels.of(IntBuffer.wrap(numbers)),
        Labels.of(IntBuffer.wrap(numbers).asReadOnlyBuffer()),
        Labels.of(LongBuffer.wrap(new long[] {9, 2, 0, 1, 0}).position(1)),
        Labels.of(longs.asLongBuffer()),
        Labels.of(ShortBuffer.wrap(new short[] {2, 0, 1, 0})),
        Labels.of(ByteBuffer.wrap(new byte[] {2, 0, 1, 0})),
        Labels.of(shorts, LabelType.INT16, 4).withByteOrder(BIG),
        Labels.of(MemorySegment.ofArray(numbers), LabelType.INT32, 4),
        Labels.of(new int[] {2 << 24, 0, 1 << 24, 0}).withByteOrder(otherOrder()));
  }

  private static ByteOrder otherOrder() {
    return ByteOrder.nativeOrder() == BIG ? ByteOrder.LITTLE_ENDIAN : BIG;
  }

  @Test
  void missingArgumentsAreNamed() {
    Refusal.ofNull("labels", () -> Labels.of((long[]) null));
    Refusal.ofNull("labels", () -> Labels.of((short[]) null));
    Refusal.ofNull("labels", () -> Labels.of((byte[]) null));
    Refusal.ofNull("labels", () -> Labels.of((Buffer) null));
    Refusal.ofNull("labels", () -> Labels.of(null, LabelType.INT64, 1));
    Refusal.ofNull("type", () -> Labels.of(MemorySegment.ofArray(numbers), null, 1));
    Refusal.ofNull("order", () -> Labels.of(1).withByteOrder(null));
  }

  @Test
  void lossIsThatOfTheSameInts() {
    CrossEntropy loss = CrossEntropy.standard();
    Matrix expected = Matrix.zeros(4, 3);
    Totals totals = loss.forwardAndGradient(logits, Labels.of(numbers), expected);
    for (Labels labels : all()) {
      Matrix gradient = Matrix.zeros(4, 3);
      Totals actual = loss.forwardAndGradient(logits, labels, gradient);
      assertEquals(totals.sum(), actual.sum());
      assertEquals(totals.mean(), actual.mean());
      for (int i = 0; i < 12; i++) {
        assertEquals(expected.data()[i], gradient.data()[i]);
      }
      for (int row = 0; row < 4; row++) {
        assertEquals(numbers[row], labels.get(row));
      }
      assertEquals(4, labels.rows());
    }
  }

  @Test
  void sliceIsAViewOfSomeRowsInEveryType() {
    for (Labels labels : all()) {
      Labels middle = labels.slice(1, 3);
      assertEquals(2, middle.rows());
      assertEquals(numbers[1], middle.get(0));
      assertEquals(numbers[2], middle.slice(1, 2).get(0));
      assertEquals(0, labels.slice(4, 4).rows());
      Refusal.ofIndex(() -> labels.slice(2, 5), "rows [2, 5) are not within [0, 4)");
      Refusal.ofIndex(() -> labels.slice(-1, 2), "rows [-1, 2)");
      Refusal.ofIndex(() -> labels.slice(3, 2), "rows [3, 2)");
    }
  }

  @Test
  void ignoredRowsAreCountedInEveryType() {
    Matrix two = logits.slice(0, 2);
    List<Labels> minus =
        List.of(
            Labels.of(-100, 1), Labels.of(new long[] {-100, 1}), Labels.of(new short[] {-100, 1}));
    for (Labels labels : minus) {
      assertEquals(1, CrossEntropy.standard().forward(two, labels).ignoredRows());
      assertEquals(1, NegativeLogLikelihood.standard().forward(two, labels).ignoredRows());
    }
    CrossEntropy bytes = CrossEntropy.builder().ignoreIndex(255).build();
    assertEquals(1, bytes.forward(two, Labels.of(new byte[] {-1, 1})).ignoredRows());
  }

  @Test
  void labelOutOfRangeIsNamedWithItsRowAndValue() {
    float[] losses = {7, 7};
    Matrix two = logits.slice(0, 2);
    Outputs outputs = Outputs.none().withLosses(losses);
    CrossEntropy loss = CrossEntropy.standard();
    List<Labels> wrong =
        List.of(
            Labels.of(new long[] {0, 1L << 32}),
            Labels.of(new long[] {0, Long.MIN_VALUE}),
            Labels.of(new short[] {0, -1}),
            Labels.of(new byte[] {0, -2}));
    List<String> values = List.of("4294967296", "-9223372036854775808", "-1", "254");
    for (int i = 0; i < values.size(); i++) {
      Batch batch = Batch.of(two, wrong.get(i));
      Refusal.ofIndex(() -> loss.compute(batch, outputs), "labels[1] = " + values.get(i), "[0, 3)");
    }
    assertEquals(7, losses[0]);
  }

  /** What the mask leaves out is not looked at. */
  @Test
  void maskedLabelMayBeAnything() {
    Batch batch =
        Batch.of(logits.slice(0, 2), Labels.of(new long[] {1L << 40, 1}))
            .withIgnoredRows(new boolean[] {true, false});
    Totals totals = CrossEntropy.standard().newTotals();
    CrossEntropy.standard().compute(batch, Outputs.none().withTotals(totals));
    assertEquals(1, totals.countedRows());
    assertEquals(Integer.MAX_VALUE, batch.labels().get(0));
  }

  @Test
  void arrayOfIntsIsUsedWhereItLies() {
    assertSame(numbers, Labels.of(IntBuffer.wrap(numbers)).data());
    Labels behind = Labels.of(IntBuffer.wrap(numbers).position(2));
    assertEquals(2, behind.offset());
    assertEquals(1, behind.get(0));
  }

  @Test
  void segmentThatIsTooShortIsRefused() {
    MemorySegment segment = MemorySegment.ofArray(new byte[15]);
    Refusal.ofArgument(
        () -> Labels.of(segment, LabelType.INT64, 2), "labels.length = 1 is too short", "need 2");
    Refusal.ofArgument(() -> Labels.of(segment, LabelType.UINT8, -1), "rows = -1 is negative");
  }

  @Test
  void otherBuffersAreRefused() {
    Refusal.ofArgument(() -> Labels.of(CharBuffer.allocate(3)), "labels are no integers");
  }

  @Test
  void gradientOverTheLabelsIsRefused() {
    MemorySegment segment = Arena.ofAuto().allocate(64);
    Labels labels = Labels.of(segment.asSlice(40), LabelType.INT32, 4);
    Matrix gradient = Matrix.of(segment, ElementType.FLOAT, 4, 3);
    Refusal.ofArgument(
        () -> CrossEntropy.standard().forwardAndGradient(logits, labels, gradient),
        "gradient [0, 12) overlaps labels");
    Labels behind = Labels.of(segment.asSlice(48), LabelType.INT32, 4);
    CrossEntropy.standard().forwardAndGradient(logits, behind, gradient);
    assertEquals(0, behind.get(3));
  }
}
