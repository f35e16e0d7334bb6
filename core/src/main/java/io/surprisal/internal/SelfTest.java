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
    tile.exps = new float[COLUMNS];
    tile.expsStride = COLUMNS;
    tile.out = new float[COLUMNS];
    for (float offset : OFFSETS) {
      fill(tile.logits, offset);
      // 83 has the largest logit, without which the sum is another.
      for (int label : new int[] {Tile.NO_LABEL, 0, 70, 83, COLUMNS - 1}) {
        checkRow(name, kernel, tile, label);
      }
    }
    checkSumsAndMaps(name, kernel, tile);
    checkTargetSums(name, kernel, tile);
    WeighSelfTest.check(name, kernel);
    checkArgMax(name, kernel);
    RowSelfTest.check(name, kernel);
    checkSpecial(name, kernel, tile, Float.NaN, Double.NaN);
    checkSpecial(name, kernel, tile, Float.intBitsToFloat(0xffc00000), Double.NaN);
    checkSpecial(name, kernel, tile, Float.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    Arrays.fill(tile.logits, Float.NEGATIVE_INFINITY);
    tile.labels[0] = Tile.NO_LABEL;
    kernel.reduce(tile);
    require(name, "a row of −∞", tile.blockSum[0], 0);
    checkShape(name, kernel, 9, 5, 5);
    checkShape(name, kernel, 9, 5, 8);
    checkShape(name, kernel, 3, Tile.BLOCK + 70, Tile.BLOCK + 70);
    checkElementary(name, kernel);
  }

  /** Sums and probabilities of every block of several rows, narrow or of more than one block. */
  private static void checkShape(
      String name, SoftmaxKernel kernel, int rows, int columns, int stride) {
    Tile tile = new Tile();
    tile.rows = rows;
    tile.columns = columns;
    tile.contiguous = stride == columns;
    tile.logits = new float[rows * stride];
    tile.exps = new float[rows * columns];
    tile.expsStride = columns;
    tile.out = new float[rows * stride];
    fill(tile.logits, 1);
    for (int row = 0; row < rows; row++) {
      tile.logitsStart[row] = row * stride;
      tile.outStart[row] = row * stride;
      tile.labels[row] = row * 7 % columns;
    }
    kernel.reduce(tile);
    for (int slot = 0; slot < rows * tile.blocks(); slot++) {
      checkSlot(name, tile, slot);
    }
    kernel.map(tile, MapForm.SCALED);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        if (i != tile.labels[row]) {
          double expected = StrictMath.exp(tile.logits[row * stride + i]) / 1024;
          require(name, "class " + i + " of row " + row, tile.out[row * stride + i], expected);
        }
      }
    }
  }

  /** One block's sum; leaves the factors that make e^x / 1024 of its exponentials. */
  static void checkSlot(String name, Tile tile, int slot) {
    int row = slot / tile.blocks();
    int block = slot % tile.blocks();
    int column = block * Tile.BLOCK;
    double frame = Summary.logFrame(tile.blockExponent[slot], tile.blockOrigin[slot]);
    double expected = 0;
    for (int i = column; i < column + tile.blockColumns(block); i++) {
      float x = tile.logits[tile.logitsStart[row] + i];
      expected += i == tile.labels[row] ? 0 : StrictMath.exp(x - frame);
    }
    require(name, "the sum of block " + block + " of row " + row, tile.blockSum[slot], expected);
    double factor = StrictMath.exp(frame) / 1024;
    tile.scale[slot] = (float) factor;
    tile.scaleLow[slot] = (float) (factor - tile.scale[slot]);
    tile.rescale[slot] = 1;
    tile.cutoff[slot] = 0;
  }

  /** The bits of exp and log1p. */
  private static void checkElementary(String name, SoftmaxKernel kernel) {
    double[] exps = new double[21];
    double[] logs = new double[21];
    for (int i = 0; i < exps.length; i++) {
      exps[i] = (i - 9) * 61.7;
      logs[i] = StrictMath.exp((i - 9) * 30.3);
    }
    double[] arguments = exps.clone();
    double[] others = logs.clone();
    kernel.exp(exps, 1, exps.length);
    kernel.log1p(logs, 1, logs.length);
    for (int i = 1; i < exps.length; i++) {
      requireBits(name, "exp " + arguments[i], exps[i], Elementary.exp(arguments[i]));
      requireBits(name, "log1p " + others[i], logs[i], Elementary.log1p(others[i]));
    }
  }

  private static void requireBits(String name, String what, double actual, double expected) {
    require(name, what, Double.compare(actual, expected) == 0 ? expected : Double.NaN, expected);
  }

  /** Logits from −8 to 8 around an offset, every seventh masked. */
  static void fill(float[] logits, float offset) {
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
    tile.targets = new float[COLUMNS];
    double weightedSum = 0;
    for (int i = 0; i < COLUMNS; i++) {
      boolean masked = tile.logits[i] == Float.NEGATIVE_INFINITY;
      tile.classVector[i] = masked ? 0 : i % 3;
      tile.upstream[i] = i % 11 / 4f;
      tile.targets[i] = i % 13 / 8f;
      weightedSum += masked ? 0 : (double) tile.classVector[i] * tile.logits[i];
    }
    kernel.weightedSums(tile);
    require(name, "Σ w·x", tile.weightedSum[0], weightedSum);
    tile.shift[0] = -0.375;
    tile.targetFactor[0] = -0.75;
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
            case SCALED_MINUS_TARGETS ->
                scaled + tile.classVector[i] * (0.75 * tile.targets[i] + 0.375);
            case LOGARITHM -> tile.logits[i] - 3.125;
            case SCALED_TIMES_UPSTREAM -> scaled * (v + 0.375);
            case SCALED_TIMES_ERROR ->
                scaled * (0.75 * tile.classVector[i] * (tile.targets[i] - scaled) + 0.375);
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

  /** Σ w·q and Σ w·q·x, with and without weights, one of w and q 0 where x is −∞. */
  private static void checkTargetSums(String name, SoftmaxKernel kernel, Tile tile) {
    fill(tile.logits, 2);
    for (boolean weighted : new boolean[] {true, false}) {
      if (!weighted) {
        tile.classVector = null;
      }
      double sum = 0;
      double dot = 0;
      int peak = 0;
      for (int i = 0; i < COLUMNS; i++) {
        boolean masked = tile.logits[i] == Float.NEGATIVE_INFINITY;
        tile.targets[i] = masked && !weighted ? 0 : i % 13 / 8f;
        double target = weighted ? tile.classVector[i] * tile.targets[i] : tile.targets[i];
        sum += target;
        dot += masked ? 0 : target * tile.logits[i];
        peak = tile.targets[i] > tile.targets[peak] ? i : peak;
      }
      kernel.targetPeaks(tile);
      require(name, "the largest target", tile.targetPeak[0], peak);
      require(name, "Σ w·q beside it", tile.targetSum[0], sum);
      require(name, "Σ w·q·x beside it", tile.targetDot[0], dot);
      kernel.targetSums(tile);
      require(name, "Σ w·q", tile.targetSum[0], sum);
      require(name, "Σ w·q·x", tile.targetDot[0], dot);
    }
  }

  private static void checkArgMax(String name, SoftmaxKernel kernel) {
    for (int count : new int[] {1, 5, COLUMNS}) {
      float[] values = new float[COLUMNS + 2];
      fill(values, 0);
      values[0] = 80;
      values[1] = Float.NaN;
      int largest = count * 2 / 3;
      values[1 + largest] = 40;
      values[count] = 40;
      values[1 + count] = 80;
      require(name, "the largest of " + count, kernel.argMax(values, 1, count), largest);
      Arrays.fill(values, Float.NEGATIVE_INFINITY);
      require(name, "the largest of " + count + " × −∞", kernel.argMax(values, 1, count), 0);
      Arrays.fill(values, Float.NaN);
      require(name, "the largest of " + count + " × NaN", kernel.argMax(values, 1, count), -1);
    }
  }

  private static void checkSpecial(
      String name, SoftmaxKernel kernel, Tile tile, float value, double expected) {
    fill(tile.logits, 0);
    tile.logits[COLUMNS - 2] = value;
    for (int label : new int[] {1, Tile.NO_LABEL}) {
      tile.labels[0] = label;
      kernel.reduce(tile);
      require(name, "the sum of a row with " + value, tile.blockSum[0], expected);
    }
  }

  /** Refuses a kernel whose result is more than rounding away from what it should be. */
  static void require(String name, String what, double actual, double expected) {
    Requirement.check(
        name, what, actual, expected, TOLERANCE * Math.abs(expected) + Float.MIN_NORMAL);
  }
}
