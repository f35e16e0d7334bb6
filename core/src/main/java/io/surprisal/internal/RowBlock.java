package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * The rows of one tile between REDUCE and MAP: their summaries, and what the head makes of them.
 *
 * <p>One slot a row, rows that are ignored left out. All arithmetic on it is in double.
 */
public sealed class RowBlock permits DoubleRows {
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

  /**
   * The class that stands apart: the label, the class of the largest target or, where the head
   * weighs, of the largest logit; or {@link Tile#NO_LABEL}.
   */
  public final int[] label = new int[Tile.MAX_ROWS];

  /** Its logit. */
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

  /** How many classes are not −∞, where the head asks for it. */
  final int[] finiteClasses = new int[Tile.MAX_ROWS];

  /** Σ w of these, where they are not all. */
  final double[] finiteWeight = new double[Tile.MAX_ROWS];

  /** Σ w·q, with dense or sparse targets. */
  public final double[] targetSum = new double[Tile.MAX_ROWS];

  /** Σ w·q·x. */
  public final double[] targetDot = new double[Tile.MAX_ROWS];

  /** The target at the label, where targets are not labels. */
  public final double[] labelTarget = new double[Tile.MAX_ROWS];

  /** Whether the class that stands apart is that of the largest logit, whatever the label. */
  boolean largestApart;

  /**
   * The label, where the class that stands apart is another one; else {@link Tile#NO_LABEL}. Set
   * where {@link #largestApart}.
   */
  public final int[] otherLabel = new int[Tile.MAX_ROWS];

  /** That label's logit. */
  public final float[] otherLogit = new float[Tile.MAX_ROWS];

  /** The first sum of WEIGH. */
  public final double[] weighedSum = new double[Tile.MAX_ROWS];

  /** The second sum of WEIGH. */
  public final double[] weighedDot = new double[Tile.MAX_ROWS];

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

  /** Head: the entry of {@link #otherLabel}. */
  public final double[] otherEntry = new double[Tile.MAX_ROWS];

  /** Head, between its two parts: p of the class that stands apart. */
  public final double[] apart = new double[Tile.MAX_ROWS];

  /** Head, between its two parts: −log p of that class. */
  public final double[] apartSurprisal = new double[Tile.MAX_ROWS];

  /** Head, between its two parts: 1 − p of that class. */
  public final double[] others = new double[Tile.MAX_ROWS];

  /** Head: {@link #MAPPED}, or what to fill the row with instead. */
  public final byte[] fill = new byte[Tile.MAX_ROWS];

  /** The rows whose coefficients the head has lowered. */
  final LargeRows large = new LargeRows();

  /** Whether rows have labels, where {@link #largestApart}. */
  boolean hasLabels;

  /** Whether the label is not the class that stands apart. */
  boolean hasOther(int i) {
    return largestApart && otherLabel[i] != Tile.NO_LABEL;
  }

  /** A row's label, whatever class stands apart. */
  int trueLabel(int i) {
    return hasOther(i) ? otherLabel[i] : label[i];
  }

  /** The logit of {@link #trueLabel}. */
  float trueLogit(int i) {
    return hasOther(i) ? otherLogit[i] : labelLogit[i];
  }

  /** Whether the slots from first to last − 1 are rows that follow each other in the batch. */
  boolean follow(int first, int last) {
    return index[last - 1] - index[first] == last - 1 - first;
  }

  /** An empty block. */
  public RowBlock() {}

  /** Collects the rows that count, and writes the results of those that are ignored. */
  void gather(SoftmaxPass pass, Stage stage, int first, int last) {
    gatherRows(pass, first, last);
    stage.kernel = pass.kernel;
    gatherLabels(pass, stage);
  }

  /** What does not depend on the logits. */
  final void gatherRows(Pass pass, int first, int last) {
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
    large.clear();
    gatherWeights(pass);
  }

  /** Takes the rows of another block, for a pass that runs beside its. */
  void accompany(RowBlock other, SoftmaxPass pass, Stage stage) {
    rows = other.rows;
    classes = other.classes;
    System.arraycopy(other.index, 0, index, 0, rows);
    Arrays.fill(upstream, 0, rows, 1);
    Arrays.fill(weight, 0, rows, 1);
    stage.kernel = pass.kernel;
    gatherLabels(pass, stage);
  }

  private void gatherLabels(SoftmaxPass pass, Stage stage) {
    largestApart = pass.head.weighs();
    hasLabels = pass.labelled.hasLabels();
    if (largestApart) {
      gatherLargest(pass, stage);
    } else if (pass.hasTilePeaks()) {
      return;
    } else if (pass.targets.isPresent()) {
      gatherPeaks(pass, stage);
    } else if (pass.sparse.classes != null) {
      for (int i = 0; i < rows; i++) {
        pass.sparse.gather(pass, this, i);
      }
    } else if (!pass.labelled.hasLabels()) {
      Arrays.fill(label, 0, rows, Tile.NO_LABEL);
      return;
    } else {
      for (int i = 0; i < rows; i++) {
        label[i] = pass.labelled.label(index[i]);
      }
    }
    if (pass.labelled.sharded) {
      gatherOwnLogits(pass);
      return;
    }
    // Logits that are staged are taken from the tile, where rows fit into one.
    if (!pass.logits.isStaged() || classes > Tile.MAX_COLUMNS) {
      for (int i = 0; i < rows; i++) {
        labelLogit[i] = pass.logit(index[i], label[i]);
      }
    }
  }

  /** The classes of the largest targets, from a tile of whole rows, in the labels' place. */
  void takePeaks(Tile tile) {
    for (int i = 0; i < rows; i++) {
      label[i] = Math.max(0, tile.targetPeak[i]);
      labelTarget[i] = tile.targets[tile.targetsStart[i] + label[i]];
    }
    takeLabelLogits(tile);
  }

