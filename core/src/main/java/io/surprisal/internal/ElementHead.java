package io.surprisal.internal;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.SoftmaxKernel;

/**
 * What makes one loss of single elements different from another.
 *
 * <p>A head is immutable and thread-safe, allocates nothing, and uses only operations whose bits
 * are the same on every machine. Either a kernel has loops for its loss, or the head computes loss
 * and slope itself, in double.
 */
public abstract class ElementHead {
  ElementHead() {}

  /** The kernel's loops for this loss, or null where {@link #apply} is all there is. */
  ElementForm form() {
    return null;
  }

  /** Makes of the targets what the loss reads beside the inputs; nothing by default. */
  void stage(ElementBlock block) {}

  /**
   * Loss and slope of every element in double, into {@link ElementBlock#loss} and {@link
   * ElementBlock#slope}. A head with a form has no slopes to give.
   */
  abstract void apply(ElementBlock block, SoftmaxKernel functions);

  /** x, or the canonical NaN. */
  static double canonical(double x) {
    return Double.isNaN(x) ? Double.NaN : x;
  }
}
