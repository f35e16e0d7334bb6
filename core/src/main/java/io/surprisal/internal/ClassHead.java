package io.surprisal.internal;

import io.surprisal.spi.ClassForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * A loss that is a sum over classes of functions with powers and logarithms of probabilities. Where
 * there is a {@link ClassForm} for them, the kernel computes them; else the head does so itself, in
 * double, on a {@link ClassRun} after the other, once for the sums of WEIGH and once for MAP.
 *
 * <p>Exponentials and logarithms of a run are the kernel's, many at once; the rest is loops that
 * the compiler makes vectors of.
 */
abstract class ClassHead extends LabelHead {
  @Override
  public final boolean weighs() {
    return true;
  }

  @Override
  final void setLoss(RowBlock rows, int i, double label, double others, double logSumExp) {
    PeakHead.setPeak(rows, i, label, others);
    begin(rows, i, logSumExp);
  }

  /**
   * What the kernel adds up and maps.
   *
   * @return the form, or null where the head has runs of classes instead
   */
  ClassForm classForm() {
    return null;
  }

  /** Does for the tile of a form what WEIGH does not. */
  void endWeigh(SoftmaxPass pass, Workspace workspace) {}

  /** Sets the coefficients of a form, and looks at what MAP may write over. */
  void beginMap(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    Window window = workspace.window;
    System.arraycopy(window.block.targetFactor, window.firstSlot, tile.targetFactor, 0, tile.rows);
    System.arraycopy(window.block.shift, window.firstSlot, tile.shift, 0, tile.rows);
  }

  /** Does for the tile of a form what MAP does not. */
  void endMap(SoftmaxPass pass, Workspace workspace) {}

  /** Whether WEIGH adds up anything. */
  boolean hasSums() {
    return true;
  }

  /** What else is known of a row before its classes are weighed. */
  void begin(RowBlock rows, int i, double logSumExp) {}

  /**
   * Computes the terms of the two sums of WEIGH of each class of a run, into {@code term} and
   * {@code slope}.
   */
  abstract void weigh(ClassRun run, SoftmaxKernel kernel);

  /** Computes the entries of the gradient, into {@code term}. */
  abstract void map(ClassRun run, SoftmaxKernel kernel);

  /** Loss and coefficients of a row from its sums, which are finite. */
  abstract void finish(RowBlock rows, int i);

  @Override
  public final void applyWeighed(RowBlock rows) {
    for (int i = 0; i < rows.rows; i++) {
      if (!Double.isNaN(rows.loss[i])) {
        finish(rows, i);
      }
      if (Double.isNaN(rows.loss[i])) {
        // WEIGH may have set the likelihood of a row without probabilities to anything.
        rows.likelihood[i] = Double.NaN;
        rows.fill[i] = RowBlock.NANS;
      }
    }
  }
}
