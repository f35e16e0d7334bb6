package io.surprisal.spi;

/**
 * Which loss of single elements an {@link ElementKernel} computes.
 *
 * <p>Notation: x the logit, a the element of {@link ElementTile#negative}, b that of {@link
 * ElementTile#positive}, {@code e = exp(−|x|)}, {@code l = log1p(e)}, {@code s = e/(1 + e)}: what
 * the sigmoid of x lacks of 1 or has more than 0. {@code 0·∞} is 0.
 */
public enum ElementForm {
  /**
   * Binary cross-entropy, {@code a·softplus(x) + b·softplus(−x)}.
   *
   * <p>Loss {@code |x|·(x > 0 ? a : b) + (a + b)·l}, a sum without subtraction; gradient {@code x >
   * 0 ? a − (a + b)·s : (a + b)·s − b}.
   */
  BINARY,
  /**
   * Squared error of the sigmoid, {@code (σ(x) − b)²}, for {@code a = 1 − b}.
   *
   * <p>With {@code d = x > 0 ? a − s : s − b} the loss is {@code d²}, the gradient {@code 2·d·s·(1
   * − s)}.
   */
  SQUARED_ERROR
}
