package io.surprisal.bench.train;

/**
 * The positions of a text, each once before any comes again, neighbours far apart: multiples of the
 * golden section of the length, from a seeded start. A shuffled list would need memory.
 */
final class Positions {
  private static final double GOLDEN_SECTION = 0.6180339887498949;

  private final int length;
  private final int stride;
  private int position;

  Positions(int length, long seed) {
    this.length = length;
    this.stride = coprime(length, (int) Math.max(1, length * GOLDEN_SECTION));
    this.position = (int) Math.floorMod(seed, (long) length);
  }

  /** A stride without a common divisor visits every position. */
  private static int coprime(int length, int from) {
    int stride = from;
    while (greatestCommonDivisor(length, stride) != 1) {
      stride++;
    }
    return stride;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  int next() {
    int current = position;
    position = (int) (((long) position + stride) % length);
    return current;
  }
}
