package io.surprisal.internal;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * Divergence of a student's probabilities p from a teacher's q, both at temperature T, mixed with
 * −log p_y at temperature 1 by a weight λ. The teacher's are the first companion's; those at
 * temperature 1 the second's where T is another.
 *
 * <p>With {@code d = log q − log p} and, for the mixture M = βq + (1−β)p, {@code L = log M − log p
 * = log(β·e^d + 1 − β)}:
 *
 * <pre>
 *   forward         Σ q·d                           entries  T·( p − q )
 *   reverse         R = −Σ p·d                               T·p·( −d − R )
 *   Jensen–Shannon  Σ β·q·(d − L) − (1−β)·p·L                T·( G − p·ΣG ),  G = −(1−β)·p·L
 * </pre>
 *
 * <p>All of it times (1−λ), the loss times T² too. Logarithms are differences of logits from the
 * largest, whose own −log p is log1p of the others' odds.
 */
public final class DistillationHead extends ClassHead {
  /** What the student is measured by. */
  public enum Divergence {
    /** KL(q‖p). */
    FORWARD(ClassForm.FORWARD_DIVERGENCE),
    /** KL(p‖q). */
    REVERSE(ClassForm.REVERSE_DIVERGENCE),
    /** β·KL(q‖M) + (1−β)·KL(p‖M). */
    JENSEN_SHANNON(null);

    private final ClassForm form;

    Divergence(ClassForm form) {
      this.form = form;
    }
  }

  private final Divergence divergence;
  private final double beta;
  private final double temperature;
  private final double hardWeight;
  private final float[] classWeights;

  /**
   * A head.
   *
   * @param divergence which
   * @param beta β, for Jensen–Shannon
   * @param temperature T, above 0
   * @param hardWeight λ, from 0 to 1
   * @param classWeights w of the hard loss, or null
   */
  public DistillationHead(
      Divergence divergence,
      double beta,
      double temperature,
      double hardWeight,
      float[] classWeights) {
    this.divergence = divergence;
    this.beta = beta;
    this.temperature = temperature;
    this.hardWeight = hardWeight;
    this.classWeights = classWeights;
  }

  @Override
  public boolean takesSlopes() {
    return false;
  }

  @Override
  void prepare(RowBlock rows) {
    System.arraycopy(rows.weight, 0, rows.rowWeight, 0, rows.rows);
  }

  @Override
  void begin(RowBlock rows, int i, double logSumExp) {
    rows.likelihood[i] = Double.NaN;
  }

  /** The student's classes at temperature 1. */
  private static ClassRun hard(ClassRun run) {
    ClassRun second = run.companion.companion;
    return second == null ? run : second;
  }

  /** Where the label is in the run, or a number that is no class of it. */
  private static int label(ClassRun run) {
    return run.rows.hasLabels ? run.rows.trueLabel(run.slot) - run.firstClass : -1;
  }

  private static boolean isIn(ClassRun run, int column) {
    return column >= 0 && column < run.count;
  }

  @Override
  ClassForm classForm() {
    return divergence.form;
  }

  @Override
  void endWeigh(SoftmaxPass pass, Workspace workspace) {
    addLostShares(workspace);
    if (pass.labelled.hasLabels()) {
      HardLoss.setLikelihoods(pass, workspace);
    }
  }

  /** What the exponential of the largest probability, a float, has left out of the sum. */
  private void addLostShares(Workspace workspace) {
    boolean forward = divergence == Divergence.FORWARD;
    Tile tile = workspace.tile;
    Workspace shares = forward ? workspace.companion() : workspace;
    for (int row = 0; row < tile.rows; row++) {
      int peak = shares.tile.labels[row];
      if (peak != Tile.NO_LABEL) {
        double share = shares.window.block.apart[shares.window.firstSlot + row];
        double lost = share - PlainClasses.probability(shares.tile, row, peak);
        double gap = PlainClasses.gap(tile, row, peak);
        tile.weighedSum[row] += lost * (forward ? -gap : gap);
      }
    }
  }

