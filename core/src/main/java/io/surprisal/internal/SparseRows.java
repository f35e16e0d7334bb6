package io.surprisal.internal;

import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * Targets of a few classes a row: class numbers and what each is worth, and optionally a tail, the
 * rest of 1 spread evenly over the other classes.
 *
 * <p>With τ the tail's share of a class, a target is τ everywhere and {@code q_j − τ} more at class
 * j of the list. MAP takes τ off every class; the listed ones, where τ may be larger than all that
 * counts, are written after it.
 */
public final class SparseRows {
  /** Class numbers, or a negative one where there is none; null for rows without such targets. */
  public int[] classes;

  /** What each class is worth. */
  public float[] targets;

  /** Where row 0 starts. */
  public int offset;

  /** Length of a row. */
  public int perRow;

  /** Whether the rest of 1 is spread over the other classes. */
  public boolean tail;

  /** Rows without such targets. */
  public SparseRows() {}

  void clear() {
    classes = null;
    targets = null;
    tail = false;
  }

  private int start(int row) {
    return offset + row * perRow;
  }

  /** τ, never negative. */
  private double tailShare(int row, int rowClasses) {
    if (!tail) {
      return 0;
    }
    double sum = 0;
    int listed = 0;
    for (int j = start(row); j < start(row) + perRow; j++) {
      if (classes[j] >= 0) {
        sum += targets[j];
        listed++;
      }
    }
    return listed == rowClasses ? 0 : Math.max(0, 1 - sum) / (rowClasses - listed);
  }

  /** The class of the largest target takes the label's place; 0 where none is listed. */
  private int peak(int row) {
    int found = -1;
    for (int j = start(row); j < start(row) + perRow; j++) {
      if (classes[j] >= 0 && (found < 0 || targets[j] > targets[found])) {
        found = j;
      }
    }
    return found < 0 ? 0 : classes[found];
  }

  /** Puts the class of the largest target in the label's place, and adds up the row's. */
  void gather(SoftmaxPass pass, RowBlock block, int i) {
    block.label[i] = peak(block.index[i]);
    gatherSums(pass, block, i);
  }

  /** Sums over the listed classes, the tail's share of every class left out. */
  void gatherSums(SoftmaxPass pass, RowBlock block, int i) {
    int row = block.index[i];
    float[] weights = pass.head.classWeights();
    double share = tailShare(row, pass.classes);
    int label = block.label[i];
    double sum = 0;
    double dot = 0;
    double labelTarget = 0;
    boolean labelListed = false;
    for (int j = start(row); j < start(row) + perRow; j++) {
      int c = classes[j];
      if (c >= 0) {
        double weight = weights == null ? 1 : weights[c];
        float logit = pass.logit(row, c);
        sum += weight * (targets[j] - share);
        dot += term(weight * (targets[j] - share), weight * targets[j], logit);
        labelTarget += c == label ? targets[j] : 0;
        labelListed |= c == label;
      }
    }
    block.labelTarget[i] = labelListed ? labelTarget : share;
    block.tailShare[i] = share;
    block.targetSum[i] = sum;
    block.targetDot[i] = dot;
  }

  /** target·x; at −∞ the tail, which leaves this class out there, has nothing to be taken from. */
  private static double term(double target, double whole, float logit) {
    if (logit == Float.NEGATIVE_INFINITY) {
      return whole == 0 ? 0 : whole * logit;
    }
    return target == 0 ? 0 : target * logit;
  }

  /** Σ w·x of a row without the masked classes of the list, which the tail does not lie on. */
  double tailSum(SoftmaxPass pass, int row) {
    float[] weights = pass.head.classWeights();
    double sum = 0;
    for (int c = 0; c < pass.classes; c++) {
      double weight = weights == null ? 1 : weights[c];
      float logit = pass.logit(row, c);
      boolean left = weight == 0 || (logit == Float.NEGATIVE_INFINITY && lists(row, c));
      sum += left ? 0 : weight * logit;
    }
    return sum;
  }

