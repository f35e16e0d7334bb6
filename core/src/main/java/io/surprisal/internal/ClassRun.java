package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * Neighbouring classes of a row, few enough for a small cache, and what a {@link ClassHead} knows
 * and computes of each, in double.
 */
final class ClassRun {
  /** A part of a block, so that all classes of a run have one frame. */
  static final int LENGTH = 256;

  /** A sum over classes that is larger has an impossible one in it. */
  private static final double POSSIBLE = 1e200;

  /** Number of classes. */
  int count;

  /** The row's block and slot there. */
  RowBlock rows;

  int slot;

  /** The class of the batch that is the run's first. */
  int firstClass;

  /** Where the class that stands apart is in the run; none if negative or not below the count. */
  int apart;

  /** p. */
  final double[] probability = new double[LENGTH];

  /** −log p; {@link Tile#IMPOSSIBLE} where it is infinite. */
  final double[] surprisal = new double[LENGTH];

  /** The upstream row v where there is one, else the targets q, times the class weights. */
  final double[] target = new double[LENGTH];

  /** For the head: the first term of each class, or its entry. */
  final double[] term = new double[LENGTH];

  /** For the head: the second term of each class. */
  final double[] slope = new double[LENGTH];

  /** For the head's own use. */
  final double[] spare = new double[LENGTH];

  ClassRun() {}

  /** Whether the class that stands apart is in the run. */
  boolean hasApart() {
    return apart >= 0 && apart < count;
  }

  /** The same classes in the pass that runs beside this one's; null where there is none. */
  ClassRun companion;

  /** Leaves the sums of every row in the workspace's tile. */
  void weigh(SoftmaxPass pass, ClassHead head, Workspace workspace) {
    Tile tile = workspace.tile;
    for (int row = 0; row < tile.rows; row++) {
      double sum = 0;
      double dot = 0;
      for (int column = 0; column < tile.columns; column += LENGTH) {
        open(pass, workspace, row, column);
        head.weigh(this, pass.kernel);
        sum += sum(term);
        dot += sum(slope);
      }
      tile.weighedSum[row] = sum;
      tile.weighedDot[row] = dot;
    }
  }

  /** Writes the entries of every row. */
  void map(SoftmaxPass pass, ClassHead head, Workspace workspace) {
    Tile tile = workspace.tile;
    for (int row = 0; row < tile.rows; row++) {
      for (int column = 0; column < tile.columns; column += LENGTH) {
        open(pass, workspace, row, column);
        head.map(this, pass.kernel);
        int out = tile.outStart[row] + column;
        for (int i = 0; i < count; i++) {
          tile.out[out + i] = (float) term[i];
        }
      }
    }
  }

  private void open(SoftmaxPass pass, Workspace workspace, int row, int column) {
    companion = pass.companion == null ? null : workspace.companion().classRun();
    if (companion != null) {
      companion.open(pass.companion, workspace.companion(), row, column);
    }
    Tile tile = workspace.tile;
    Window window = workspace.window;
    rows = window.block;
    slot = window.firstSlot + row;
    firstClass = window.column + column;
    apart = rows.label[slot] - firstClass;
    count = Math.min(LENGTH, tile.columns - column);
    readProbabilities(tile, row, column);
    if (pass.sparse.classes == null) {
      readTargets(tile, row, column);
    } else {
      double share = rows.tailShare[slot];
      pass.sparse.read(window.row(row), share, firstClass, count, target);
      weighTargets(tile, column);
    }
  }

  private void readProbabilities(Tile tile, int row, int column) {
    int block = row * tile.blocks() + column / Tile.BLOCK;
    double factor = MapCoefficients.factor(tile, block);
    double peak = rows.labelLogit[slot];
    double peakSurprisal = rows.apartSurprisal[slot];
    int exps = tile.expsOffset + row * tile.expsStride + column;
    int logits = tile.logitsStart[row] + column;
    float[] e = tile.exps;
    float[] x = tile.logits;
    for (int i = 0; i < count; i++) {
      probability[i] = e[exps + i] * factor;
      surprisal[i] = Math.min((peak - x[logits + i]) + peakSurprisal, Tile.IMPOSSIBLE);
    }
    if (hasApart()) {
      probability[apart] = rows.apart[slot];
      surprisal[apart] = peakSurprisal;
    }
  }

  private void readTargets(Tile tile, int row, int column) {
    if (tile.upstream != null) {
      read(tile.upstream, tile.upstreamStart[row] + column);
      return;
    }
    if (tile.targets == null) {
      return;
    }
    read(tile.targets, tile.targetsStart[row] + column);
    weighTargets(tile, column);
  }

  private void weighTargets(Tile tile, int column) {
    if (tile.classVector != null) {
      float[] w = tile.classVector;
      int weights = tile.classOffset + column;
      for (int i = 0; i < count; i++) {
        target[i] *= w[weights + i];
      }
    }
  }

  private void read(float[] values, int from) {
    for (int i = 0; i < count; i++) {
      target[i] = values[from + i];
    }
  }

  /** A sum over classes, infinite if one of them is impossible that counts. */
  static double limited(double sum) {
    return Math.abs(sum) > POSSIBLE ? Math.copySign(Double.POSITIVE_INFINITY, sum) : sum;
  }

  private double sum(double[] terms) {
    // Four running sums, which do not wait for each other.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      sum0 += terms[i];
      sum1 += terms[i + 1];
      sum2 += terms[i + 2];
      sum3 += terms[i + 3];
    }
    for (; i < count; i++) {
      sum0 += terms[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
