package io.surprisal.internal;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/** What a kernel must get right of losses with logarithms in their sums. */
final class ClassSelfTest {
  private ClassSelfTest() {}

  /** The sums and entries of every form of losses with logarithms, against plain loops. */
  static void check(String name, SoftmaxKernel kernel, Tile tile) {
    tile.companion = companion(kernel, tile);
    setPeak(tile, 0.25);
    for (int i = 0; i < tile.columns; i++) {
      // A sum with an impossible class in it says nothing of the others.
      tile.targets[i] = tile.logits[i] == Float.NEGATIVE_INFINITY ? 0 : tile.targets[i];
    }
    tile.out = new float[tile.columns];
    tile.targetFactor[0] = -1.5;
    tile.shift[0] = 0.75;
    float[] out = new float[tile.columns];
    for (float[] weights : new float[][] {null, tile.classVector}) {
      tile.classVector = weights;
      for (ClassForm form : ClassForm.values()) {
        PlainClasses.map(tile, form);
        System.arraycopy(tile.out, 0, out, 0, tile.columns);
        kernel.mapClasses(tile, form);
        for (int i = 0; i < tile.columns; i++) {
          if (form != ClassForm.SQUARED_FOCAL || i != tile.labels[0]) {
            SelfTest.require(name, "class " + i + " by " + form, tile.out[i], out[i]);
          }
        }
        PlainClasses.weigh(tile, form);
        double sum = tile.weighedSum[0];
        double dot = tile.weighedDot[0];
        kernel.weighClasses(tile, form);
        SelfTest.require(name, "first sum of " + form, tile.weighedSum[0], sum);
        SelfTest.require(name, "second sum of " + form, tile.weighedDot[0], dot);
      }
    }
  }

  /** Other logits of the same row. */
  private static Tile companion(SoftmaxKernel kernel, Tile tile) {
    Tile other = new Tile();
    other.rows = 1;
    other.columns = tile.columns;
    other.logits = new float[tile.columns];
    other.exps = new float[tile.columns];
    other.expsStride = tile.columns;
    SelfTest.fill(other.logits, 0.5f);
    other.logits[7] = 1.75f;
    other.labels[0] = 7;
    kernel.reduce(other);
    setPeak(other, 0.5);
    return other;
  }

  /** Factors that make 2^−10·e^x of every exponential, and a peak. */
  private static void setPeak(Tile tile, double surprisal) {
    for (int slot = 0; slot < tile.blocks(); slot++) {
      double factor = StrictMath.scalb(StrictMath.exp(tile.blockOrigin[slot]), -10);
      tile.scale[slot] = (float) StrictMath.scalb(factor, tile.blockExponent[slot]);
      tile.scaleLow[slot] = 0;
      tile.rescale[slot] = 1;
    }
    tile.peakLogit[0] = 9;
    tile.peakSurprisal[0] = surprisal;
    tile.exps[tile.labels[0]] = 1;
  }
}
