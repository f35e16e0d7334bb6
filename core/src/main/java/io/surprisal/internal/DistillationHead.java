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

  /** Largest |d| that the kernel takes an exponential of. */
  private static final double MOST = 700;

  /** Up to it e^a − 1 is taken from its series: what is left out is 2^−43 of it. */
  private static final double SMALL = 0x1p-4;

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
    if (pass.labelled.hasLabels()) {
      HardLoss.setLikelihoods(pass, workspace);
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
    setMixture(run, kernel);
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

  /**
   * d of each class into {@code slope}, and {@code L − max(d, 0) = min(d, 0) − (d − L)} into {@code
   * spare}: from |d|, so that nothing overflows, and no d that is infinite is subtracted from
   * itself. Without branches, so that the compiler makes vectors of the loops.
   *
   * <p>With {@code b = min(|d|, 1/16)} and {@code P = e^b − 1} from its series, {@code e^|d| − 1 = P
   * + (1 + P)·(e^(|d| − b) − 1)} has all its digits.
   */
  private void setMixture(ClassRun run, SoftmaxKernel kernel) {
    double[] student = run.surprisal;
    double[] teacher = run.companion.surprisal;
    double[] gap = run.slope;
    double[] spare = run.spare;
    for (int i = 0; i < run.count; i++) {
      gap[i] = student[i] - teacher[i];
      spare[i] = Math.max(Math.min(Math.abs(gap[i]), MOST) - SMALL, 0);
    }
    kernel.exp(spare, 0, run.count);
    for (int i = 0; i < run.count; i++) {
      double small = small(Math.min(Math.abs(gap[i]), SMALL));
      double rise = small + (1 + small) * (spare[i] - 1);
      // β where d is positive, 1 − β where it is negative.
      double sign = Math.max(-1, Math.min(gap[i] * Tile.IMPOSSIBLE, 1));
      spare[i] = (0.5 + sign * (beta - 0.5)) * rise;
    }
    kernel.log1p(spare, 0, run.count);
    for (int i = 0; i < run.count; i++) {
      spare[i] -= Math.min(Math.abs(gap[i]), MOST);
    }
  }

  /** e^a − 1 with all its digits, for a up to {@link #SMALL}. */
  private static double small(double a) {
    double sum = 1.0 / 720 + a * (1.0 / 5040);
    sum = 1.0 / 120 + a * sum;
    sum = 1.0 / 24 + a * sum;
    sum = 1.0 / 6 + a * sum;
    sum = 1.0 / 2 + a * sum;
    return a + a * a * sum;
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
    setMixture(run, kernel);
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