  /** The labels' logits, from a tile of whole rows that have been brought to it. */
  void takeLabelLogits(Tile tile) {
    for (int i = 0; i < rows; i++) {
      if (label[i] != Tile.NO_LABEL) {
        labelLogit[i] = tile.logits[tile.logitsStart[i] + label[i]];
      }
    }
  }

  /** The label of a row may be a class of another shard, and its logit not here. */
  private void gatherOwnLogits(SoftmaxPass pass) {
    for (int i = 0; i < rows; i++) {
      boolean own = pass.logits.isPresent() && label[i] != Tile.NO_LABEL;
      labelLogit[i] = own ? pass.logit(index[i], label[i]) : Float.NaN;
    }
  }

  /**
   * The class of the largest target takes the label's place: with its term apart, a row that is
   * confident of it keeps its digits as one with a label does.
   */
  private void gatherPeaks(SoftmaxPass pass, Stage stage) {
    for (int i = 0; i < rows; i++) {
      label[i] = peak(pass, stage, pass.targets, index[i]);
      labelTarget[i] = pass.targets.get(index[i], label[i]);
    }
  }

  /** The first of a row's largest numbers; class 0 where all are NaN. */
  private static int peak(SoftmaxPass pass, Stage stage, Strided matrix, int row) {
    int peak =
        matrix.isStaged()
            ? stage.argMax(matrix, row, pass.classes)
            : pass.kernel.argMax(matrix.data, matrix.rowStart(row), pass.classes);
    return Math.max(0, peak);
  }

  /** The class of the largest logit takes the label's place, and the label is kept beside it. */
  private void gatherLargest(SoftmaxPass pass, Stage stage) {
    for (int i = 0; i < rows; i++) {
      label[i] = peak(pass, stage, pass.logits, index[i]);
      otherLabel[i] = Tile.NO_LABEL;
      if (pass.targets.isPresent()) {
        labelTarget[i] = pass.targets.get(index[i], label[i]);
      } else if (pass.sparse.classes != null) {
        pass.sparse.gatherSums(pass, this, i);
      } else if (hasLabels) {
        int target = pass.labelled.label(index[i]);
        labelTarget[i] = target == label[i] ? 1 : 0;
        if (target != label[i]) {
          otherLabel[i] = target;
          otherLogit[i] = pass.logit(index[i], target);
        }
      }
    }
  }

  private void gatherWeights(Pass pass) {
    double scale = pass.upstreamScale * pass.slope();
    Arrays.fill(upstream, 0, rows, scale);
    Arrays.fill(weight, 0, rows, 1);
    if (pass.upstreamRows != null) {
      for (int i = 0; i < rows; i++) {
        upstream[i] = scale * pass.upstreamRows[index[i]];
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
   * @return whether all rows are near, and their upstream gradients finite
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
   * Whether a row is finite, and its label not far from the others.
   *
   * @param row the slot
   */
  boolean isNear(int row) {
    return Math.abs(labelGap[row]) <= NEAR && ratio[row] <= Double.MAX_VALUE;
  }

  /** Whether a row's upstream gradient is finite; its loss does not depend on that. */
  final boolean hasGradient(int i) {
    return Math.abs(upstream[i]) <= Double.MAX_VALUE;
  }

  /** p of the label of a row that is near. */
  double labelShare(int i) {
    return 1 / (1 + ratio[i]);
  }

  /** 1 − p of the label of a row that is near. */
  double othersShare(int i) {
    return ratio[i] * labelShare(i);
  }

  /** log Σ exp(x) with the label's term, of a row whose label is not far below the others. */
  double labelledLogSumExp(int i) {
    return labelLogit[i] + likelihood[i];
  }

  /** log Σ exp(x) without the label's term. */
  double logSumExp(int i) {
    return Summary.logSumExp(sum[i], exponent[i], origin[i]);
  }

  /** −log p of a label whose term is nothing beside the others. */
  double distantLikelihood(int i) {
    return labelGap[i] + Elementary.log(sum[i]);
  }

  /** Makes a factor of probabilities one of exponentials, of a row that is near. */
  void multiplyFactor(int i) {
    factor[i] *= scale[i] * labelShare(i);
  }

  /** Makes a factor of probabilities one of exponentials, of a row without a label's term. */
  void divideFactor(int i) {
    factor[i] /= sum[i];
  }

  /** MAP's coefficient H becomes ⟨p, v⟩. */
  void takeMean(int i) {
    shift[i] = dot[i] / sum[i];
  }

  /** Lowers coefficients that MAP's differences have no room for; the label's entry stays. */
  void lowerLarge(int i) {
    large.lower(this, i);
  }

  /** Makes every mapped value 0. */
  void clearFactor(int i) {
    factor[i] = 0;
  }

  /**
   * Log-sum-exp as MAP takes it. An origin is a float, from which x differs exactly; added to the
   * rest first, it would cost that its digits.
   */
  void splitLogSumExp(int i) {
    float from = (float) origin[i];
    double rest = Summary.logSumExp(sum[i], exponent[i], 0);
    logSumHigh[i] = from == 0 ? (float) rest : from;
    logSumLow[i] = from == 0 ? rest - logSumHigh[i] : rest;
  }

  /** Losses and coefficients of labels without options, all rows near; without branches. */
  void setPlainLosses() {
    Arrays.fill(fill, 0, rows, MAPPED);
    for (int i = 0; i < rows; i++) {
      double share = 1 / (1 + ratio[i]);
      double coefficient = upstream[i] * weight[i];
      loss[i] = weight[i] * likelihood[i];
      factor[i] = coefficient * (scale[i] * share);
      labelEntry[i] = coefficient * -(ratio[i] * share);
    }
  }
}
