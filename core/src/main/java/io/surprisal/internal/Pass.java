package io.surprisal.internal;

import java.util.concurrent.ForkJoinPool;

/**
 * One call on a batch: the caller's arrays and numbers, checked, and the work that is done on them.
 *
 * <p>Passes are lent out and used again; the façade fills in the fields, runs the pass and gives it
 * back. What is optional is null or neutral in a pass just lent.
 */
public abstract class Pass {
  /** Number of rows. */
  public int rows;

  /** Number of classes. */
  public int classes;

  /** The logits, or log-probabilities. */
  public final Strided logits = new Strided();

  /** What is written or added to for every class; absent where nothing is. */
  public final Strided out = new Strided();

  /** Whether results are added to {@link #out}. */
  public boolean added;

  /** Labels and weights of the rows; no labels for an operation that has none. */
  public final LabelledRows labelled = new LabelledRows();

  /** Upstream gradient of each row, or null. */
  public float[] upstreamRows;

  /** What multiplies the upstream gradient of every row. */
  public double upstreamScale = 1;

  /** Row results, or null. */
  public float[] losses;

  /** Row results in double, or null. */
  public double[] doubleLosses;

  /** Further results of labelled rows, or null. */
  public RowOutputs rowOutputs;

  /** Totals, or null. */
  public TileTotals totals;

  /** How many passes the call makes, which may allocate no more together than one. */
  public int passes = 1;

  Pass() {}

  /**
   * Does the work.
   *
   * @param pool where, or null for the calling thread
   */
  public abstract void run(ForkJoinPool pool);

  /** Gives the pass back, without the caller's arrays. */
  public void release() {
    logits.clear();
    out.clear();
    added = false;
    labelled.clear();
    upstreamRows = null;
    upstreamScale = 1;
    losses = null;
    doubleLosses = null;
    rowOutputs = null;
    totals = null;
    passes = 1;
  }

  /** The upstream gradient of a row's loss. */
  double upstream(int row) {
    return upstreamScale * (upstreamRows == null ? 1 : upstreamRows[row]);
  }

  /** What the gradient of every row is multiplied by beside it: 1, or the scale of the logits. */
  double slope() {
    return 1;
  }

  /** Writes the results of a row that does not count. */
  void writeIgnored(int row) {
    if (losses != null) {
      losses[row] = 0;
    }
    if (doubleLosses != null) {
      doubleLosses[row] = 0;
    }
    if (rowOutputs != null) {
      rowOutputs.writeIgnored(row);
    }
    if (out.isPresent() && !added) {
      out.clear(row, classes);
    }
  }

  /** Writes the losses of slots from first to last − 1. */
  final void writeLosses(RowBlock block, int first, int last) {
    boolean follow = block.follow(first, last);
    if (losses != null && follow) {
      // The same without the index, which the compiler can make vectors of.
      int shift = block.index[first] - first;
      for (int i = first; i < last; i++) {
        losses[shift + i] = (float) block.loss[i];
      }
    } else if (losses != null) {
      for (int i = first; i < last; i++) {
        losses[block.index[i]] = (float) block.loss[i];
      }
    }
    if (doubleLosses != null && follow) {
      System.arraycopy(block.loss, first, doubleLosses, block.index[first], last - first);
    } else if (doubleLosses != null) {
      for (int i = first; i < last; i++) {
        doubleLosses[block.index[i]] = block.loss[i];
      }
    }
  }
}