  private boolean lists(int row, int c) {
    for (int j = start(row); j < start(row) + perRow; j++) {
      if (classes[j] == c) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes the targets of some neighbouring classes of a row.
   *
   * @param share what the tail gives each class that is not listed
   */
  void read(int row, double share, int firstClass, int count, double[] out) {
    Arrays.fill(out, 0, count, share);
    for (int round = 0; round < 2; round++) {
      for (int j = start(row); j < start(row) + perRow; j++) {
        int column = classes[j] - firstClass;
        if (classes[j] >= 0 && column >= 0 && column < count) {
          // A class that is listed twice counts twice; the tail lies on none of them.
          out[column] = round == 0 ? 0 : out[column] + targets[j];
        }
      }
    }
  }

  /** Keeps {@code e·F} of the listed classes of a tile, which MAP may write over. */
  void keep(Window window, Tile tile, float[] kept) {
    for (int tileRow = 0; tileRow < tile.rows; tileRow++) {
      int start = start(window.row(tileRow));
      for (int j = 0; j < perRow; j++) {
        int column = classes[start + j] - tile.classOffset;
        if (column >= 0 && column < tile.columns) {
          kept[tileRow * perRow + j] = scaled(tile, tileRow, column);
        }
      }
    }
  }

  private static float scaled(Tile tile, int row, int column) {
    int slot = row * tile.blocks() + column / Tile.BLOCK;
    float e = tile.exps[tile.expsOffset + row * tile.expsStride + column];
    double factor = ((double) tile.scale[slot] + tile.scaleLow[slot]) * tile.rescale[slot];
    return e < tile.cutoff[slot] ? 0 : (float) (e * factor);
  }

  /**
   * Writes the listed classes of the rows that MAP has written.
   *
   * @param spares whether masked classes have no share of the smoothing
   */
  void overwrite(Workspace workspace, float[] kept, boolean spares) {
    FiniteClasses finite = spares ? workspace.finiteClasses() : null;
    for (int tileRow = 0; tileRow < workspace.tile.rows; tileRow++) {
      if (workspace.window.isMapped(tileRow)) {
        overwriteRow(workspace.window, workspace.tile, tileRow, kept, finite);
      }
    }
  }

  /**
   * Writes the listed classes of a tile's row, but for the label: what was kept, less {@code w·(H −
   * G·τ)}, which has no tail, less {@code w·G·q} for each time that the class is listed.
   */
  private void overwriteRow(
      Window window, Tile tile, int tileRow, float[] kept, FiniteClasses finite) {
    RowBlock block = window.block;
    int i = window.firstSlot + tileRow;
    int start = start(block.index[i]);
    double shift = block.shift[i] - block.targetFactor[i] * block.tailShare[i];
    for (int round = 0; round < 2; round++) {
      for (int j = 0; j < perRow; j++) {
        int number = classes[start + j];
        int column = number - tile.classOffset;
        if (column >= 0 && column < tile.columns && number != block.label[i]) {
          double weight = tile.classVector == null ? 1 : tile.classVector[number];
          int place = tile.outStart[tileRow] + column;
          boolean spared = finite != null && finite.isMasked(window, tile, tileRow, column);
          double value =
              round == 0
                  ? kept[tileRow * perRow + j] - (spared ? 0 : weight * shift)
                  : tile.out[place] - weight * block.targetFactor[i] * targets[start + j];
          tile.out[place] = (float) value;
        }
      }
    }
  }

  /** Σ w·q of a row. */
  double weight(int row, int rowClasses, float[] weights) {
    double share = tailShare(row, rowClasses);
    double sum = 0;
    if (share > 0) {
      for (int c = 0; c < rowClasses; c++) {
        sum += share * (weights == null ? 1 : weights[c]);
      }
    }
    for (int j = start(row); j < start(row) + perRow; j++) {
      if (classes[j] >= 0) {
        sum += (targets[j] - share) * (weights == null ? 1 : weights[classes[j]]);
      }
    }
    return sum;
  }
}
