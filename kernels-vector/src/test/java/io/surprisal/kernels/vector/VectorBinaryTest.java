package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementTile;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Losses whose shares add up to 1 have the bits of those with any shares. */
class VectorBinaryTest {
  private static final float[] LOGITS = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, -0f, 0, 88, -104
  };
  private static final float[] SHARES = {0, 1, 0.5f, Float.MIN_VALUE, 0x1.fffffep-1f, 0x1p-25f};

  private final VectorElementKernel kernel = new VectorElementKernel();

  private static ElementTile tile(int count) {
    ElementTile tile = new ElementTile();
    tile.count = count;
    tile.inputs = new float[count];
    tile.positive = new float[count];
    tile.losses = new float[count];
    tile.gradient = new float[count];
    tile.scale = -0.3f;
    SplittableRandom random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      int special = i % 97;
      tile.inputs[i] =
          special < LOGITS.length ? LOGITS[special] : (float) random.nextGaussian(0, 6);
      tile.positive[i] =
          random.nextBoolean()
              ? SHARES[random.nextInt(SHARES.length)]
              : (float) random.nextDouble();
      tile.negative[i] = 1 - tile.positive[i];
    }
    return tile;
  }

  @Test
  void oneShareGivesTheBitsOfBoth() {
    for (int count : new int[] {1, 15, 16, 17, 48, 101, 2048}) {
      ElementTile one = tile(count);
      ElementTile both = tile(count);
      kernel.exponentials(one);
      kernel.exponentials(both);
      double sum = kernel.lossesAndGradient(one, ElementForm.BINARY);
      double expected = kernel.lossesAndGradient(both, ElementForm.WEIGHTED_BINARY);
      assertEquals(expected, sum, "sum of " + count);
      assertArrayEquals(both.losses, one.losses, "losses of " + count);
      assertArrayEquals(both.gradient, one.gradient, "gradient of " + count);
    }
  }
}
