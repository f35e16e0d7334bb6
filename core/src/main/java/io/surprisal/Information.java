package io.surprisal;

import io.surprisal.internal.Elementary;
import java.util.Objects;

/**
 * Entropy, cross-entropy and Kullback–Leibler divergence of distributions, in nats or in bits.
 *
 * <p>A distribution is an array of probabilities, one a class: finite, not negative, and 1 in sum
 * within {@value #SUM_TOLERANCE}. For P and Q over the same classes, {@code H(P,Q) = H(P) +
 * KL(P‖Q)}.
 *
 * <p>Special values: a class with p = 0 counts as 0, whatever its q is. A class with p &gt; 0 and q
 * = 0 makes cross-entropy and divergence +∞.
 *
 * <p>Error: within n·2^−52 of the sum of the terms' magnitudes, n the classes.
 *
 * <p>Immutable and thread-safe; nothing is allocated.
 *
 * {@snippet :
 * double entropy = Information.inBits().entropy(0.5, 0.25, 0.25); // 1.5
 * double divergence = Information.inNats().divergence(new double[] {1, 0}, new double[] {0.5, 0.5});
 * }
 */
public final class Information {
  /** How far a sum of probabilities may be from 1. */
  public static final double SUM_TOLERANCE = 1e-3;

  private static final Information NATS = new Information(1, "nats");
  private static final Information BITS = new Information(0x1.62e42fefa39efp-1, "bits");

  private final double unit;
  private final String name;

  private Information(double unit, String name) {
    this.unit = unit;
    this.name = name;
  }

  /**
   * In units of log e.
   *
   * @return the quantities in nats
   */
  public static Information inNats() {
    return NATS;
  }

  /**
   * In units of log 2.
   *
   * @return the quantities in bits
   */
  public static Information inBits() {
    return BITS;
  }

  /**
   * Entropy {@code −Σ p·log p}: 0 for certainty, log C for C classes that are equally likely.
   *
   * @param p probabilities {@code [classes]}
   * @return 0 or more
   * @throws IllegalArgumentException if p is no distribution
   */
  public double entropy(double... p) {
    check("p", p);
    double sum = 0;
    for (double probability : p) {
      sum -= probability == 0 ? 0 : probability * Elementary.log(probability);
    }
    return sum / unit;
  }

  /**
   * Cross-entropy {@code −Σ p·log q}: the mean surprisal of who expects Q where P holds.
   *
   * @param p what holds, probabilities {@code [classes]}
   * @param q what is expected, probabilities {@code [classes]}
   * @return 0 or more, +∞ where what is thought impossible happens
   * @throws IllegalArgumentException if p or q is no distribution, or their lengths differ
   */
  public double crossEntropy(double[] p, double[] q) {
    check(p, q);
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      sum -= p[c] == 0 ? 0 : p[c] * Elementary.log(q[c]);
    }
    return sum / unit;
  }

  /**
   * Kullback–Leibler divergence {@code Σ p·log(p/q)} of Q from P: what expecting Q costs beyond the
   * entropy of P.
   *
   * <p>Added up as {@code Σ (p·log(p/q) − p + q)}, no term of which is negative: the same where
   * both sums are 1, and the better answer where rounding has left them apart.
   *
   * @param p what holds, probabilities {@code [classes]}
   * @param q what is expected, probabilities {@code [classes]}
   * @return 0 or more, 0 for equal distributions, +∞ where what is thought impossible happens
   * @throws IllegalArgumentException if p or q is no distribution, or their lengths differ
   */
  public double divergence(double[] p, double[] q) {
    check(p, q);
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      sum += Math.max(0, term(p[c], q[c]));
    }
    return sum / unit;
  }

  /** p·log(p/q) − p + q. */
  private static double term(double p, double q) {
    if (p == 0) {
      return q;
    }
    if (q == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return p * logOfRatio(p, q) - (p - q);
  }

  /** log(p/q) of probabilities that are not 0. */
  private static double logOfRatio(double p, double q) {
    // Whichever is larger: the logarithm of the ratio keeps its digits where they are close.
    double excess = p > q ? (p - q) / q : (q - p) / p;
    if (excess > Double.MAX_VALUE) {
      return Elementary.log(p) - Elementary.log(q);
    }
    return p > q ? Elementary.log1p(excess) : -Elementary.log1p(excess);
  }

  private static void check(double[] p, double[] q) {
    check("p", p);
    check("q", q);
    Checks.length("q", q.length, "classes of p", p.length);
  }

  private static void check(String argument, double[] probabilities) {
    Objects.requireNonNull(probabilities, argument);
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double probability = probabilities[c];
      if (!(probability >= 0 && probability <= 1 + SUM_TOLERANCE)) {
        throw new IllegalArgumentException(
            argument + "[" + c + "] = " + probability + " is outside [0, 1]");
      }
      sum += probability;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(argument + " adds up to " + sum + ", not to 1");
    }
  }

  @Override
  public String toString() {
    return "Information[" + name + "]";
  }
}
