package io.surprisal.internal;

/**
 * The wire form of {@link EvaluationCounts}. Counts that contradict each other are refused: no rows
 * give them.
 */
public final class EvaluationWire {
  /** Confidences are at most 1: 2^23 of the upper part for each row. */
  private static final int HIGH_BITS = 23;

  private EvaluationWire() {}

  /**
   * Writes counts.
   *
   * @param counts what others were added to, so that lower parts have 32 bits
   * @param out where to
   */
  public static void write(EvaluationCounts counts, WireWriter out) {
    out.count(counts.top());
    out.count(counts.bins());
    out.count(counts.rows);
    out.count(counts.hits);
    out.count(counts.undefined);
    for (int rank = 0; rank < counts.top(); rank++) {
      out.count(counts.ranks[rank]);
    }
    for (int bin = 0; bin < counts.bins(); bin++) {
      out.count(counts.binRows[bin]);
      out.count(counts.binHits[bin]);
      out.count(counts.binHigh[bin]);
      out.word((int) counts.binLow[bin]);
    }
  }

  /**
   * Reads counts.
   *
   * @param in where from
   * @return new counts
   * @throws IllegalArgumentException if there are none, or some that no rows give
   */
  public static EvaluationCounts read(WireReader in) {
    // Each rank and each bin has a byte or more, so that no lie allocates more than was sent.
    int top = (int) in.count("ranks", in.left());
    int bins = (int) in.count("bins", in.left());
    if (top == 0 || bins == 0) {
      throw in.refused("have no ranks or no bins");
    }
    EvaluationCounts counts = new EvaluationCounts(top, bins);
    counts.rows = in.count("rows", Long.MAX_VALUE);
    counts.hits = in.count("rows that are right", counts.rows);
    counts.undefined = in.count("undefined rows", counts.rows);
    long unranked = counts.rows;
    for (int rank = 0; rank < top; rank++) {
      counts.ranks[rank] = in.count("rows of a rank", unranked);
      unranked -= counts.ranks[rank];
    }
    readBins(counts, in);
    return counts;
  }

  private static void readBins(EvaluationCounts counts, WireReader in) {
    long rows = counts.rows - counts.undefined;
    long hits = counts.hits;
    for (int bin = 0; bin < counts.bins(); bin++) {
      counts.binRows[bin] = in.count("rows of a bin", rows);
      counts.binHits[bin] =
          in.count("rows of a bin that are right", Math.min(hits, counts.binRows[bin]));
      counts.binHigh[bin] = in.count("a bin's confidence", Long.MAX_VALUE);
      counts.binLow[bin] = Integer.toUnsignedLong(in.word("a bin's confidence"));
      if (isMoreThanOne(counts, bin)) {
        throw in.refused("have a bin whose mean confidence is above 1");
      }
      rows -= counts.binRows[bin];
      hits -= counts.binHits[bin];
    }
    if (rows != 0) {
      throw in.refused("have " + rows + " rows that are in no bin");
    }
    if (hits > counts.undefined) {
      throw in.refused("have " + hits + " rows that are right and in no bin");
    }
  }

  private static boolean isMoreThanOne(EvaluationCounts counts, int bin) {
    long high = counts.binHigh[bin];
    long ones = high >>> HIGH_BITS;
    boolean more = (high & ((1L << HIGH_BITS) - 1)) != 0 || counts.binLow[bin] != 0;
    return ones > counts.binRows[bin] || (ones == counts.binRows[bin] && more);
  }
}
