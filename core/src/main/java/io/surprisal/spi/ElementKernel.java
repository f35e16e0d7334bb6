package io.surprisal.spi;

/**
 * The loops over single elements from which the losses of the sigmoid are made.
 *
 * <p>Every loop works on an {@link ElementTile}. A kernel allocates nothing, keeps no state between
 * calls but in the tile, and checks nothing. The result of an element depends on its own numbers
 * alone, never on where it lies, on the thread or on the machine.
 */
public interface ElementKernel {
  /**
   * Prepares the losses and the gradient of a run: {@code e = exp(−|x|)}, into {@link
   * ElementTile#exps} or not at all.
   *
   * @param tile the run; its logits are read
   */
  void exponentials(ElementTile tile);

  /**
   * Writes the losses and adds them up in double, always in the same order for the same count.
   *
   * <p>Reads {@code inputs}, {@code positive}, what of {@code negative} the form says, and what
   * {@link #exponentials} left, which stays. Special values: x = ±∞ gives the limit, NaN the
   * canonical NaN.
   *
   * <p>Error: binary losses within 3 ulp of the float result, and 2^−125 times (a + b); {@link
   * ElementForm#SQUARED_ERROR} within 8 ulp of the square of the larger term of d. The sum of the
   * losses that are written is within count·2^−53 of itself.
   *
   * @param tile the run
   * @param form which loss
   * @return the sum
   */
  double losses(ElementTile tile, ElementForm form);

  /**
   * Writes the derivatives of the losses with respect to the logits, times {@link
   * ElementTile#scale}.
   *
   * <p>Reads what {@link #losses} reads. Error: 4 ulp of the larger of the two terms that are
   * subtracted, times what multiplies them.
   *
   * @param tile the run
   * @param form which loss
   */
  void gradient(ElementTile tile, ElementForm form);

  /**
   * Writes losses and gradient: the numbers of {@link #losses} and {@link #gradient}, in one sweep
   * where a kernel has one.
   *
   * @param tile the run; the gradient may be written over the logits, at the same place
   * @param form which loss
   * @return the sum of the losses
   */
  default double lossesAndGradient(ElementTile tile, ElementForm form) {
    double sum = losses(tile, form);
    gradient(tile, form);
    return sum;
  }

  /**
   * Whether a number is outside [0, highest], NaN included. The answer may be true for −0.
   *
   * @param values the numbers
   * @param from the first one
   * @param to one past the last
   * @param highest the end of the range, finite
   * @return false only if none is outside
   */
  default boolean anyOutside(float[] values, int from, int to, float highest) {
    boolean outside = false;
    for (int i = from; i < to; i++) {
      outside |= !(values[i] >= 0 && values[i] <= highest);
    }
    return outside;
  }
}
