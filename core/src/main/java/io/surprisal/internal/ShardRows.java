package io.surprisal.internal;

/**
 * What one shard of the classes knows of each row of a batch, and what several know together: Σ
 * exp(x) without the label's term, Σ w·x, and the label's logit where the label is among their
 * classes.
 */
public final class ShardRows {
  /** A row that is ignored. */
  private static final int IGNORED = 0;

  /** A row that counts, its label in another shard. */
  private static final int COUNTED = 1;

  /** A row that counts, its label here. */
  private static final int LABELLED = 2;

  /** In the wire form beside the state: an origin follows, which is 0 otherwise. */
  private static final int HAS_ORIGIN = 4;

  /** Exponents of real sums are far smaller. */
  private static final int EXPONENT_LIMIT = 1 << 29;

  private final double[] sum;
  private final int[] exponent;
  private final float[] origin;
  private final float[] labelLogit;
  private final byte[] state;

  /** Null where no weighted sum is needed. */
  private final double[] weightedSum;

  /**
   * Rows that are all ignored as yet.
   *
   * @param rows number of rows
   * @param weighted whether they have weighted sums
   */
  public ShardRows(int rows, boolean weighted) {
    sum = new double[rows];
    exponent = new int[rows];
    origin = new float[rows];
    labelLogit = new float[rows];
    state = new byte[rows];
    weightedSum = weighted ? new double[rows] : null;
  }

  /**
   * Number of rows.
   *
   * @return ignored ones included
   */
  public int rows() {
    return state.length;
  }

  /**
   * Whether rows have weighted sums.
   *
   * @return as they were made
   */
  public boolean isWeighted() {
    return weightedSum != null;
  }

  /**
   * Whether a row counts.
   *
   * @param row from 0 to rows − 1
   * @return false for an ignored row
   */
  public boolean isCounted(int row) {
    return state[row] != IGNORED;
  }

  /**
   * Whether a row's label is among the classes.
   *
   * @param row from 0 to rows − 1
   * @return false for an ignored row
   */
  public boolean isLabelled(int row) {
    return state[row] == LABELLED;
  }

  /** Takes a row from where a pass has reduced it. */
  void take(RowBlock block, int slot) {
    int row = block.index[slot];
    boolean own = block.label[slot] >= 0;
    set(row, block.sum[slot], block.exponent[slot], block.origin[slot]);
    state[row] = (byte) (own ? LABELLED : COUNTED);
    labelLogit[row] = own ? block.labelLogit[slot] : 0;
    if (weightedSum != null) {
      weightedSum[row] = block.weightedSum[slot];
    }
  }

  /** Origins are floats: each is the maximum of some block. */
  private void set(int row, double newSum, int newExponent, double newOrigin) {
    sum[row] = newSum;
    exponent[row] = newSum == 0 ? 0 : newExponent;
    origin[row] = newSum == 0 ? 0 : (float) newOrigin;
  }

  /** Gives a row to a block, as if its pass had seen all these classes. */
  void put(RowBlock block, int slot) {
    int row = block.index[slot];
    block.sum[slot] = sum[row];
    block.exponent[slot] = exponent[row];
    block.origin[slot] = origin[row];
    block.labelLogit[slot] = labelLogit[row];
    block.weightedSum[slot] = weightedSum == null ? 0 : weightedSum[row];
  }

  /**
   * The rows as this shard and the next one know them together.
   *
   * @param next of the same rows, with weighted sums if this has them
   * @return new rows
   */
  public ShardRows merge(ShardRows next) {
    ShardRows merged = new ShardRows(rows(), isWeighted());
    Summary summary = new Summary();
    for (int row = 0; row < rows(); row++) {
      summary.clear();
      summary.merge(sum[row], exponent[row], origin[row], 0);
      summary.merge(next.sum[row], next.exponent[row], next.origin[row], 0);
      merged.set(row, summary.sum, summary.exponent, summary.origin);
      boolean later = next.state[row] == LABELLED;
      merged.state[row] = later ? LABELLED : state[row];
      merged.labelLogit[row] = later ? next.labelLogit[row] : labelLogit[row];
      if (weightedSum != null) {
        merged.weightedSum[row] = weightedSum[row] + next.weightedSum[row];
      }
    }
    return merged;
  }

  /**
   * Writes the rows.
   *
   * @param out where to
   */
  public void writeTo(WireWriter out) {
    for (int row = 0; row < rows(); row++) {
      boolean hasOrigin = origin[row] != 0;
      out.octet(hasOrigin ? state[row] | HAS_ORIGIN : state[row]);
      if (state[row] != IGNORED) {
        out.real(sum[row]);
        out.count(zigzag(exponent[row]));
        if (hasOrigin) {
          out.word(Float.floatToIntBits(origin[row]));
        }
        if (state[row] == LABELLED) {
          out.word(Float.floatToIntBits(labelLogit[row]));
        }
        if (weightedSum != null) {
          out.real(weightedSum[row]);
        }
      }
    }
  }

  /** Small numbers of either sign become small numbers of none. */
  private static long zigzag(int number) {
    return Integer.toUnsignedLong(number << 1 ^ number >> 31);
  }

  /**
   * Reads rows.
   *
   * @param in where from
   * @param weighted whether they have weighted sums
   * @return new rows
   * @throws IllegalArgumentException if there are none, or some that no logits give
   */
  public static ShardRows readFrom(WireReader in, boolean weighted) {
    // Each row has a byte or more, so that no lie allocates more than was sent.
    ShardRows read = new ShardRows((int) in.count("rows", in.left()), weighted);
    for (int row = 0; row < read.rows(); row++) {
      int code = in.choice("the state of a row", HAS_ORIGIN + LABELLED + 1);
      int state = code & (HAS_ORIGIN - 1);
      if (state > LABELLED || code == HAS_ORIGIN) {
        throw in.refused("have " + code + " as the state of a row, which is none");
      }
      read.state[row] = (byte) state;
      if (state != IGNORED) {
        read.readRow(in, row, code > HAS_ORIGIN);
      }
    }
    return read;
  }

  private void readRow(WireReader in, int row, boolean hasOrigin) {
    double newSum = in.real("the sum of a row");
    long zigzag = in.count("the exponent of a row", 2L * EXPONENT_LIMIT);
    float newOrigin = hasOrigin ? Float.intBitsToFloat(in.word("the origin of a row")) : 0;
    if (newSum < 0) {
      throw in.refused("have the sum " + newSum + ", which is negative");
    }
    if (!Float.isFinite(newOrigin)) {
      throw in.refused("have the origin " + newOrigin + ", which is not finite");
    }
    set(row, newSum, (int) (zigzag >>> 1 ^ -(zigzag & 1)), newOrigin);
    if (state[row] == LABELLED) {
      labelLogit[row] = Float.intBitsToFloat(in.word("the label's logit of a row"));
    }
    if (weightedSum != null) {
      weightedSum[row] = in.real("the weighted sum of a row");
    }
  }
}
