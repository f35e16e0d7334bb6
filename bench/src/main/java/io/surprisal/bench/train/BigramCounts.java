package io.surprisal.bench.train;

/** How often each byte follows each other byte in a text. */
public final class BigramCounts {
  /** Number of byte values. */
  public static final int BYTES = 256;

  private static final double LN2 = Math.log(2);

  private final int[] counts = new int[BYTES * BYTES];
  private final int pairs;

  /** Counts the pairs of a text of two bytes or more. */
  public BigramCounts(byte[] text) {
    pairs = text.length - 1;
    for (int i = 0; i < pairs; i++) {
      counts[Byte.toUnsignedInt(text[i]) * BYTES + Byte.toUnsignedInt(text[i + 1])]++;
    }
  }

  /** Number of pairs: one less than the text has bytes. */
  public int pairs() {
    return pairs;
  }

  /** How often {@code next} follows {@code previous}. */
  public int count(int previous, int next) {
    return counts[previous * BYTES + next];
  }

  /** Number of different pairs. */
  int distinctPairs() {
    int distinct = 0;
    for (int count : counts) {
      distinct += count > 0 ? 1 : 0;
    }
    return distinct;
  }

  /**
   * H(next | previous): the mean of −log₂ of the relative frequency of a byte among those that
   * follow the same byte. No model that sees one byte can spend fewer bits on this text.
   */
  public double conditionalEntropy() {
    double nats = 0;
    for (int previous = 0; previous < BYTES; previous++) {
      nats += surprisalAfter(previous);
    }
    return nats / (LN2 * pairs);
  }

  private double surprisalAfter(int previous) {
    long total = 0;
    for (int next = 0; next < BYTES; next++) {
      total += count(previous, next);
    }
    double nats = 0;
    for (int next = 0; next < BYTES; next++) {
      int count = count(previous, next);
      nats += count == 0 ? 0 : count * Math.log((double) total / count);
    }
    return nats;
  }
}
