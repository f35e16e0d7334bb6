package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;

/** The gradient of cross-entropy with respect to its targets: {@code −(1−ε)·w_c·log p_c}. */
public final class TargetGradientHead extends ClassHead {
  private final double share;
  private final float[] classWeights;

  /**
   * A head.
   *
   * @param smoothing ε, from 0 to 1
   * @param classWeights w, or null
   */
  public TargetGradientHead(double smoothing, float[] classWeights) {
    this.share = 1 - smoothing;
    this.classWeights = classWeights;
  }

  @Override
  public float[] classWeights() {
    return classWeights;
  }

  @Override
  public boolean takesSlopes() {
    return false;
  }

  @Override
  boolean hasSums() {
    return false;
  }

  @Override
  void weigh(ClassRun run, SoftmaxKernel kernel) {
    throw new AssertionError("nothing is added up");
  }

  @Override
  void finish(RowBlock rows, int i) {
    rows.targetFactor[i] = rows.upstream[i] * rows.weight[i] * share;
  }

  @Override
  void map(ClassRun run, SoftmaxKernel kernel) {
    double factor = run.rows.targetFactor[run.slot];
    for (int i = 0; i < run.count; i++) {
      run.term[i] = factor * run.surprisal[i];
    }
    if (classWeights != null) {
      for (int i = 0; i < run.count; i++) {
        run.term[i] *= classWeights[run.firstClass + i];
      }
    }
  }
}
