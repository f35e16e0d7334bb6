package io.surprisal.spi;

import io.surprisal.internal.Bfloat16;
import io.surprisal.internal.Elementary;
import io.surprisal.internal.PlainClasses;
import io.surprisal.internal.PlainSums;

/**
 * The passes over logits from which every softmax loss is made.
 *
 * <p>Every pass works on a {@link Tile}: rows that fit in cache, in {@code float[]} storage. A
 * kernel allocates nothing, keeps no state between calls and checks nothing; the driver has checked
 * every argument. The results of a slot depend on that row's data and label alone, never on other
 * rows, on the thread or on the machine.
 *
 * <p>A kernel has to write {@link #reduce}, {@link #weigh} and {@link #map}; every other pass is
 * there in plain loops, for a kernel to override where it is faster.
 */
public interface SoftmaxKernel {
  /**
   * REDUCE: exponentials of the logits and their sum, for each row and each block of {@link
   * Tile#BLOCK} columns.
   *
   * <p>Reads {@code logits}, {@code labels}. Writes for every slot (row, block) a sum {@code
   * blockSum}, {@code blockExponent} N and {@code blockOrigin} a, so that the block's Σ exp(x)
   * <em>without the label's own term</em> is {@code sum · 2^N · e^a}; and, into {@code exps},
   * {@code e = exp(x − a)·2^−N} for each class but the label's, whose entry may hold anything
   * finite. Where {@code expsStride} is 0, {@code exps} is scratch memory for {@link
   * Tile#MAX_COLUMNS} values.
   *
   * <p>Special values: −∞ has the exponential 0 exactly; a block of nothing but −∞ has sum 0. A
   * block with a NaN has sum NaN; one with +∞ and no NaN has sum +∞, both decided from the data. An
   * exponential may be 0 where the class's probability is below 2^−126, and only there.
   *
   * <p>Error: e within 1.5 ulp of exp(x − a)·2^−N; the sum within 2.5 float ulp.
   *
   * @param tile the rows to reduce
   */
  void reduce(Tile tile);

  /**
   * Σ w·x over the columns of each row, in double, into {@code weightedSum}; w is the {@code
   * classVector}, or 1 where there is none. A term of weight 0 is 0, whatever its x.
   *
   * <p>Reads {@code logits}, label included. Error: within n·2^−53 of Σ|w·x|, n the columns.
   *
   * @param tile the rows to add up
   */
  default void weightedSums(Tile tile) {
    PlainSums.weightedSums(tile);
  }

  /**
   * Σ w·q and Σ w·q·x over the columns of each row, in double, into {@code targetSum} and {@code
   * targetDot}; q are the {@code targets}, w the {@code classVector}, or 1 where there is none. A
   * term of w·q = 0 is 0, whatever its x.
   *
   * <p>Reads {@code logits}, label included. Error: within n·2^−53 of Σ|w·q| and of Σ|w·q·x|, n the
   * columns; of a row with one target that is not 0, no error.
   *
   * @param tile the rows to add up
   */
  default void targetSums(Tile tile) {
    PlainSums.targetSums(tile);
  }

  /**
   * What {@link #targetSums} does and, into {@code targetPeak}, {@link #argMax} of each row's
   * targets: one after the other of a row that is then in cache.
   *
   * @param tile the rows
   */
  default void targetPeaks(Tile tile) {
    targetSums(tile);
    for (int row = 0; row < tile.rows; row++) {
      tile.targetPeak[row] = argMax(tile.targets, tile.targetsStart[row], tile.columns);
    }
  }

