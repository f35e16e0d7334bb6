package io.surprisal.spi;

/**
 * What MAP writes for each class c of a row. The closed list of the combinations that exist.
 *
 * <p>Notation: x the logit, {@code e} its stored exponential, {@code F} the slot's factor {@code
 * (scale + scaleLow)·rescale}, so that {@code e·F} is the probability times the row's factor. Where
 * {@code e <} {@link Tile#cutoff}, {@code e·F} is exactly 0, except in the forms of products, where
 * it may be either. Capital row coefficients are fields of {@link Tile}.
 *
 * <p>Error: {@code e·F} and what the forms with upstream rows and {@link #SCALED_TIMES_ERROR}
 * write, 1 ulp beside the errors of e and F; each further term of the other forms, 1 ulp of it.
 */
public enum MapForm {
  /** {@code out = e·F}: softmax, the gradient of log-sum-exp and of cross-entropy. */
  SCALED,
  /**
   * {@code out = e·F − w·H}, w the {@link Tile#classVector} (1 where there is none) and H {@link
   * Tile#shift}: cross-entropy with label smoothing.
   */
  SCALED_MINUS_CLASSES,
  /**
   * {@code out = e·F − w·(G·q + H)}, q the {@link Tile#targets} row, G {@link Tile#targetFactor}, w
   * and H as before: cross-entropy with dense targets.
   */
  SCALED_MINUS_TARGETS,
  /**
   * {@code out = (x − B) − b}, B {@link Tile#logSumHigh} and b {@link Tile#logSumLow}: log-softmax.
   */
  LOGARITHM,
  /**
   * {@code out = (e·F)·(v − H)}, v the {@link Tile#upstream} row and H {@link Tile#shift}: the
   * product of softmax's Jacobian with v.
   */
  SCALED_TIMES_UPSTREAM,
  /** {@code out = v + e·F}, v the {@link Tile#upstream} row: the product for log-softmax. */
  UPSTREAM_PLUS_SCALED,
  /**
   * {@code out = (e·F)·(G·w·(e·F − q) − H)}, q the {@link Tile#targets} row (0 where there is
   * none), w the {@link Tile#classVector}, G and H as before: squared error.
   */
  SCALED_TIMES_ERROR
}
