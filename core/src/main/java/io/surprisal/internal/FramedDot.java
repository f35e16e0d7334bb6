package io.surprisal.internal;

import io.surprisal.spi.DoubleTile;

/** A running Σ e·v in one frame, in two parts, of terms in any frames. */
final class FramedDot {
  /** The sum, rounded. */
  double sum;

  /** What the sum lost by rounding. */
  double low;

  private int exponent;
  private double origin;
  private final DoubleSummary frames = new DoubleSummary();

  FramedDot() {}

  /** Makes it 0, in a frame. */
  void clear(int exponent, double origin) {
    sum = 0;
    low = 0;
    this.exponent = exponent;
    this.origin = origin;
  }

  /** Adds a term in two parts that stands in another frame. */
  void add(double term, double termLow, int termExponent, double termOrigin) {
    frames.setFactor(termExponent, termOrigin, exponent, origin);
    double scaled = frames.scaled(term, termLow);
    double next = sum + scaled;
    low += ElementaryPairs.lost(sum, scaled, next) + frames.scaledLow();
    sum = next;
  }

  /** Adds those of a tile's row. */
  void addBlocks(DoubleTile tile, int row) {
    for (int slot = row * tile.blocks(); slot < (row + 1) * tile.blocks(); slot++) {
      add(
          tile.blockDot[slot],
          tile.blockDotLow[slot],
          tile.blockExponent[slot],
          tile.blockOrigin[slot]);
    }
  }

  /** Leaves itself in a slot. */
  void copyTo(DoubleRows rows, int slot) {
    rows.dot[slot] = sum;
    rows.dotLow[slot] = low;
  }
}