  /**
   * Where the largest of some values is: the first of several. NaN is never the largest.
   *
   * <p>A kernel that overrides this gives the same answer.
   *
   * @param values the array
   * @param from index of the first value
   * @param count how many, 1 or more
   * @return from 0 to count − 1, or −1 where every value is NaN
   */
  default int argMax(float[] values, int from, int count) {
    int found = -1;
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      float value = values[from + i];
      if (value > largest || (found < 0 && value == largest)) {
        found = i;
        largest = value;
      }
    }
    return found;
  }

  /**
   * How many of some values are greater than a threshold. NaN is not, and nothing is greater than
   * NaN.
   *
   * <p>A kernel that overrides this gives the same answer.
   *
   * @param values the array
   * @param from index of the first value
   * @param count how many, 1 or more
   * @param threshold what they are compared with
   * @return 0 to count
   */
  default int countGreater(float[] values, int from, int count, float threshold) {
    int found = 0;
    for (int i = from; i < from + count; i++) {
      found += values[i] > threshold ? 1 : 0;
    }
    return found;
  }

  /**
   * Σ e, Σ e·(x − h) and Σ e² for each slot (row, block), in double, into {@code blockExps}, {@code
   * blockSpread} and {@code blockSquares}; e are the stored {@code exps} and h is the slot's {@code
   * pivot}. A term of e = 0 is 0, whatever its x.
   *
   * <p>Reads what {@link #reduce} stored, but for some of each slot that the driver has made 0.
   * Error: within n·2^−52 of the sums of magnitudes, n the columns.
   *
   * @param tile the rows, reduced
   */
  default void moments(Tile tile) {
    PlainSums.moments(tile);
  }

  /**
   * Σ e·v for each slot (row, block), in double, into {@code blockDot}; e are the stored {@code
   * exps} and v the {@code upstream} rows.
   *
   * <p>Reads what {@link #reduce} stored; no row has a label. Error: within n·2^−53 of Σ|e·v|.
   *
   * @param tile the rows, reduced
   */
  default void expDots(Tile tile) {
    PlainSums.expDots(tile);
  }

  /**
   * WEIGH: two sums over the columns of each row, the label's column left out, in double, into
   * {@code weighedSum} and {@code weighedDot}.
   *
   * <p>Reads what {@link #reduce} stored and the slots' factors, {@code targets} and {@code
   * classVector} where there are some. What {@code exps} hold at the label may be overwritten.
   * Error: within n·2^−53 of the sum of the terms' magnitudes, n the columns, beside the errors of
   * e and F.
   *
   * @param tile the rows, reduced, with their factors
   * @param form which function of the classes
   */
  void weigh(Tile tile, WeighForm form);

  /**
   * MAP: writes {@code out} by one of the {@link MapForm}s.
   *
   * <p>{@code out} may be the logits, the upstream rows or the exps themselves, at the same place;
   * otherwise it is disjoint from them.
   *
   * @param tile the rows, reduced, with their coefficients
   * @param form which formula
   */
  void map(Tile tile, MapForm form);

  /**
   * WEIGH of losses with logarithms in their sums: two sums over the columns of each row, in
   * double, into {@code weighedSum} and {@code weighedDot}.
   *
   * <p>Reads what {@link #reduce} stored, the slots' factors, the rows' peaks, {@code logits}, and
   * what the form names. What {@code exps} hold at the label has been set to what makes its p.
   * Error: as of {@link #weigh}.
   *
   * @param tile the rows, reduced, with their factors and peaks
   * @param form which function of the classes
   */
  default void weighClasses(Tile tile, ClassForm form) {
    PlainClasses.weigh(tile, form);
  }

  /**
   * MAP of the same losses: writes {@code out}, which lies as for {@link #map}. Error: 1 ulp of the
   * form's largest term, beside the errors of e and F.
   *
   * @param tile the rows, reduced, with their factors, peaks and coefficients
   * @param form which formula
   */
  default void mapClasses(Tile tile, ClassForm form) {
    PlainClasses.map(tile, form);
  }

  /**
   * Adds what was mapped to what {@code out} holds: {@code out += exps}, one rounding.
   *
   * @param tile rows whose {@code exps} hold mapped values
   */
  default void add(Tile tile) {
    PlainSums.add(tile);
  }

  /**
   * Turns a matrix round: a copy, no bit of which changes.
   *
   * @param matrix what, and where to
   */
  default void transpose(Transposition matrix) {
    for (int i = 0; i < matrix.rows; i++) {
      int from = matrix.fromStart + i;
      int to = matrix.toStart + i * matrix.toStride;
      for (int j = 0; j < matrix.columns; j++) {
        matrix.to[to + j] = matrix.from[from + j * matrix.fromStride];
      }
    }
  }

  /**
   * e^x of many numbers, for the heads.
   *
   * <p>A kernel that overrides this gives the bits of this method: they are part of the bit
   * contract.
   *
   * @param values in place; one that is not within ±700 becomes anything
   * @param first the first one
   * @param last one past the last
   */
  default void exp(double[] values, int first, int last) {
    for (int i = first; i < last; i++) {
      values[i] = Elementary.exp(values[i]);
    }
  }

  /**
   * log(1 + w) of many numbers, for the heads; bits as of {@link #exp}.
   *
   * @param values in place; one that is negative or not finite becomes anything
   * @param first the first one
   * @param last one past the last
   */
  default void log1p(double[] values, int first, int last) {
    for (int i = first; i < last; i++) {
      values[i] = Elementary.log1p(values[i]);
    }
  }

  /**
   * Numbers of the type {@link io.surprisal.ElementType#BFLOAT16} as floats, without rounding.
   *
   * <p>A kernel that overrides this gives the same bits, of NaN too.
   *
   * @param halves the numbers
   * @param first the first one
   * @param last one past the last
   * @param floats where the floats go
   * @param start where that of {@code halves[0]} would be: {@code floats[start + i]} becomes {@code
   *     halves[i]}
   */
  default void bfloat16ToFloats(short[] halves, int first, int last, float[] floats, int start) {
    for (int i = first; i < last; i++) {
      floats[start + i] = Bfloat16.toFloat(halves[i]);
    }
  }

  /**
   * Floats rounded to {@link io.surprisal.ElementType#BFLOAT16}: to nearest, ties to even, NaN to a
   * quiet NaN with its upper bits.
   *
   * <p>A kernel that overrides this gives the same bits.
   *
   * @param floats the floats
   * @param start where that of {@code halves[0]} would be: {@code halves[i]} becomes {@code
   *     floats[start + i]}
   * @param halves where the numbers go
   * @param first the first one
   * @param last one past the last
   */
  default void floatsToBfloat16(float[] floats, int start, short[] halves, int first, int last) {
    for (int i = first; i < last; i++) {
      halves[i] = Bfloat16.of(floats[start + i]);
    }
  }

  /**
   * Whether all of many numbers are within ±bound, for the heads; NaN is not.
   *
   * @param bound 0 or more
   * @param values the numbers
   * @param first the first one
   * @param last one past the last
   * @return whether they all are
   */
  default boolean areWithin(double bound, double[] values, int first, int last) {
    for (int i = first; i < last; i++) {
      if (!(Math.abs(values[i]) <= bound)) {
        return false;
      }
    }
    return true;
  }
}
