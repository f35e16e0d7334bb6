package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.ElementType;
import io.surprisal.PlainKernel;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Adding to numbers of 16 bits: the exact sum, rounded once. */
class MemoryTest {
  private static final int COUNT = 5000;

  private final short[] stored = new short[COUNT];
  private final Stage stage = new Stage();

  MemoryTest() {
    stage.kernel = new PlainKernel();
  }

  private Memory memory(ElementType type) {
    return Memory.of(MemorySegment.ofArray(stored), type, ByteOrder.nativeOrder());
  }

  /** Numbers, middles between two of them, and as little beside these as a float can be. */
  private static float[] terms(Memory memory) {
    SplittableRandom random = new SplittableRandom(1);
    float[] terms = new float[COUNT];
    for (int i = 0; i < terms.length; i++) {
      float scale = Math.scalb(1f, random.nextInt(-12, 5));
      float number = (float) memory.get(random.nextInt(COUNT));
      float half = number * Math.scalb(1f, -8 - 3 * (i % 2));
      terms[i] =
          switch (i % 5) {
            case 0 -> number;
            case 1 -> half;
            case 2 -> Math.nextUp(half);
            case 3 -> Math.nextDown(half);
            default -> (float) random.nextGaussian() * scale;
          };
    }
    return terms;
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void sumIsRoundedOnce(ElementType type) {
    Memory memory = memory(type);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < COUNT; i++) {
      float number = (float) random.nextGaussian() * Math.scalb(1f, random.nextInt(-4, 4));
      memory.set(i, i % 9 == 0 ? Math.scalb(1f, random.nextInt(-4, 4)) : number);
    }
    float[] terms = terms(memory);
    short[] before = stored.clone();
    short[] expected = new short[COUNT];
    for (int i = 0; i < COUNT; i++) {
      BigDecimal exact = new BigDecimal(memory.get(i)).add(new BigDecimal(terms[i]));
      expected[i] = nearest(type, exact);
    }
    memory.add(0, COUNT, stage, terms, 0);
    for (int i = 0; i < COUNT; i++) {
      assertEquals(expected[i], stored[i], "at " + i + ", adding " + terms[i]);
    }
    System.arraycopy(before, 0, stored, 0, COUNT);
    for (int i = 0; i < COUNT; i++) {
      memory.add(i, terms[i]);
      assertEquals(expected[i], stored[i], "one by one at " + i + ", adding " + terms[i]);
    }
  }

  /** By comparing distances to the numbers around a first guess. */
  private static short nearest(ElementType type, BigDecimal exact) {
    float guess = exact.floatValue();
    int bits = type == ElementType.BFLOAT16 ? Bfloat16.of(guess) : Float.floatToFloat16(guess);
    short best = (short) bits;
    for (int candidate = bits - 1; candidate <= bits + 1; candidate++) {
      int compared = distance(type, candidate, exact).compareTo(distance(type, best, exact));
      if (compared < 0 || (compared == 0 && (candidate & 1) == 0)) {
        best = (short) candidate;
      }
    }
    return best;
  }

  private static BigDecimal distance(ElementType type, int bits, BigDecimal exact) {
    float number =
        type == ElementType.BFLOAT16
            ? Bfloat16.toFloat((short) bits)
            : Float.float16ToFloat((short) bits);
    return new BigDecimal(number).subtract(exact).abs();
  }
}
