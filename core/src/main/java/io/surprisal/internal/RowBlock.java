package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * The rows of one tile between REDUCE and MAP: their summaries, and what the head makes of them.
 *
 * <p>One slot a row, rows that are ignored left out. All arithmetic on it is in double.
 */
public final class RowBlock {
  /** Fill of a row that MAP writes. */
  static final byte MAPPED = 0;

  /** Fill of a row that is filled with 0. */
  static final byte ZEROS = 1;

  /** Fill of a row that is filled with NaN. */
  static final byte NANS = 2;

  /** |c| up to which e^c neither overflows nor loses digits. */
  static final double NEAR = 600;

  /** Number of rows. */
  public int rows;

  /** Number of classes of the whole row. */
  public int classes;

  /** Which row of the batch. */
  final int[] index = new int[Tile.MAX_ROWS];

  /** Label, or the class of the largest target, or {@link Tile#NO_LABEL}. */
  public final int[] label = new int[Tile.MAX_ROWS];

  /** The label's logit. */
  public final float[] labelLogit = new float[Tile.MAX_ROWS];

  /** Sample weight v. */
  public final double[] weight = new double[Tile.MAX_ROWS];

  /** Upstream gradient of the row's loss, divisor and all. */
  public final double[] upstream = new double[Tile.MAX_ROWS];

  /** Sum S of the exponentials, the label's left out. */
  public final double[] sum = new double[Tile.MAX_ROWS];

  /** Exponent N of the sum. */
  public final int[] exponent = new int[Tile.MAX_ROWS];

  /** Origin a of the sum. */
  public final double[] origin = new double[Tile.MAX_ROWS];

  /** Σ e·v in the frame of the sum. */
  public final double[] dot = new double[Tile.MAX_ROWS];

  /** Σ w·x. */
  public final double[] weightedSum = new double[Tile.MAX_ROWS];

  /** Σ w·x of the classes that the tail of sparse targets lies on. */
  final double[] tailSum = new double[Tile.MAX_ROWS];

  /** Σ w·q, with dense or sparse targets. */
  public final double[] targetSum = new double[Tile.MAX_ROWS];

  /** Σ w·q·x. */
  public final double[] targetDot = new double[Tile.MAX_ROWS];

  /** The target at the label, where targets are not labels. */
  public final double[] labelTarget = new double[Tile.MAX_ROWS];

  /** What a sparse target's tail gives each class. */
  public final double[] tailShare = new double[Tile.MAX_ROWS];

  /** Logarithm of the sum's frame less the label's logit. */
  final double[] labelGap = new double[Tile.MAX_ROWS];

  /** Exponential of the gap. */
  final double[] scale = new double[Tile.MAX_ROWS];

  /** (1 − p)/p of the label. */
  final double[] ratio = new double[Tile.MAX_ROWS];

  /** Head: the loss, or the row's scalar result. */
  public final double[] loss = new double[Tile.MAX_ROWS];

  /** Head: −log p of the label. */
  public final double[] likelihood = new double[Tile.MAX_ROWS];

  /** Head: v·Σ w·q, where targets are not labels. */
  public final double[] rowWeight = new double[Tile.MAX_ROWS];

  /** Head: what e of the sum's frame is multiplied by in MAP. */
  public final double[] factor = new double[Tile.MAX_ROWS];

  /** Head: MAP's coefficient H. */
  public final double[] shift = new double[Tile.MAX_ROWS];

  /** Head: MAP's coefficient G. */
  public final double[] targetFactor = new double[Tile.MAX_ROWS];

  /** Head: log-sum-exp, where MAP needs it: the float nearest to it, or the origin if not 0. */
  public final float[] logSumHigh = new float[Tile.MAX_ROWS];

  /** Head: what {@link #logSumHigh} leaves of log-sum-exp. */
  public final double[] logSumLow = new double[Tile.MAX_ROWS];

  /** Head: the label's entry of what MAP writes. */
  public final double[] labelEntry = new double[Tile.MAX_ROWS];

  /** Head: {@link #MAPPED}, or what to fill the row with instead. */
  public final byte[] fill = new byte[Tile.MAX_ROWS];

  /** Whether the slots from first to last − 1 are rows that follow each other in the batch. */
  boolean follow(int first, int last) {
    return index[last - 1] - index[first] == last - 1 - first;
  }

  /** An empty block. */
  public RowBlock() {}

