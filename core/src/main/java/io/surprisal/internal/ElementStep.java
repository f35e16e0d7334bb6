package io.surprisal.internal;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementTile;

/**
 * Loss and gradient of a run of elements: by the kernel where it has loops for the loss, in one
 * sweep where nothing stands between its numbers and the results; else by way of doubles, with
 * weights.
 */
final class ElementStep {
  /** Largest magnitude of a factor, or of its inverse, that kernels take. */
  private static final double LARGEST_SCALE = 0x1p60;

  private final ElementPass pass;

  ElementStep(ElementPass pass) {
    this.pass = pass;
  }

  /** Computes a run that has been placed; returns the sum of its losses, where they are wanted. */
  double run(ElementBlock block) {
    pass.head.stage(block);
    if (form() == null) {
      pass.head.apply(block, pass.functions);
    } else {
      pass.kernel.exponentials(block.tile);
    }
    boolean counts = pass.losses.isPresent() || pass.total != null;
    if (counts && pass.gradient.isPresent() && isOneSweep()) {
      return writeBoth(block);
    }
    double sum = counts ? writeLosses(block) : 0;
    if (pass.gradient.isPresent()) {
      writeGradient(block);
    }
    return sum;
  }

  private ElementForm form() {
    return pass.head.form();
  }

  /** Whether no loss can be beyond float's range, and the gradient is what the kernel gives. */
  private boolean isOneSweep() {
    return form() != null && form() != ElementForm.WEIGHTED_BINARY && isKernelGradient();
  }

  private boolean isKernelGradient() {
    double scale = Math.abs(pass.upstreamScale);
    return pass.isPlain() && scale <= LARGEST_SCALE && scale >= 1 / LARGEST_SCALE;
  }

  private double writeBoth(ElementBlock block) {
    boolean inLosses = placeLosses(block);
    boolean inGradient = placeGradient(block, pass.upstreamScale);
    double sum = pass.kernel.lossesAndGradient(block.tile, form());
    takeLosses(block, inLosses);
    takeSlopes(block, inGradient);
    return sum;
  }

  /** Losses of a run; returns their sum. */
  private double writeLosses(ElementBlock block) {
    boolean direct = placeLosses(block);
    ElementTile tile = block.tile;
    double sum = form() == null ? 0 : kernelLosses(block);
    if (form() == null || !pass.isPlain()) {
      sum = pass.isPlain() ? block.sumLosses() : block.weighLosses();
      block.round(block.loss, tile.losses, tile.lossesFrom);
    }
    takeLosses(block, direct);
    return sum;
  }

  /**
   * The kernel's losses, as doubles too where they are weighed, and their sum. Where that is not
   * finite, what the kernel has no finite number for is computed again in double, since a loss
   * beyond float's range may have a place in the sum.
   */
  private double kernelLosses(ElementBlock block) {
    double sum = pass.kernel.losses(block.tile, form());
    boolean plain = pass.isPlain();
    if (!Double.isFinite(sum)) {
      pass.head.apply(block, pass.functions);
      block.preferFiniteLosses();
      return plain ? block.sumLosses() : sum;
    }
    if (!plain) {
      block.widen(block.tile.losses, block.tile.lossesFrom, block.loss);
    }
    return sum;
  }

  private void writeGradient(ElementBlock block) {
    if (form() != null && isKernelGradient()) {
      boolean direct = placeGradient(block, pass.upstreamScale);
      pass.kernel.gradient(block.tile, form());
      takeSlopes(block, direct);
      return;
    }
    boolean direct = placeGradient(block, 1);
    ElementTile tile = block.tile;
    if (form() != null) {
      pass.kernel.gradient(tile, form());
      block.widen(tile.gradient, tile.gradientFrom, block.slope);
    }
    if (pass.isPlain()) {
      block.scaleSlopes(pass.upstreamScale);
    } else {
      block.weighSlopes();
    }
    block.round(block.slope, tile.gradient, tile.gradientFrom);
    takeSlopes(block, direct);
  }

  /** Decides where losses are written; returns whether it is where the caller wants them. */
  private boolean placeLosses(ElementBlock block) {
    ElementTile tile = block.tile;
    boolean direct = pass.isTogether(pass.losses, block.first, tile.count);
    tile.losses = direct ? pass.losses.data : block.losses;
    tile.lossesFrom = direct ? pass.start(pass.losses, block.first) : 0;
    return direct;
  }

  private void takeLosses(ElementBlock block, boolean direct) {
    if (pass.losses.isPresent() && !direct) {
      block.scatterLosses(pass);
    }
  }

  /** Decides where slopes are written; returns whether it is where the caller wants them. */
  private boolean placeGradient(ElementBlock block, double scale) {
    ElementTile tile = block.tile;
    boolean direct = !pass.added && pass.isTogether(pass.gradient, block.first, tile.count);
    tile.gradient = direct ? pass.gradient.data : block.slopes;
    tile.gradientFrom = direct ? pass.start(pass.gradient, block.first) : 0;
    tile.scale = (float) scale;
    return direct;
  }

  private void takeSlopes(ElementBlock block, boolean direct) {
    if (!direct) {
      block.scatterSlopes(pass);
    }
  }
}
