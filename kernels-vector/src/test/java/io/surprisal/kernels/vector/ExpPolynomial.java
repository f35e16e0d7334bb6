package io.surprisal.kernels.vector;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Derives the coefficients of {@link VectorExp} and {@link VectorDoubleExp}: the polynomial {@code
 * 1 + r + c₂r² + c₃r³ + …} of a degree whose largest relative error from e^r on |r| ≤ ln 2 / 2 is
 * smallest, by Remez's exchange in 40 digits.
 */
final class ExpPolynomial {
  /** c₀ and c₁ are fixed at 1. */
  private static final int FIRST = 2;

  private static final int GRID = 2000;
  private static final double LEAST_NODE = 0.15;
  private static final int ROUNDS = 8;
  private static final MathContext DIGITS = new MathContext(40);
  private static final BigDecimal HALF_LN2 =
      new BigDecimal("0.34657359027997265470861606072908828403775");

  private final int degree;
  private final int unknowns;
  private BigDecimal[] coefficients = new BigDecimal[0];
  private double largestError;

  private ExpPolynomial(int degree) {
    this.degree = degree;
    unknowns = degree - FIRST + 2;
  }

  /** Runs the exchange, from the extrema of a Chebyshev polynomial. */
  static ExpPolynomial derive(int degree) {
    ExpPolynomial polynomial = new ExpPolynomial(degree);
    int unknowns = polynomial.unknowns;
    BigDecimal[] points = new BigDecimal[unknowns];
    for (int i = 0; i < unknowns; i++) {
      double node = -Math.cos(Math.PI * i / (unknowns - 1));
      // At 0 there is no error to level.
      node = Math.copySign(Math.max(Math.abs(node), LEAST_NODE), node);
      points[i] = HALF_LN2.multiply(new BigDecimal(node), DIGITS);
    }
    for (int round = 0; round < ROUNDS; round++) {
      polynomial.solve(points);
      points = polynomial.extrema();
    }
    return polynomial;
  }

  /** The coefficient of r^power. */
  BigDecimal coefficient(int power) {
    return coefficients[power - FIRST];
  }

  /** The largest relative error, before rounding the coefficients. */
  double largestError() {
    return largestError;
  }

  /** Σ c_k r^k e^−r + (−1)^i·E = 1 − (1 + r)·e^−r at each point, by Gauss's elimination. */
  private void solve(BigDecimal[] points) {
    BigDecimal[][] rows = new BigDecimal[unknowns][unknowns + 1];
    for (int i = 0; i < unknowns; i++) {
      BigDecimal r = points[i];
      BigDecimal weight = exp(r.negate());
      for (int k = 0; k < unknowns - 1; k++) {
        rows[i][k] = r.pow(k + FIRST, DIGITS).multiply(weight, DIGITS);
      }
      rows[i][unknowns - 1] = BigDecimal.valueOf(i % 2 == 0 ? 1 : -1);
      rows[i][unknowns] =
          BigDecimal.ONE.subtract(BigDecimal.ONE.add(r).multiply(weight, DIGITS), DIGITS);
    }
    coefficients = eliminate(rows);
  }

  /** Solves linear equations, a row each, the right side last. */
  static BigDecimal[] eliminate(BigDecimal[][] rows) {
    int n = rows.length;
    for (int i = 0; i < n; i++) {
      int pivot = i;
      for (int k = i + 1; k < n; k++) {
        pivot = rows[k][i].abs().compareTo(rows[pivot][i].abs()) > 0 ? k : pivot;
      }
      BigDecimal[] swapped = rows[i];
      rows[i] = rows[pivot];
      rows[pivot] = swapped;
      for (int k = 0; k < n; k++) {
        if (k != i) {
          BigDecimal factor = rows[k][i].divide(rows[i][i], DIGITS);
          for (int j = i; j <= n; j++) {
            rows[k][j] = rows[k][j].subtract(factor.multiply(rows[i][j], DIGITS), DIGITS);
          }
        }
      }
    }
    BigDecimal[] solution = new BigDecimal[n];
    for (int i = 0; i < n; i++) {
      solution[i] = rows[i][n].divide(rows[i][i], DIGITS);
    }
    return solution;
  }

  /** The points of largest error, one for each run of one sign. */
  private BigDecimal[] extrema() {
    BigDecimal[] found = new BigDecimal[unknowns];
    int count = 0;
    BigDecimal largest = BigDecimal.ZERO;
    largestError = 0;
    for (int i = 0; i <= GRID; i++) {
      BigDecimal r = HALF_LN2.multiply(BigDecimal.valueOf(2L * i - GRID), DIGITS);
      r = r.divide(BigDecimal.valueOf(GRID), DIGITS);
      BigDecimal error = error(r);
      boolean newRun = count == 0 || error.signum() * largest.signum() < 0;
      if (newRun && count < unknowns) {
        count++;
        largest = BigDecimal.ZERO;
      }
      if (error.abs().compareTo(largest.abs()) > 0) {
        largest = error;
        found[count - 1] = r;
      }
      largestError = Math.max(largestError, error.abs().doubleValue());
    }
    if (count != unknowns) {
      throw new IllegalStateException("the error alternates " + count + " times only");
    }
    return found;
  }

  private BigDecimal error(BigDecimal r) {
    BigDecimal value = BigDecimal.ZERO;
    for (int k = degree; k >= FIRST; k--) {
      value = value.multiply(r, DIGITS).add(coefficients[k - FIRST]);
    }
    value = value.multiply(r, DIGITS).add(BigDecimal.ONE);
    value = value.multiply(r, DIGITS).add(BigDecimal.ONE);
    return value.multiply(exp(r.negate()), DIGITS).subtract(BigDecimal.ONE, DIGITS);
  }

  private static BigDecimal exp(BigDecimal x) {
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; i < 40; i++) {
      term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }
}
