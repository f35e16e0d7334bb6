package io.surprisal.internal;

import java.util.Arrays;

/**
 * How often rows were right, and how sure they were, as integers, which add up exactly in any
 * order.
 *
 * <p>Confidences are added as multiples of 2^−55: p_max is no less than 1/C > 2^−31, and so a float
 * whose last bit is worth 2^−54 or more. The sum's upper and lower part are two numbers, that it
 * may grow to any number of rows.
 */
public final class EvaluationCounts {
  private static final double UNITS = 0x1p55;
  private static final int LOW_BITS = 32;
  private static final long LOW_MASK = 0xFFFF_FFFFL;

  private int top;
  private int bins;
  long[] ranks;
  long[] binRows;
  long[] binHits;
  long[] binHigh;
  long[] binLow;
  long rows;
  long hits;
  long undefined;

  /**
   * Counts of nothing.
   *
   * @param top ranks that are told apart
   * @param bins of confidence, equally wide
   */
  public EvaluationCounts(int top, int bins) {
    fit(top, bins);
  }

  /**
   * Takes another shape while nothing is counted; allocates only where it is larger than before.
   */
  void fit(int newTop, int newBins) {
    top = newTop;
    bins = newBins;
    if (ranks == null || ranks.length < top) {
      ranks = new long[top];
    }
    if (binRows == null || binRows.length < bins) {
      binRows = new long[bins];
      binHits = new long[bins];
      binHigh = new long[bins];
      binLow = new long[bins];
    }
  }

  /** Takes the shape of others while nothing is counted. */
  void fit(EvaluationCounts other) {
    fit(other.top, other.bins);
  }

  /** Forgets everything. */
  public void clear() {
    Arrays.fill(ranks, 0);
    Arrays.fill(binRows, 0);
    Arrays.fill(binHits, 0);
    Arrays.fill(binHigh, 0);
    Arrays.fill(binLow, 0);
    rows = 0;
    hits = 0;
    undefined = 0;
  }

  /**
   * Counts a row.
   *
   * @param rank of the label, or −1
   * @param hit whether the label is the prediction
   * @param confidence p_max, or NaN
   */
  void add(int rank, boolean hit, float confidence) {
    rows++;
    int one = hit ? 1 : 0;
    hits += one;
    if (rank >= 0 && rank < top) {
      ranks[rank]++;
    }
    if (Float.isNaN(confidence)) {
      undefined++;
      return;
    }
    int bin = Math.clamp((long) Math.ceil((double) confidence * bins) - 1, 0, bins - 1);
    binRows[bin]++;
    binHits[bin] += one;
    long units = (long) (confidence * UNITS);
    binHigh[bin] += units >>> LOW_BITS;
    binLow[bin] += units & LOW_MASK;
  }

  /**
   * Adds others of the same shape.
   *
   * @param other unchanged
   */
  public void add(EvaluationCounts other) {
    for (int i = 0; i < top; i++) {
      ranks[i] += other.ranks[i];
    }
    for (int i = 0; i < bins; i++) {
      binRows[i] += other.binRows[i];
      binHits[i] += other.binHits[i];
      long low = binLow[i] + other.binLow[i];
      binHigh[i] += other.binHigh[i] + (low >>> LOW_BITS);
      binLow[i] = low & LOW_MASK;
    }
    rows += other.rows;
    hits += other.hits;
    undefined += other.undefined;
  }

  /**
   * Ranks that are told apart.
   *
   * @return 1 or more
   */
  public int top() {
    return top;
  }

  /**
   * Bins of confidence.
   *
   * @return 1 or more
   */
  public int bins() {
    return bins;
  }

  /**
   * Rows counted.
   *
   * @return 0 or more
   */
  public long rows() {
    return rows;
  }

  /**
   * Rows whose label was predicted.
   *
   * @return 0 or more
   */
  public long hits() {
    return hits;
  }

  /**
   * Rows without a confidence.
   *
   * @return 0 or more
   */
  public long undefined() {
    return undefined;
  }

  /**
   * Rows whose label has a rank.
   *
   * @param rank from 0 to top − 1
   * @return 0 or more
   */
  public long ranked(int rank) {
    return ranks[rank];
  }

  /**
   * Rows of a bin.
   *
   * @param bin from 0 to bins − 1
   * @return 0 or more
   */
  public long binRows(int bin) {
    return binRows[bin];
  }

  /**
   * Rows of a bin whose label was predicted.
   *
   * @param bin from 0 to bins − 1
   * @return 0 or more
   */
  public long binHits(int bin) {
    return binHits[bin];
  }

  /**
   * Sum of the confidences of a bin.
   *
   * @param bin from 0 to bins − 1
   * @return within 1 ulp of the exact sum
   */
  public double binConfidence(int bin) {
    long high = binHigh[bin] + (binLow[bin] >>> LOW_BITS);
    double units = (double) high * (LOW_MASK + 1) + (binLow[bin] & LOW_MASK);
    return units / UNITS;
  }
}
