package io.surprisal.internal;

import io.surprisal.spi.ElementTile;

/**
 * A run of elements at work: where its numbers lie, brought together where the rows of a matrix are
 * apart, and the results in double of those losses that are computed so.
 */
final class ElementBlock {
  private static final int SIZE = ElementTile.BLOCK;

  final ElementTile tile = new ElementTile();

  /** Brings what lies in no array. */
  Stage stage;

  /** Number of the first element, counted over the rows. */
  long first;

  /** Storage of the targets, and where they start. */
  float[] targets;

  int targetsFrom;

  /** Each element's loss without its weight. */
  final double[] loss = new double[SIZE];

  /** The derivative of each element's loss without its weight. */
  final double[] slope = new double[SIZE];

  /** Each element's weight, 0 for one that is ignored. */
  final double[] weight = new double[SIZE];

  /** The upstream gradient of each element's loss. */
  final double[] upstream = new double[SIZE];

  /** Head's scratch. */
  final double[] scratch0 = new double[SIZE];

  /** Head's scratch. */
  final double[] scratch1 = new double[SIZE];

  /** Where a head makes the shares of the positive class. */
  final float[] positive = new float[SIZE];

  /** Losses that are not written where they are computed. */
  final float[] losses = new float[SIZE];

  /** Slopes that are not written where they are computed. */
  final float[] slopes = new float[SIZE];

  private final float[] stagedInputs = new float[SIZE];
  private final float[] stagedTargets = new float[SIZE];

  /** Points at the numbers of a run. */
  void place(ElementPass pass, long firstElement, int count) {
    first = firstElement;
    tile.count = count;
    boolean together = pass.isTogether(pass.inputs, first, count);
    tile.inputs = together ? pass.inputs.data : stagedInputs;
    tile.inputsFrom = together ? pass.start(pass.inputs, first) : 0;
    if (!together) {
      gather(pass, pass.inputs, stagedInputs);
    }
    together = pass.isTogether(pass.targets, first, count);
    targets = together ? pass.targets.data : stagedTargets;
    targetsFrom = together ? pass.start(pass.targets, first) : 0;
    if (!together) {
      gather(pass, pass.targets, stagedTargets);
    }
    if (!pass.isPlain()) {
      weigh(pass);
    }
  }

  /** Forgets the caller's arrays. */
  void release() {
    tile.inputs = null;
    tile.positive = null;
    tile.losses = null;
    tile.gradient = null;
    targets = null;
  }

  private void gather(ElementPass pass, Strided from, float[] to) {
    int row = row(pass);
    int column = column(pass);
    for (int i = 0, length; i < tile.count; i += length) {
      length = run(pass, from, i);
      if (from.memory == null) {
        System.arraycopy(from.data, from.rowStart(row) + column, to, i, length);
      } else {
        from.memory.read(from.place(row, column), length, stage, to, i);
      }
      row++;
      column = 0;
    }
  }

  /** Writes the losses of the run to where the rows of a matrix are apart. */
  void scatterLosses(ElementPass pass) {
    scatter(pass, losses, pass.losses, false);
  }

  /** Writes the slopes of the run to where the rows of the gradient are, or adds them there. */
  void scatterSlopes(ElementPass pass) {
    scatter(pass, slopes, pass.gradient, pass.added);
  }

  private void scatter(ElementPass pass, float[] results, Strided to, boolean added) {
    int row = row(pass);
    int column = column(pass);
    for (int i = 0, length; i < tile.count; i += length) {
      length = run(pass, to, i);
      long place = to.place(row, column);
      if (to.memory == null && added) {
        add(results, i, length, to.data, (int) place);
      } else if (to.memory == null) {
        System.arraycopy(results, i, to.data, (int) place, length);
      } else if (added) {
        to.memory.add(place, length, stage, results, i);
      } else {
        to.memory.write(place, length, stage, results, i);
      }
      row++;
      column = 0;
    }
  }

  private static void add(float[] from, int first, int count, float[] to, int start) {
    for (int c = 0; c < count; c++) {
      to[start + c] += from[first + c];
    }
  }

  /** How many elements from one of the run on lie together. */
  private int run(ElementPass pass, Strided matrix, int from) {
    int left = tile.count - from;
    return matrix.isDense(pass.classes)
        ? left
        : Math.min(pass.classes - (int) ((first + from) % pass.classes), left);
  }

  private int row(ElementPass pass) {
    return (int) (first / pass.classes);
  }

  private int column(ElementPass pass) {
    return (int) (first % pass.classes);
  }

  private void weigh(ElementPass pass) {
    int row = row(pass);
    int column = column(pass);
    for (int i = 0; i < tile.count; i++) {
      boolean ignored = targets[targetsFrom + i] == pass.ignoredTarget;
      weight[i] = ignored ? 0 : pass.weight(row, column);
      upstream[i] = ignored ? 0 : pass.upstream(row, column);
      if (ignored) {
        // What an ignored element holds is not looked at: any finite number does as well.
        neutralize(i);
      }
      if (++column == pass.classes) {
        column = 0;
        row++;
      }
    }
  }

  private void neutralize(int i) {
    if (tile.inputs != stagedInputs) {
      System.arraycopy(tile.inputs, tile.inputsFrom, stagedInputs, 0, tile.count);
      tile.inputs = stagedInputs;
      tile.inputsFrom = 0;
    }
    if (targets != stagedTargets) {
      System.arraycopy(targets, targetsFrom, stagedTargets, 0, tile.count);
      targets = stagedTargets;
      targetsFrom = 0;
    }
    stagedInputs[i] = NEUTRAL;
    stagedTargets[i] = NEUTRAL;
  }

  /** A logit, a probability, a log-probability and a target at which every loss is finite. */
  private static final float NEUTRAL = 0.5f;

  /** Losses times their weights, of which one of 0 makes any loss +0; returns their sum. */
  double weighLosses() {
    double sum = 0;
    for (int i = 0; i < tile.count; i++) {
      loss[i] = Weights.times(weight[i], loss[i]) + 0.0;
      sum += loss[i];
    }
    return sum;
  }

  /** The sum of the losses as they are. */
  double sumLosses() {
    double sum = 0;
    for (int i = 0; i < tile.count; i++) {
      sum += loss[i];
    }
    return sum;
  }

  /** Slopes times upstream gradients and weights; a product of 0 is +0. */
  void weighSlopes() {
    for (int i = 0; i < tile.count; i++) {
      slope[i] = slope[i] * (upstream[i] * weight[i]) + 0.0;
    }
  }

  /** Slopes times one number. */
  void scaleSlopes(double factor) {
    for (int i = 0; i < tile.count; i++) {
      slope[i] *= factor;
    }
  }

  /** Results in double as the float results. */
  void round(double[] values, float[] to, int from) {
    for (int i = 0; i < tile.count; i++) {
      double value = values[i];
      to[from + i] = Double.isNaN(value) ? Float.NaN : (float) value;
    }
  }

  /** Float results as doubles. */
  void widen(float[] from, int start, double[] to) {
    for (int i = 0; i < tile.count; i++) {
      to[i] = from[start + i];
    }
  }

  /** Puts the float losses that are finite in the place of those in double. */
  void preferFiniteLosses() {
    for (int i = 0; i < tile.count; i++) {
      float found = tile.losses[tile.lossesFrom + i];
      loss[i] = Float.isFinite(found) ? found : loss[i];
    }
  }
}
