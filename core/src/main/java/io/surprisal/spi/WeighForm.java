package io.surprisal.spi;

/**
 * What WEIGH adds up over the classes of a row, its label's class left out. The closed list of the
 * functions that exist.
 *
 * <p>Notation: {@code p = e·F} with the stored exponential e and the slot's factor {@code F =
 * (scale + scaleLow)·rescale}; q the {@link Tile#targets}, or 0 where there are none; w the {@link
 * Tile#classVector}, or 1.
 */
public enum WeighForm {
  /** {@code Σ w·(p − q)²} and {@code Σ w·p·(p − q)}: squared error and its slope. */
  SQUARED_ERROR
}
