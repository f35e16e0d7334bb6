package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.WeighForm;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** exp and log1p of many numbers have the bits of the contract's own methods. */
class VectorElementaryTest {
  private static final int COUNT = 4099;
  private static final long SEED = 20_250_701;

  /** A kernel that has nothing but the contract's default methods. */
  private static final SoftmaxKernel DEFAULTS =
      new SoftmaxKernel() {
        @Override
        public void reduce(Tile tile) {}

        @Override
        public void weightedSums(Tile tile) {}

        @Override
        public void targetSums(Tile tile) {}

        @Override
        public void expDots(Tile tile) {}

        @Override
        public void weigh(Tile tile, WeighForm form) {}

        @Override
        public void map(Tile tile, MapForm form) {}

        @Override
        public void add(Tile tile) {}
      };

  private final SoftmaxKernel vector = new VectorSoftmaxKernel();

  @Test
  void exponentialsHaveTheSameBits() {
    double[] vectors = numbers(unit -> (unit - 0.5) * 1400);
    double[] scalars = vectors.clone();
    vector.exp(vectors, 3, COUNT);
    DEFAULTS.exp(scalars, 3, COUNT);
    assertSameBits(scalars, vectors);
  }

  @Test
  void logarithmsHaveTheSameBits() {
    double[] vectors = numbers(unit -> StrictMath.exp((unit - 0.5) * 1000));
    vectors[5] = 0;
    vectors[6] = Double.MIN_VALUE;
    vectors[7] = Double.MAX_VALUE;
    double[] scalars = vectors.clone();
    vector.log1p(vectors, 3, COUNT);
    DEFAULTS.log1p(scalars, 3, COUNT);
    assertSameBits(scalars, vectors);
  }

  private static double[] numbers(DoubleUnaryOperator ofUnit) {
    SplittableRandom random = new SplittableRandom(SEED);
    return random.doubles(COUNT).map(ofUnit).toArray();
  }

  private static void assertSameBits(double[] expected, double[] actual) {
    for (int i = 0; i < COUNT; i++) {
      assertEquals(
          Double.doubleToRawLongBits(expected[i]),
          Double.doubleToRawLongBits(actual[i]),
          "number " + i + " of seed " + SEED);
    }
  }
}
