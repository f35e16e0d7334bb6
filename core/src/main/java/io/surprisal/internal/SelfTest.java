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
      // 83 has the largest logit, without which the sum is another.
      for (int label : new int[] {Tile.NO_LABEL, 0, 70, 83, COLUMNS - 1}) {
        checkRow(name, kernel, tile, label);
      }
    }
    checkSumsAndMaps(name, kernel, tile);
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
    tile.scaleLow[0] = (float) (1 / expected - tile.scale[0]);
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

  /** Sums over logits and upstream rows, every form of MAP, and addition; nothing cancels. */
  private static void checkSumsAndMaps(String name, SoftmaxKernel kernel, Tile tile) {
    fill(tile.logits, 2);
    tile.labels[0] = Tile.NO_LABEL;
    tile.classVector = new float[COLUMNS];
    tile.upstream = new float[COLUMNS];
    double weightedSum = 0;
    for (int i = 0; i < COLUMNS; i++) {
      boolean masked = tile.logits[i] == Float.NEGATIVE_INFINITY;
      tile.classVector[i] = masked ? 0 : i % 3;
      tile.upstream[i] = i % 11 / 4f;
      weightedSum += masked ? 0 : (double) tile.classVector[i] * tile.logits[i];
    }
    kernel.weightedSums(tile);
    require(name, "Σ w·x", tile.weightedSum[0], weightedSum);
    tile.shift[0] = -0.375;
    tile.logSumHigh[0] = 3;
    tile.logSumLow[0] = 0.125f;
    tile.scale[0] = 0x1p-60f;
    tile.scaleLow[0] = 0x1p-85f;
    tile.rescale[0] = 0x1p10f;
    tile.cutoff[0] = 0;
    for (MapForm form : MapForm.values()) {
      checkMap(name, kernel, tile, form);
    }
  }

  private static void checkMap(String name, SoftmaxKernel kernel, Tile tile, MapForm form) {
    tile.out = new float[COLUMNS];
    kernel.reduce(tile);
    kernel.expDots(tile);
    float[] exps = Arrays.copyOf(tile.exps, COLUMNS);
    kernel.map(tile, form);
    double dot = 0;
    for (int i = 0; i < COLUMNS; i++) {
      double v = tile.upstream[i];
      double scaled = exps[i] * (0x1p-50 + 0x1p-75);
      dot += exps[i] * v;
      double expected =
          switch (form) {
            case SCALED -> scaled;
            case SCALED_MINUS_CLASSES -> scaled - tile.classVector[i] * -0.375;
            case LOGARITHM -> tile.logits[i] - 3.125;
            case SCALED_TIMES_UPSTREAM -> scaled * (v + 0.375);
            case UPSTREAM_PLUS_SCALED -> v + scaled;
          };
      require(name, form + " of class " + i, tile.out[i], expected);
    }
    require(name, "Σ e·v", tile.blockDot[0], dot);
    System.arraycopy(tile.out, 0, tile.exps, 0, COLUMNS);
    kernel.add(tile);
    for (int i = 0; i < COLUMNS; i++) {
      require(name, "the sum with " + form, tile.out[i], 2.0 * tile.exps[i]);
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
