package io.surprisal.bench.spark;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The mean loss of the rows of each class. Losses are added as multiples of 2^−30 nats, in
 * integers, so that no cut of the rows and no order of merging shows.
 */
public final class ClassLosses implements Serializable {
  private static final long serialVersionUID = 1;
  private static final double UNIT = 0x1p-30;

  private long[] units = new long[0];
  private long[] rows = new long[0];

  /** Rows whose loss is infinite or NaN. */
  private long[] undefined = new long[0];

  /** Adds a row's loss to its class. */
  void add(int label, float loss) {
    ensure(label + 1);
    rows[label]++;
    if (Float.isFinite(loss)) {
      units[label] += Math.round(loss / UNIT);
    } else {
      undefined[label]++;
    }
  }

  private void ensure(int classes) {
    if (rows.length < classes) {
      units = Arrays.copyOf(units, classes);
      rows = Arrays.copyOf(rows, classes);
      undefined = Arrays.copyOf(undefined, classes);
    }
  }

  /** Adds those of other rows. */
  void merge(ClassLosses other) {
    ensure(other.rows.length);
    for (int label = 0; label < other.rows.length; label++) {
      units[label] += other.units[label];
      rows[label] += other.rows[label];
      undefined[label] += other.undefined[label];
    }
  }

  /** One more than the largest label. */
  public int classes() {
    return rows.length;
  }

  /** How many rows have this label. */
  public long rows(int label) {
    return rows[label];
  }

  /** Their mean loss in nats; NaN without rows, and where a loss was not finite. */
  public double mean(int label) {
    return undefined[label] > 0 ? Double.NaN : units[label] * UNIT / rows[label];
  }
}
