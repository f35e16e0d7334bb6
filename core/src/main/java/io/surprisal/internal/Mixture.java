package io.surprisal.internal;

import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * The logarithm of a mixture of a student's probabilities p and a teacher's q, {@code L = log(M/p)
 * = log(β·e^d + 1 − β)} with {@code d = log q − log p}.
 */
final class Mixture {
  /** Largest |d| that the kernel takes an exponential of. */
  private static final double MOST = 700;

  /** Up to it e^a − 1 is taken from its series: what is left out is 2^−43 of it. */
  private static final double SMALL = 0x1p-4;

  private Mixture() {}

  /**
   * d of each class into {@code slope}, and {@code L − max(d, 0) = min(d, 0) − (d − L)} into {@code
   * spare}: from |d|, so that nothing overflows, and no d that is infinite is subtracted from
   * itself. Without branches, so that the compiler makes vectors of the loops.
   *
   * <p>With {@code b = min(|d|, 1/16)} and {@code P = e^b − 1} from its series, {@code e^|d| − 1 =
   * P + (1 + P)·(e^(|d| − b) − 1)} has all its digits.
   */
  static void set(ClassRun run, double beta, SoftmaxKernel kernel) {
    double[] student = run.surprisal;
    double[] teacher = run.companion.surprisal;
    double[] gap = run.slope;
    double[] spare = run.spare;
    for (int i = 0; i < run.count; i++) {
      gap[i] = student[i] - teacher[i];
      spare[i] = Math.max(Math.min(Math.abs(gap[i]), MOST) - SMALL, 0);
    }
    kernel.exp(spare, 0, run.count);
    for (int i = 0; i < run.count; i++) {
      double small = small(Math.min(Math.abs(gap[i]), SMALL));
      double rise = small + (1 + small) * (spare[i] - 1);
      // β where d is positive, 1 − β where it is negative.
      double sign = Math.max(-1, Math.min(gap[i] * Tile.IMPOSSIBLE, 1));
      spare[i] = (0.5 + sign * (beta - 0.5)) * rise;
    }
    kernel.log1p(spare, 0, run.count);
    for (int i = 0; i < run.count; i++) {
      spare[i] -= Math.min(Math.abs(gap[i]), MOST);
    }
  }

  /** e^a − 1 with all its digits, for a up to {@link #SMALL}. */
  private static double small(double a) {
    double sum = 1.0 / 720 + a * (1.0 / 5040);
    sum = 1.0 / 120 + a * sum;
    sum = 1.0 / 24 + a * sum;
    sum = 1.0 / 6 + a * sum;
    sum = 1.0 / 2 + a * sum;
    return a + a * a * sum;
  }
}
