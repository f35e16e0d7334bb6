package io.surprisal.internal;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.ElementTile;

/** What a kernel of element losses must get right before it serves, against the reference. */
final class ElementSelfTest {
  private static final int COUNT = 203;
  private static final double TOLERANCE = 0x1p-20;
  private static final float[] SPECIAL = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, -0f, 88, -104
  };

  private ElementSelfTest() {}

  /** Throws if the kernel is wrong. */
  static void check(String name, ElementKernel kernel) {
    ElementTile tile = tile();
    float[] losses = new float[COUNT];
    float[] gradient = new float[COUNT];
    for (ElementForm form : ElementForm.values()) {
      tile.losses = losses;
      tile.gradient = gradient;
      kernel.exponentials(tile);
      kernel.losses(tile, form);
      kernel.gradient(tile, form);
      float[] exactLosses = new float[COUNT];
      float[] exactGradient = new float[COUNT];
      tile.losses = exactLosses;
      tile.gradient = exactGradient;
      ElementReference reference = new ElementReference();
      reference.losses(tile, form);
      reference.gradient(tile, form);
      for (int i = 0; i < COUNT; i++) {
        String what = form + " at " + tile.inputs[i];
        require(name, "the loss of " + what, losses[i], exactLosses[i]);
        require(name, "the gradient of " + what, gradient[i], exactGradient[i]);
      }
    }
    double sum = new ElementReference().sum(tile.negative, 0, tile);
    require(name, "a sum", kernel.sum(tile.negative, 0, tile), sum);
    checkScan(name, kernel, tile.negative);
  }

  private static ElementTile tile() {
    ElementTile tile = new ElementTile();
    tile.count = COUNT;
    tile.inputs = new float[COUNT];
    tile.positive = new float[COUNT];
    tile.scale = 0.75f;
    for (int i = 0; i < COUNT; i++) {
      tile.inputs[i] = (i * 37 % 128 - 64) / 4f;
      tile.positive[i] = i % 5 / 4f;
      tile.negative[i] = 1 - tile.positive[i];
    }
    System.arraycopy(SPECIAL, 0, tile.inputs, 70, SPECIAL.length);
    return tile;
  }

  private static void checkScan(String name, ElementKernel kernel, float[] values) {
    for (float wrong : new float[] {-1e-30f, 1.0000001f, Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] spoilt = values.clone();
      spoilt[101] = wrong;
      boolean found = kernel.anyOutside(spoilt, 1, COUNT, 1);
      boolean none = kernel.anyOutside(spoilt, 102, COUNT, 1);
      require(name, "the scan for " + wrong, found && !none ? 1 : 0, 1);
    }
  }

  private static void require(String name, String what, double actual, double expected) {
    Requirement.check(
        name, what, actual, expected, TOLERANCE * Math.abs(expected) + TOLERANCE * TOLERANCE);
  }
}
