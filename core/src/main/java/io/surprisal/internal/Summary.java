package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * A running {@code Σ exp(x) = sum · 2^exponent · e^origin} that others are merged into, and a sum
 * {@code dot = Σ exp(x)·v} in the same frame.
 *
 * <p>Merging is commutative to the bit, and the empty summary (sum 0) is its identity. Where the
 * origins are equal it scales by powers of two, which is exact (Milakov and Gimelshein 2018, arXiv
 * 1805.02867, with the exponent kept apart as in Dukhan and Ablavatski 2020, arXiv 2001.04438).
 */
public final class Summary {
  /** ln 2, rounded to double. */
  static final double LN2 = 0x1.62e42fefa39efp-1;

  /** The sum S; 0 for no terms, +∞ where a term is +∞, NaN where one is NaN. */
  public double sum;

  /** The exponent N. */
  public int exponent;

  /** The origin a. */
  public double origin;

  /** Σ exp(x)·v, scaled like the sum. */
  public double dot;

  /** An empty summary. */
  public Summary() {}

  /** Makes it empty. */
  public void clear() {
    set(0, 0, 0, 0);
  }

  private void set(double sum, int exponent, double origin, double dot) {
    this.sum = sum;
    this.exponent = exponent;
    this.origin = origin;
    this.dot = dot;
  }

  /**
   * Merges another summary into this one.
   *
   * @param otherSum its sum
   * @param otherExponent its exponent
   * @param otherOrigin its origin
   * @param otherDot its dot
   */
  public void merge(double otherSum, int otherExponent, double otherOrigin, double otherDot) {
    if (otherSum == 0) {
      return;
    }
    if (sum == 0) {
      set(otherSum, otherExponent, otherOrigin, otherDot);
    } else if (!Double.isFinite(sum) || !Double.isFinite(otherSum)) {
      // NaN wins over +∞, +∞ over every number; their frame is the plain one.
      set(sum + otherSum, 0, 0, Double.NaN);
    } else {
      // With moderate sums and a factor of at most 1 nothing overflows.
      int shift = shift(sum);
      set(Math.scalb(sum, -shift), exponent + shift, origin, Math.scalb(dot, -shift));
      shift = shift(otherSum);
      mergeModerate(
          Math.scalb(otherSum, -shift),
          otherExponent + shift,
          otherOrigin,
          Math.scalb(otherDot, -shift));
    }
  }

  /** What to move from a sum to its exponent: nothing while the sum is within 2^±500. */
  private static int shift(double sum) {
    int shift = Math.getExponent(sum);
    return Math.abs(shift) <= 500 ? 0 : shift;
  }

  private void mergeModerate(
      double otherSum, int otherExponent, double otherOrigin, double otherDot) {
    if (isLarger(exponent, origin, otherExponent, otherOrigin)) {
      double factor = factor(otherExponent, otherOrigin, exponent, origin);
      sum += otherSum * factor;
      dot += otherDot * factor;
    } else {
      double factor = factor(exponent, origin, otherExponent, otherOrigin);
      set(sum * factor + otherSum, otherExponent, otherOrigin, dot * factor + otherDot);
    }
  }

  /** Whether one frame's scale is larger than another's; equal scales are told apart by origin. */
  private static boolean isLarger(int exponent, double origin, int other, double otherOrigin) {
    double difference = (origin - otherOrigin) + (exponent - other) * LN2;
    return difference > 0 || (difference == 0 && origin >= otherOrigin);
  }

  /**
   * What a value in one frame is multiplied by to stand in another.
   *
   * @param exponent the frame it stands in
   * @param origin the frame it stands in
   * @param toExponent the other frame
   * @param toOrigin the other frame
   * @return {@code 2^(exponent − toExponent) · e^(origin − toOrigin)}
   */
  public static double factor(int exponent, double origin, int toExponent, double toOrigin) {
    int shift = exponent - toExponent;
    return origin == toOrigin
        ? Math.scalb(1.0, shift)
        : StrictMath.exp((origin - toOrigin) + shift * LN2);
  }

  /**
   * log Σ exp(x) of a frame: the natural logarithm of its scale.
   *
   * @param exponent N
   * @param origin a
   * @return {@code a + N·ln 2}
   */
  public static double logFrame(int exponent, double origin) {
    return origin + exponent * LN2;
  }

  /**
   * log Σ exp(x).
   *
   * @param sum S
   * @param exponent N
   * @param origin a
   * @return −∞ for an empty summary, +∞ and NaN as the sum is
   */
  public static double logSumExp(double sum, int exponent, double origin) {
    return Elementary.log(sum) + logFrame(exponent, origin);
  }

  /** Becomes the sum of a tile's row: its blocks, in order. */
  void mergeBlocks(Tile tile, int row) {
    int blocks = tile.blocks();
    clear();
    for (int slot = row * blocks; slot < (row + 1) * blocks; slot++) {
      merge(
          tile.blockSum[slot],
          tile.blockExponent[slot],
          tile.blockOrigin[slot],
          tile.blockDot[slot]);
    }
  }

  /** Leaves itself in a slot. */
  void copyTo(RowBlock block, int slot) {
    block.sum[slot] = sum;
    block.exponent[slot] = exponent;
    block.origin[slot] = origin;
    block.dot[slot] = dot;
  }
}
