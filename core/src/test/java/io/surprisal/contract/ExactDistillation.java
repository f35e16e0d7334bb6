package io.surprisal.contract;

/**
 * The oracle of the divergences between a teacher's row q and a student's p.
 *
 * <pre>
 *   forward          D = Σ q·log(q/p)                                    d_c = p_c − q_c
 *   reverse          D = Σ p·log(p/q)                                    d_c = p_c·(log(p_c/q_c) − D)
 *   Jensen–Shannon   D = β·Σ q·log(q/M) + (1−β)·Σ p·log(p/M)             d_c = G_c − p_c·ΣG
 * </pre>
 */
final class ExactDistillation {
  /** Which divergence; a β of 0 is forward, of 1 reverse. */
  private final double beta;

  private final double[] p;
  private final double[] q;
  private final double[] student;
  private final double[] teacher;

  /** −log M. */
  private final double[] mixture;

  ExactDistillation(ExactRow student, ExactRow teacher, double beta) {
    this.beta = beta;
    int classes = student.classes();
    p = new double[classes];
    q = new double[classes];
    this.student = new double[classes];
    this.teacher = new double[classes];
    mixture = new double[classes];
    for (int c = 0; c < classes; c++) {
      p[c] = student.probability(c);
      q[c] = teacher.probability(c);
      this.student[c] = student.surprisal(c).value();
      this.teacher[c] = teacher.surprisal(c).value();
      // 1 − M by the complements, so that M near 1 keeps its digits.
      double others = beta * teacher.complement(c) + (1 - beta) * student.complement(c);
      double m = beta * q[c] + (1 - beta) * p[c];
      mixture[c] = m > 0.5 ? -Math.log1p(-others) : -Math.log(m);
    }
  }

  private static double times(double probability, double logarithm) {
    return probability == 0 ? 0 : probability * logarithm;
  }

  /** D. */
  double loss() {
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      if (beta == 0) {
        sum += times(q[c], student[c] - teacher[c]);
      } else if (beta == 1) {
        sum += times(p[c], teacher[c] - student[c]);
      } else {
        sum += beta * times(q[c], mixture[c] - teacher[c]);
        sum += (1 - beta) * times(p[c], mixture[c] - student[c]);
      }
    }
    return sum;
  }

  /** The largest sum that D is a difference of. */
  double lossScale() {
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      if (beta == 0) {
        sum += times(q[c], student[c]);
      } else if (beta == 1) {
        sum += times(p[c], teacher[c]);
      } else {
        sum += times(beta * q[c] + (1 - beta) * p[c], mixture[c]);
      }
    }
    return sum;
  }

  private double slope(int c) {
    return (1 - beta) * times(p[c], mixture[c] - student[c]);
  }

  private double slopeScale(int c) {
    return (1 - beta) * times(p[c], Math.max(mixture[c], student[c]));
  }

  /** All entries d_c. */
  double[] gradient() {
    double[] gradient = new double[p.length];
    double all = 0;
    for (int c = 0; c < p.length; c++) {
      all += slope(c);
    }
    double loss = loss();
    for (int c = 0; c < p.length; c++) {
      if (beta == 0) {
        gradient[c] = p[c] - q[c];
      } else if (beta == 1) {
        gradient[c] = times(p[c], (teacher[c] - student[c]) - loss);
      } else {
        gradient[c] = slope(c) - p[c] * all;
      }
    }
    return gradient;
  }

  /** The largest term of each entry, logarithms and sums by their parts. */
  double[] gradientScale() {
    double[] scale = new double[p.length];
    double all = 0;
    for (int c = 0; c < p.length; c++) {
      all += slopeScale(c);
    }
    double loss = lossScale();
    for (int c = 0; c < p.length; c++) {
      if (beta == 0) {
        scale[c] = Math.max(p[c], q[c]);
      } else if (beta == 1) {
        scale[c] = times(p[c], Math.max(Math.max(teacher[c], student[c]), loss));
      } else {
        scale[c] = Math.max(slopeScale(c), p[c] * all);
      }
    }
    return scale;
  }

  /** The most that a probability is multiplied by. */
  double factor() {
    double most = 1;
    for (int c = 0; c < p.length; c++) {
      if (Double.isFinite(teacher[c]) && Double.isFinite(student[c])) {
        most = Math.max(most, Math.max(teacher[c], student[c]));
      }
    }
    return 2 * most;
  }
}
