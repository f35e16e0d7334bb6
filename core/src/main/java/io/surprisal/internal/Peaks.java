package io.surprisal.internal;

import java.util.Arrays;

/**
 * What rows, or parts of rows, look like from their largest logit, x_m at class m; one slot each.
 *
 * <p>Everything is relative to e^(x_m), so that nothing overflows, and the term of m itself is left
 * out of the sums, so that a confident row keeps its digits:
 *
 * <pre>
 *   R = Σ_{c≠m} e^(x_c−x_m)      D = Σ_c e^(x_c−x_m)·(x_c − x_m)      Q = Σ_{c≠y} e^(2(x_c−x_m))
 *   p_m = 1/(1+R)                H = log(1+R) − D/(1+R)               Σ_{c≠y} p_c² = Q/(1+R)²
 * </pre>
 *
 * <p>Every term of H is positive, since D is not.
 */
final class Peaks {
  /** The class m, or −1 where there is none but NaN. */
  int[] column;

  /** Its logit. */
  float[] logit;

  /** R. */
  double[] rest;

  /** D, 0 or less. */
  double[] spread;

  /** Q, the label left out, or the class that stands apart in its place. */
  double[] squares;

  /** How many logits are greater than the label's. */
  int[] greater;

  Peaks(int slots) {
    column = new int[slots];
    logit = new float[slots];
    rest = new double[slots];
    spread = new double[slots];
    squares = new double[slots];
    greater = new int[slots];
  }

  /** Makes room for so many slots. */
  void ensure(int slots) {
    if (column.length < slots) {
      int length = Math.max(slots, 2 * column.length);
      column = Arrays.copyOf(column, length);
      logit = Arrays.copyOf(logit, length);
      rest = Arrays.copyOf(rest, length);
      spread = Arrays.copyOf(spread, length);
      squares = Arrays.copyOf(squares, length);
      greater = Arrays.copyOf(greater, length);
    }
  }

  /** Makes a slot that of no classes. */
  void clear(int i) {
    column[i] = -1;
    logit[i] = Float.NEGATIVE_INFINITY;
    rest[i] = 0;
    spread[i] = 0;
    squares[i] = 0;
    greater[i] = 0;
  }

  /**
   * e^difference.
   *
   * @param difference 0 or less; or NaN, which counts as −∞
   * @return 0 where it is below e^−700
   */
  static double factor(double difference) {
    return difference > -700 ? Elementary.exp(difference) : 0;
  }

  /**
   * Merges a slot of others, whose classes come after those of this one.
   *
   * @param first their first class, from which theirs are counted
   */
  void merge(int i, Peaks other, int j, int first) {
    greater[i] += other.greater[j];
    if (other.column[j] < 0) {
      return;
    }
    if (column[i] < 0) {
      set(i, other, j, first);
      return;
    }
    double difference = (double) other.logit[j] - logit[i];
    if (difference > 0) {
      double lowerRest = rest[i];
      double lowerSpread = spread[i];
      double lowerSquares = squares[i];
      set(i, other, j, first);
      add(i, -difference, lowerRest, lowerSpread, lowerSquares);
    } else {
      add(i, difference, other.rest[j], other.spread[j], other.squares[j]);
    }
  }

  private void set(int i, Peaks other, int j, int first) {
    column[i] = first + other.column[j];
    logit[i] = other.logit[j];
    rest[i] = other.rest[j];
    spread[i] = other.spread[j];
    squares[i] = other.squares[j];
  }

  /** Adds the sums of classes with a peak that is lower by a difference. */
  private void add(
      int i, double difference, double lowerRest, double lowerSpread, double lowerSquares) {
    double factor = factor(difference);
    if (factor > 0) {
      rest[i] += (1 + lowerRest) * factor;
      spread[i] += (lowerSpread + (1 + lowerRest) * difference) * factor;
      squares[i] += lowerSquares * factor * factor;
    }
  }

  /** Adds the label to a part that it lies in, and that has a peak elsewhere. */
  void addLabel(int i, float labelLogit) {
    double difference = (double) labelLogit - logit[i];
    double factor = factor(difference);
    if (factor > 0) {
      rest[i] += factor;
      spread[i] += factor * difference;
    }
  }
}