  /** Collects the rows that count, and writes the results of those that are ignored. */
  void gather(SoftmaxPass pass, int first, int last) {
    int slots = 0;
    if (pass.labelled.ignored == 0) {
      slots = last - first;
      for (int i = 0; i < slots; i++) {
        index[i] = first + i;
      }
    } else {
      for (int row = first; row < last; row++) {
        if (pass.labelled.isIgnored(row)) {
          pass.writeIgnored(row);
        } else {
          index[slots++] = row;
        }
      }
    }
    rows = slots;
    classes = pass.classes;
    gatherLabels(pass);
    gatherWeights(pass);
  }

  private void gatherLabels(SoftmaxPass pass) {
    if (pass.targets.data != null) {
      gatherPeaks(pass);
    } else if (pass.sparse.classes != null) {
      for (int i = 0; i < rows; i++) {
        pass.sparse.gather(pass, this, i);
      }
    } else if (pass.labelled.labels == null) {
      Arrays.fill(label, 0, rows, Tile.NO_LABEL);
      return;
    } else {
      for (int i = 0; i < rows; i++) {
        label[i] = pass.labelled.label(index[i]);
      }
    }
    if (labelLogitsWait(pass)) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      labelLogit[i] = pass.logit(pass.logits.index(index[i], label[i]));
    }
  }

  /**
   * Whether the labels' logits are taken from the tile: where classes come first they lie far apart
   * in the batch, each in a line of its own.
   */
  private static boolean labelLogitsWait(SoftmaxPass pass) {
    return pass.logits.hasClassesFirst() && pass.classes <= Tile.MAX_COLUMNS;
  }

  /** Takes the labels' logits that have waited from the tile of these rows, once it is open. */
  void takeLabelLogits(SoftmaxPass pass, Tile tile) {
    for (int i = 0; labelLogitsWait(pass) && i < rows; i++) {
      if (label[i] != Tile.NO_LABEL) {
        labelLogit[i] = tile.logits[tile.logitsStart[i] + label[i]];
      }
    }
  }

  /**
   * The class of the largest target takes the label's place: with its term apart, a row that is
   * confident of it keeps its digits as one with a label does.
   */
  private void gatherPeaks(SoftmaxPass pass) {
    for (int i = 0; i < rows; i++) {
      label[i] = Math.max(0, pass.targets.argMax(index[i], classes, pass.kernel));
      labelTarget[i] = pass.targets.data[pass.targets.index(index[i], label[i])];
    }
  }

  private void gatherWeights(Pass pass) {
    Arrays.fill(upstream, 0, rows, pass.upstreamScale);
    Arrays.fill(weight, 0, rows, 1);
    if (pass.upstreamRows != null) {
      for (int i = 0; i < rows; i++) {
        upstream[i] = pass.upstream(index[i]);
      }
    }
    if (pass.labelled.sampleWeights != null) {
      for (int i = 0; i < rows; i++) {
        weight[i] = pass.labelled.sampleWeight(index[i]);
      }
    }
  }

  /**
   * What every head with labels begins with, for all rows at once: c, the logarithm of the sum's
   * frame less the label's logit; {@code r = S·e^c = (1 − p)/p}; and {@code −log p = log1p(r)}.
   *
   * <p>Without branches, so that the compiler makes vectors of the loops; rows that are not near
   * get numbers without meaning.
   *
   * @param kernel for exponentials and logarithms
   * @return whether all rows are near
   */
  boolean takeRatios(SoftmaxKernel kernel) {
    for (int i = 0; i < rows; i++) {
      double c = (origin[i] - labelLogit[i]) + exponent[i] * Summary.LN2;
      labelGap[i] = c;
      scale[i] = Math.max(-NEAR, Math.min(c, NEAR));
    }
    kernel.exp(scale, 0, rows);
    for (int i = 0; i < rows; i++) {
      double r = sum[i] * scale[i];
      ratio[i] = r;
      likelihood[i] = r;
    }
    kernel.log1p(likelihood, 0, rows);
    return kernel.areWithin(NEAR, labelGap, 0, rows)
        && kernel.areWithin(Double.MAX_VALUE, ratio, 0, rows)
        && kernel.areWithin(Double.MAX_VALUE, upstream, 0, rows);
  }

  /**
   * Whether a row is finite, upstream gradient and all, and its label not far from the others.
   *
   * @param row the slot
   */
  boolean isNear(int row) {
    return Math.abs(labelGap[row]) <= NEAR
        && ratio[row] <= Double.MAX_VALUE
        && Math.abs(upstream[row]) <= Double.MAX_VALUE;
  }
}
