package io.surprisal.internal;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * What a kernel must get right before it serves: a few hundred values, special ones among them,
 * against the definition in double.
 */
final class SelfTest {
  private static final int COLUMNS = 133;
  private static final float[] OFFSETS = {0, 3, -20, 300, -4e5f, 1e6f};
  private static final double TOLERANCE = 0x1p-20;

  private SelfTest() {}

  /** Throws if the kernel is wrong. */
  static void check(String name, SoftmaxKernel kernel) {
    Tile tile = new Tile();
    tile.columns = COLUMNS;
    tile.rows = 1;
    tile.logits = new float[COLUMNS];
    tile.exps = new float[COLUMNS + Tile.PADDING];
    tile.expsStride = tile.exps.length;
    tile.out = new float[COLUMNS];
    for (float offset : OFFSETS) {
      fill(tile.logits, offset);
      for (int label : new int[] {Tile.NO_LABEL, 0, 70, COLUMNS - 1}) {
        checkRow(name, kernel, tile, label);
      }
    }
    checkSpecial(name, kernel, tile, Float.NaN, Double.NaN);
    checkSpecial(name, kernel, tile, -Float.NaN, Double.NaN);
    checkSpecial(name, kernel, tile, Float.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    Arrays.fill(tile.logits, Float.NEGATIVE_INFINITY);
    tile.labels[0] = Tile.NO_LABEL;
    kernel.reduce(tile);
    require(name, "a row of −∞", tile.blockSum[0], 0);
  }

  /** Logits from −8 to 8 around an offset, every seventh masked. */
  private static void fill(float[] logits, float offset) {
    for (int i = 0; i < logits.length; i++) {
      float value = offset + (i * 37 % 128 - 64) / 8f;
      logits[i] = i % 7 == 5 ? Float.NEGATIVE_INFINITY : value;
    }
  }

  private static void checkRow(String name, SoftmaxKernel kernel, Tile tile, int label) {
    tile.labels[0] = label;
    kernel.reduce(tile);
    double frame = Summary.logFrame(tile.blockExponent[0], tile.blockOrigin[0]);
    double expected = 0;
    for (int i = 0; i < COLUMNS; i++) {
      expected += i == label ? 0 : StrictMath.exp(tile.logits[i] - frame);
    }
    require(name, "the sum at label " + label, tile.blockSum[0], expected);
    tile.scale[0] = (float) (1 / expected);
    tile.rescale[0] = 1;
    tile.cutoff[0] = (float) (Float.MIN_NORMAL * expected);
    kernel.map(tile, MapForm.SCALED);
    for (int i = 0; i < COLUMNS; i++) {
      if (i != label) {
        double p = StrictMath.exp(tile.logits[i] - frame) / expected;
        require(name, "the probability of class " + i, tile.out[i], p);
      }
    }
  }

  private static void checkSpecial(
      String name, SoftmaxKernel kernel, Tile tile, float value, double expected) {
    fill(tile.logits, 0);
    tile.logits[COLUMNS - 2] = value;
    tile.labels[0] = 1;
    kernel.reduce(tile);
    require(name, "the sum of a row with " + value, tile.blockSum[0], expected);
  }

  private static void require(String name, String what, double actual, double expected) {
    boolean right =
        Double.isFinite(expected)
            ? Math.abs(actual - expected) <= TOLERANCE * Math.abs(expected) + Float.MIN_NORMAL
            : Double.compare(actual, expected) == 0;
    if (!right) {
      throw new IllegalStateException(
          "kernel '"
              + name
              + "' fails its self-test and will not serve: "
              + what
              + " is "
              + actual
              + ", expected "
              + expected);
    }
  }
}
