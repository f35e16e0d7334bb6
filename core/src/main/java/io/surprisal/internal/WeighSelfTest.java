package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.WeighForm;

/** What a kernel must get right of sums over probabilities. */
final class WeighSelfTest {
  private static final int COLUMNS = 133;

  private WeighSelfTest() {}

  /** Σ w·(p − q)² and Σ w·p·(p − q), with and without weights and targets, of two blocks. */
  static void check(String name, SoftmaxKernel kernel) {
    Tile tile = new Tile();
    tile.rows = 1;
    tile.columns = Tile.BLOCK + COLUMNS;
    tile.logits = new float[tile.columns];
    tile.exps = new float[tile.columns];
    tile.expsStride = tile.columns;
    SelfTest.fill(tile.logits, 1);
    float[] weights = new float[tile.columns];
    float[] targets = new float[tile.columns];
    for (int i = 0; i < tile.columns; i++) {
      weights[i] = i % 3;
      targets[i] = i % 13 / 8f;
    }
    for (int kind = 0; kind < 8; kind++) {
      tile.classVector = (kind & 1) == 0 ? null : weights;
      tile.targets = (kind & 2) == 0 ? null : targets;
      tile.labels[0] = (kind & 4) == 0 ? Tile.BLOCK + 40 : 83;
      kernel.reduce(tile);
      for (int slot = 0; slot < tile.blocks(); slot++) {
        SelfTest.checkSlot(name, tile, slot);
      }
      checkErrorSums(name, kernel, tile);
    }
    ClassSelfTest.check(name, kernel, tile);
  }

  private static void checkErrorSums(String name, SoftmaxKernel kernel, Tile tile) {
    double sum = 0;
    double dot = 0;
    for (int i = 0; i < tile.columns; i++) {
      if (i != tile.labels[0]) {
        double weight = tile.classVector == null ? 1 : tile.classVector[i];
        double p = StrictMath.exp(tile.logits[i]) / 1024;
        double error = p - (tile.targets == null ? 0 : tile.targets[i]);
        sum += weight * error * error;
        dot += weight * error * p;
      }
    }
    kernel.weigh(tile, WeighForm.SQUARED_ERROR);
    SelfTest.require(name, "Σ w·(p − q)²", tile.weighedSum[0], sum);
    SelfTest.require(name, "Σ w·p·(p − q)", tile.weighedDot[0], dot);
  }
}
