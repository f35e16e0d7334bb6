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
    for (ElementForm form : ElementForm.values()) {
      ElementTile exact = tile();
      double sum = new ElementReference().lossesAndGradient(exact, form);
      ElementTile apart = tile();
      kernel.exponentials(apart);
      require(name, "the sum of " + form, kernel.losses(apart, form), sum);
      kernel.gradient(apart, form);
      compare(name, form, apart, exact);
      ElementTile together = tile();
      kernel.exponentials(together);
      require(name, "the sum of " + form, kernel.lossesAndGradient(together, form), sum);
      compare(name, form, together, exact);
      checkSpecial(name, kernel, form);
    }
    checkScan(name, kernel, tile().positive);
  }

  private static void checkSpecial(String name, ElementKernel kernel, ElementForm form) {
    ElementTile exact = tile();
    System.arraycopy(SPECIAL, 0, exact.inputs, 70, SPECIAL.length);
    ElementTile tile = tile();
    System.arraycopy(SPECIAL, 0, tile.inputs, 70, SPECIAL.length);
    new ElementReference().lossesAndGradient(exact, form);
    kernel.exponentials(tile);
    kernel.losses(tile, form);
    kernel.gradient(tile, form);
    compare(name, form, tile, exact);
    kernel.lossesAndGradient(tile, form);
    compare(name, form, tile, exact);
  }

  private static void compare(String name, ElementForm form, ElementTile tile, ElementTile exact) {
    for (int i = 0; i < COUNT; i++) {
      String what = form + " at " + tile.inputs[i];
      require(name, "the loss of " + what, tile.losses[i], exact.losses[i]);
      require(name, "the gradient of " + what, tile.gradient[i], exact.gradient[i]);
    }
  }

  /** Any shares: those forms whose shares add up to 1 do not read the negative ones. */
  private static ElementTile tile() {
    ElementTile tile = new ElementTile();
    tile.count = COUNT;
    tile.inputs = new float[COUNT];
    tile.positive = new float[COUNT];
    tile.losses = new float[COUNT];
    tile.gradient = new float[COUNT];
    tile.scale = 0.75f;
    for (int i = 0; i < COUNT; i++) {
      tile.inputs[i] = (i * 37 % 128 - 64) / 4f;
      tile.positive[i] = i % 5 / 4f;
      tile.negative[i] = i % 7 / 4f;
    }
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
