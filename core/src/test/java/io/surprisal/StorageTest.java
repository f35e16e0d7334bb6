package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views of what is no {@code float[]}. */
class StorageTest {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

  private final MemorySegment segment = Arena.ofAuto().allocate(48);

  @Test
  void missingArgumentsAreNamed() {
    Refusal.ofNull("data", () -> Matrix.of((double[]) null, 1, 1));
    Refusal.ofNull("data", () -> Matrix.of((short[]) null, ElementType.FLOAT16, 1, 1));
    Refusal.ofNull("data", () -> Matrix.of((MemorySegment) null, ElementType.FLOAT, 1, 1));
    Refusal.ofNull("data", () -> Matrix.of((FloatBuffer) null, 1, 1));
    Refusal.ofNull("data", () -> Matrix.of((ByteBuffer) null, ElementType.FLOAT, 1, 1));
    Refusal.ofNull("type", () -> Matrix.of(new short[1], null, 1, 1));
    Refusal.ofNull("type", () -> Matrix.of(segment, null, 1, 1));
    Refusal.ofNull("type", () -> Matrix.of(ByteBuffer.allocate(4), null, 1, 1));
    Refusal.ofNull("order", () -> Matrix.zeros(1, 1).withByteOrder(null));
  }

  @Test
  void elementsAreReadInTheirTypeAndOrder() {
    segment.set(ValueLayout.JAVA_FLOAT.withOrder(BIG), 8, 1.5f);
    segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE), 16, 0.1);
    segment.set(ValueLayout.JAVA_SHORT.withOrder(LITTLE), 4, (short) 0x3FC0);
    segment.set(ValueLayout.JAVA_SHORT.withOrder(BIG), 6, (short) 0x3E00);
    assertEquals(1.5f, Matrix.of(segment, ElementType.FLOAT, 2, 2).withByteOrder(BIG).get(1, 0));
    Matrix doubles = Matrix.of(segment, ElementType.DOUBLE, 1, 3).withByteOrder(LITTLE);
    assertEquals(0.1, doubles.getDouble(0, 2));
    assertEquals(0.1f, doubles.get(0, 2));
    Matrix upper = Matrix.of(segment, ElementType.BFLOAT16, 1, 3).withByteOrder(LITTLE);
    assertEquals(1.5f, upper.get(0, 2));
    Matrix halves = Matrix.of(segment, ElementType.FLOAT16, 2, 2).withByteOrder(BIG);
    assertEquals(1.5f, halves.get(1, 1));
    assertEquals(BIG, halves.byteOrder());
    assertEquals(ElementType.FLOAT16, halves.elementType());
    assertEquals("Matrix[2 × 2 FLOAT16, rowStride 2, in memory]", halves.toString());
  }

  @Test
  void rowsLieAStrideApartFromAnOffsetOn() {
    double[] data = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    Matrix matrix = Matrix.of(data, 3, 2).withRowStride(4).withOffset(1);
    assertEquals(1, matrix.get(0, 0));
    assertEquals(10, matrix.get(2, 1));
    assertEquals(4, matrix.rowStride());
    assertEquals(1, matrix.offset());
    assertEquals(6, matrix.slice(1, 3).get(0, 1));
  }

  @Test
  void arrayOfFloatsIsUsedWhereItLies() {
    float[] data = {0, 1, 2, 3, 4, 5, 6, 7};
    assertSame(data, Matrix.of(FloatBuffer.wrap(data), 2, 4).data());
    Matrix behind = Matrix.of(FloatBuffer.wrap(data).position(2), 2, 3);
    assertSame(data, behind.data());
    assertEquals(2, behind.offset());
    assertEquals(5, behind.rowStart(1));
    MemorySegment middle = MemorySegment.ofArray(data).asSlice(4, 24);
    Matrix within = Matrix.of(middle, ElementType.FLOAT, 1, 6);
    assertSame(data, within.data());
    assertEquals(6, within.get(0, 5));
  }

  @Test
  void viewDoesNotReachBeyondItsSlice() {
    float[] data = {0, 1, 2, 3, 4, 5, 6, 7};
    Matrix within = Matrix.of(MemorySegment.ofArray(data).asSlice(4, 16), ElementType.FLOAT, 2, 2);
    Refusal.ofArgument(() -> within.withOffset(1), "data.length = 4", "need 5");
    Refusal.ofArgument(() -> within.withRowStride(3), "data.length = 4", "need 5");
    assertEquals(3, within.withOffset(0).withRowStride(2).get(1, 0));
    Matrix swapped = within.withByteOrder(BIG).withByteOrder(LITTLE).withByteOrder(BIG);
    Refusal.ofArgument(() -> swapped.withOffset(1), "data.length = 4", "need 5");
    assertEquals(3, swapped.withByteOrder(ByteOrder.nativeOrder()).get(1, 0));
  }

  @Test
  void readOnlyAndMisalignedFloatsAreReadAllTheSame() {
    float[] data = {0, 1, 2, 3};
    assertEquals(3, Matrix.of(FloatBuffer.wrap(data).asReadOnlyBuffer(), 2, 2).get(1, 1));
    byte[] bytes = new byte[9];
    MemorySegment odd = MemorySegment.ofArray(bytes).asSlice(1);
    odd.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4, 2.5f);
    assertEquals(2.5f, Matrix.of(odd, ElementType.FLOAT, 1, 2).get(0, 1));
  }

  @Test
  void bufferCountsFromItsPositionInItsOrder() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(16).order(BIG);
    bytes.putFloat(8, 7);
    assertEquals(7, Matrix.of(bytes.position(4), ElementType.FLOAT, 1, 3).get(0, 1));
    assertEquals(7, Matrix.of(bytes.asFloatBuffer(), 1, 3).get(0, 1));
    assertEquals(4, bytes.position());
    Refusal.ofArgument(() -> Matrix.of(bytes, ElementType.FLOAT, 1, 4), "data.length = 3");
    Refusal.ofArgument(() -> Matrix.of(bytes.asFloatBuffer(), 2, 2), "data.length = 3");
  }

  @Test
  void whatIsNoArrayOfFloatsHasNone() {
    Matrix matrix = Matrix.of(segment, ElementType.FLOAT, 3, 4);
    Refusal.of(UnsupportedOperationException.class, matrix::data, "no float[]", "3 × 4");
    Refusal.of(UnsupportedOperationException.class, () -> matrix.rowStart(1), "no float[]");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void negativeOffsetIsNamed(long offset) {
    Matrix matrix = Matrix.of(segment, ElementType.FLOAT, 3, 4);
    Refusal.ofArgument(() -> matrix.withOffset(offset), "offset = " + offset + " is negative");
    Refusal.ofArgument(
        () -> matrix.withRowStride(offset), "rowStride = " + offset + " is less than classes = 4");
  }

  @Test
  void sizesThatOverflowALongAreRefused() {
    Matrix matrix = Matrix.of(segment, ElementType.FLOAT, 3, 4);
    long most = Long.MAX_VALUE;
    Refusal.ofArgument(() -> matrix.withOffset(most), "data.length = 12 is too short");
    Refusal.ofArgument(() -> matrix.withRowStride(most), "data.length = 12 is too short");
    Refusal.ofArgument(() -> matrix.withRowStride(most / 2 + 1), "data.length = 12 is too short");
    assertEquals(0, matrix.slice(0, 1).withRowStride(most).get(0, 3));
  }

  @Test
  void segmentThatIsTooShortIsRefusedInElements() {
    Refusal.ofArgument(() -> Matrix.of(segment, ElementType.DOUBLE, 7, 1), "data.length = 6");
    Refusal.ofArgument(() -> Matrix.of(segment, ElementType.FLOAT16, 5, 5), "data.length = 24");
    Refusal.ofArgument(
        () -> Matrix.of(segment.asSlice(0, 47), ElementType.FLOAT, 3, 4), "data.length = 11");
  }

  @Test
  void shortsHoldSixteenBits() {
    Refusal.ofArgument(() -> Matrix.of(new short[8], ElementType.FLOAT, 1, 1), "type = FLOAT");
    Refusal.ofArgument(() -> Matrix.of(new short[8], ElementType.DOUBLE, 1, 1), "type = DOUBLE");
    assertEquals(1.5f, Matrix.of(new short[] {0x3FC0}, ElementType.BFLOAT16, 1, 1).get(0, 0));
  }
}
