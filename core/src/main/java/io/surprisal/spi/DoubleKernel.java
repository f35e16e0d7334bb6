package io.surprisal.spi;

import io.surprisal.internal.ElementaryPairs;
import io.surprisal.internal.PairSums;

/**
 * The passes of {@link SoftmaxKernel} over logits in double, with results that a double keeps.
 *
 * <p>Every pass works on a {@link DoubleTile}. A kernel allocates nothing, keeps no state between
 * calls and checks nothing. The results of a slot depend on that row's data and label alone, never
 * on other rows, on the thread or on the machine.
 */
public interface DoubleKernel {
  /**
   * REDUCE: exponentials of the logits and their sum, for each row and each block of {@link
   * DoubleTile#BLOCK} columns.
   *
   * <p>Reads {@code logits}, {@code labels}. Writes for every slot (row, block) a sum {@code
   * blockSum + blockSumLow}, {@code blockExponent} N and {@code blockOrigin} a, so that the block's
   * Σ exp(x) <em>without the label's own term</em> is {@code sum · 2^N · e^a}; and, into {@code
   * exps}, {@code e = exp(x − a)·2^−N} for each class but the label's, whose entry may hold
   * anything finite. Where {@code expsStride} is 0, {@code exps} is scratch memory for {@link
   * DoubleTile#MAX_COLUMNS} values.
   *
   * <p>Special values: −∞ has the exponential 0 exactly; a block of nothing but −∞ has sum 0. A
   * block with a NaN has sum NaN; one with +∞ and no NaN has sum +∞, both decided from the data. An
   * exponential may be 0 where the class's probability is below 2^−1022, and only there.
   *
   * <p>Error: e within 1 ulp of exp(x − a)·2^−N; the sum is that of the stored e within 2^−90.
   *
   * @param tile the rows to reduce
   */
  void reduce(DoubleTile tile);

  /**
   * Σ w·x over the columns of each row, into {@code weightedSum + weightedSumLow}; w is the {@code
   * classVector}, or 1 where there is none. A term of weight 0 is 0, whatever its x.
   *
   * <p>Reads {@code logits}, label included. Error: within 2^−90 of Σ|w·x|.
   *
   * @param tile the rows to add up
   */
  void weightedSums(DoubleTile tile);

  /**
   * MAP: writes {@code out} by one of the forms {@link MapForm#SCALED}, {@link
   * MapForm#SCALED_MINUS_CLASSES}, {@link MapForm#LOGARITHM}, {@link MapForm#SCALED_TIMES_UPSTREAM}
   * and {@link MapForm#UPSTREAM_PLUS_SCALED}; no other is asked for.
   *
   * <p>{@code out} may be the logits, the upstream rows or the exps themselves, at the same place;
   * otherwise it is disjoint from them.
   *
   * @param tile the rows, reduced, with their coefficients
   * @param form which formula
   */
  void map(DoubleTile tile, MapForm form);

  /**
   * Adds what was mapped to what {@code out} holds: {@code out += exps}, one rounding.
   *
   * @param tile rows whose {@code exps} hold mapped values
   */
  void add(DoubleTile tile);

  /**
   * Σ e·v for each slot (row, block), into {@code blockDot + blockDotLow}; e are the stored {@code
   * exps} and v the {@code upstream} rows.
   *
   * <p>Reads what {@link #reduce} stored; no row has a label. Error: within 2^−90 of Σ|e·v|.
   *
   * @param tile the rows, reduced
   */
  default void expDots(DoubleTile tile) {
    PairSums.expDots(tile);
  }

  /**
   * e^(high + low) of many unevaluated sums of two doubles, for the heads: within 2^−56 relative.
   *
   * <p>A kernel that overrides this gives the bits of this method: they are part of the bit
   * contract.
   *
   * @param high in place; one that is not within ±708 becomes anything
   * @param low in place: what {@code high} lost by rounding
   * @param first the first one
   * @param last one past the last
   */
  default void exp(double[] high, double[] low, int first, int last) {
    ElementaryPairs.exp(high, low, first, last);
  }

  /**
   * log(1 + high + low) of many such sums, with full relative precision where that is small; bits
   * as of {@link #exp}.
   *
   * @param high in place; one that is not from 0 to 2^1022.4 becomes anything
   * @param low in place
   * @param first the first one
   * @param last one past the last
   */
  default void log1p(double[] high, double[] low, int first, int last) {
    ElementaryPairs.log1p(high, low, first, last);
  }
}
