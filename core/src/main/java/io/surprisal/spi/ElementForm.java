package io.surprisal.spi;

/**
 * Which loss of single elements an {@link ElementKernel} computes.
 *
 * <p>Notation: x the logit, b the element of {@link ElementTile#positive}, a the share of the other
 * class, {@code e = exp(−|x|)}, {@code l = log1p(e)}, {@code s = e/(1 + e)}: what the sigmoid of x
 * lacks of 1 or has more than 0. {@code 0·∞} is 0.
 */
public enum ElementForm {
  /**
   * Binary cross-entropy, {@code a·softplus(x) + b·softplus(−x)}, for {@code a = 1 − b}, rounded to
   * float, and b of at most 1.
   *
   * <p>Loss {@code |x|·(x > 0 ? a : b) + l}, a sum without subtraction; gradient {@code x > 0 ? a −
   * s : s − b}.
   */
  BINARY,
  /**
   * Binary cross-entropy for any a and b; a is the element of {@link ElementTile#negative}.
   *
   * <p>Loss {@code |x|·(x > 0 ? a : b) + (a + b)·l}; gradient {@code x > 0 ? a − (a + b)·s : (a +
   * b)·s − b}.
   */
  WEIGHTED_BINARY,
  /**
   * Squared error of the sigmoid, {@code (σ(x) − b)²}, for b of at most 1.
   *
   * <p>With {@code d = x > 0 ? 1 − b − s : s − b} the loss is {@code d²}, the gradient {@code
   * 2·d·s·(1 − s)}.
   */
  SQUARED_ERROR
}
