package io.surprisal.internal;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementTile;
import io.surprisal.spi.SoftmaxKernel;
import java.util.Arrays;

/**
 * Losses of the sigmoid that kernels have loops for: the shares of the two classes are made here,
 * with label smoothing and weights of the positive class.
 */
public final class LogisticHead extends ElementHead {
  private final ElementForm form;
  private final double labelSmoothing;

  /** Weights of the positive class, continued by a run beyond the last class; or null. */
  private final float[] positiveWeights;

  private final int classes;

  /**
   * The head.
   *
   * @param form what is computed, {@link ElementForm#BINARY} with whatever shares
   * @param labelSmoothing ε
   * @param positiveWeights a weight for each class, or null; copied
   */
  public LogisticHead(ElementForm form, double labelSmoothing, float[] positiveWeights) {
    boolean plain = labelSmoothing == 0 && positiveWeights == null;
    this.form = plain ? form : ElementForm.WEIGHTED_BINARY;
    this.labelSmoothing = labelSmoothing;
    this.classes = positiveWeights == null ? 0 : positiveWeights.length;
    this.positiveWeights = positiveWeights == null ? null : continued(positiveWeights);
  }

  private static float[] continued(float[] weights) {
    float[] longer = Arrays.copyOf(weights, weights.length + ElementTile.BLOCK);
    for (int i = weights.length; i < longer.length; i++) {
      longer[i] = longer[i - weights.length];
    }
    return longer;
  }

  @Override
  ElementForm form() {
    return form;
  }

  @Override
  void stage(ElementBlock block) {
    ElementTile tile = block.tile;
    float[] targets = block.targets;
    int from = block.targetsFrom;
    if (form != ElementForm.WEIGHTED_BINARY) {
      tile.positive = targets;
      tile.positiveFrom = from;
      return;
    }
    tile.positive = block.positive;
    tile.positiveFrom = 0;
    double kept = 1 - labelSmoothing;
    double spread = labelSmoothing / 2;
    for (int i = 0; i < tile.count; i++) {
      double target = targets[from + i];
      block.positive[i] = (float) (target * kept + spread);
      tile.negative[i] = (float) ((1 - target) * kept + spread);
    }
    if (positiveWeights != null) {
      int column = (int) (block.first % classes);
      for (int i = 0; i < tile.count; i++) {
        block.positive[i] *= positiveWeights[column + i];
      }
    }
  }

  @Override
  void apply(ElementBlock block, SoftmaxKernel functions) {
    for (int i = 0; i < block.tile.count; i++) {
      block.loss[i] = ElementReference.loss(block.tile, form, i);
    }
  }
}