  @Override
  void beginMap(SoftmaxPass pass, Workspace workspace) {
    super.beginMap(pass, workspace);
    Tile tile = workspace.tile;
    for (int row = 0; row < tile.rows; row++) {
      double soft = tile.targetFactor[row];
      tile.shift[row] = divergence == Divergence.FORWARD ? soft : soft * tile.shift[row];
    }
    if (hardWeight > 0) {
      HardLoss.keepEntries(pass, workspace, divergence.form);
    }
    if (hardWeight > 0 && temperature == 1) {
      addHard(workspace.window, tile);
    }
  }

  /** At temperature 1 the hard loss is a further multiple of p. */
  private void addHard(Window window, Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      double hard = window.block.labelEntry[window.firstSlot + row];
      if (divergence == Divergence.FORWARD) {
        tile.targetFactor[row] += hard;
      } else {
        tile.shift[row] -= hard;
      }
    }
  }

  @Override
  void endMap(SoftmaxPass pass, Workspace workspace) {
    if (hardWeight > 0) {
      if (temperature != 1) {
        HardLoss.add(pass, workspace);
      }
      HardLoss.overwrite(workspace);
    }
  }

  @Override
  void weigh(ClassRun run, SoftmaxKernel kernel) {
    double[] p = run.probability;
    double[] q = run.companion.probability;
    Mixture.set(run, beta, kernel);
    for (int i = 0; i < run.count; i++) {
      double d = run.slope[i];
      double own = (1 - beta) * p[i] * (Math.max(d, 0) + run.spare[i]);
      run.slope[i] = -own;
      run.term[i] = beta * q[i] * (Math.min(d, 0) - run.spare[i]) - own;
    }
    int label = label(run);
    if (isIn(run, label)) {
      run.rows.likelihood[run.slot] = ClassRun.limited(hard(run).surprisal[label]);
    }
  }

  @Override
  void finish(RowBlock rows, int i) {
    double soft = ClassRun.limited(rows.weighedSum[i]);
    double softWeight = 1 - hardWeight;
    // A divergence is not negative; rounding may make it so.
    double loss = softWeight * temperature * temperature * Math.max(0, soft);
    double hard = hardWeight * classWeight(rows, i);
    if (softWeight == 0) {
      loss = 0;
    }
    if (hard > 0) {
      loss += hard * rows.likelihood[i];
    }
    rows.loss[i] = Weights.times(rows.weight[i], loss);
    double upstream = rows.upstream[i] * rows.weight[i];
    rows.targetFactor[i] = upstream * softWeight * temperature;
    rows.shift[i] = divergence == Divergence.REVERSE ? soft : rows.weighedDot[i];
    rows.labelEntry[i] = upstream * hard;
    if (!Double.isFinite(rows.shift[i])) {
      rows.fill[i] = RowBlock.NANS;
    }
  }

  private double classWeight(RowBlock rows, int i) {
    return classWeights == null ? 1 : classWeights[rows.trueLabel(i)];
  }

  @Override
  void map(ClassRun run, SoftmaxKernel kernel) {
    double[] p = run.probability;
    double factor = run.rows.targetFactor[run.slot];
    double shift = run.rows.shift[run.slot];
    Mixture.set(run, beta, kernel);
    for (int i = 0; i < run.count; i++) {
      double logarithm = Math.max(run.slope[i], 0) + run.spare[i];
      run.term[i] = factor * -p[i] * ((1 - beta) * logarithm + shift);
    }
    if (hardWeight > 0) {
      addHard(run);
    }
  }

  /** λ·w·(p − δ) at temperature 1. */
  private static void addHard(ClassRun run) {
    ClassRun hard = hard(run);
    double factor = run.rows.labelEntry[run.slot];
    int label = label(run);
    boolean labelled = isIn(run, label);
    double entry = labelled ? run.term[label] : 0;
    for (int i = 0; i < run.count; i++) {
      run.term[i] += factor * hard.probability[i];
    }
    if (labelled) {
      double others =
          label == hard.apart ? hard.rows.others[hard.slot] : 1 - hard.probability[label];
      run.term[label] = entry - factor * others;
    }
  }
}
