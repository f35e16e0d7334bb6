package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.MapForm;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** exp and log1p of many sums of two doubles have the bits of the contract's own methods. */
class VectorElementaryPairsTest {
  private static final int COUNT = 4099;
  private static final long SEED = 20_251_101;

  /** A kernel that has nothing but the contract's default methods. */
  private static final DoubleKernel DEFAULTS =
      new DoubleKernel() {
        @Override
        public void reduce(DoubleTile tile) {}

        @Override
        public void weightedSums(DoubleTile tile) {}

        @Override
        public void map(DoubleTile tile, MapForm form) {}

        @Override
        public void add(DoubleTile tile) {}
      };

  /** Something done to many sums at once. */
  private interface Operation {
    void apply(DoubleKernel kernel, double[] high, double[] low);
  }

  @Test
  void exponentialsHaveTheSameBits() {
    assertSameBits(
        unit -> (unit - 0.5) * 1416, (kernel, high, low) -> kernel.exp(high, low, 3, COUNT));
  }

  @Test
  void logarithmsHaveTheSameBits() {
    assertSameBits(
        unit -> unit < 0.01 ? 0 : StrictMath.exp((unit - 0.5) * 1400),
        (kernel, high, low) -> kernel.log1p(high, low, 3, COUNT));
  }

  private static void assertSameBits(DoubleUnaryOperator ofUnit, Operation operation) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] high = random.doubles(COUNT).map(ofUnit).toArray();
    double[] low = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      low[i] = Math.ulp(high[i]) * random.nextDouble(-0.5, 0.5);
    }
    double[] expectedHigh = high.clone();
    double[] expectedLow = low.clone();
    operation.apply(DEFAULTS, expectedHigh, expectedLow);
    operation.apply(new VectorDoubleKernel(), high, low);
    for (int i = 0; i < COUNT; i++) {
      String what = "number " + i + " of seed " + SEED;
      assertEquals(bits(expectedHigh[i]), bits(high[i]), what);
      assertEquals(bits(expectedLow[i]), bits(low[i]), "low part of " + what);
    }
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
