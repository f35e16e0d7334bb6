package io.surprisal.kernels.vector;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Derives the coefficients of {@link VectorLogistic}: the polynomial {@code e + c₂e² + … + c₁₀e¹⁰}
 * whose largest relative error from log(1 + e) on [0, 1] is smallest, by Remez's exchange in 40
 * digits. The logarithm is the series of 2·artanh(e/(2 + e)).
 */
final class Log1pPolynomial {
  static final int DEGREE = 10;

  /** c₁ is fixed at 1, so that a small e is its own logarithm. */
  private static final int FIRST = 2;

  private static final int UNKNOWNS = DEGREE - FIRST + 2;
  private static final int GRID = 2000;
  private static final int ROUNDS = 10;
  private static final MathContext DIGITS = new MathContext(40);

  /** Points from 0 to 1, and e/log(1 + e) there. */
  private final BigDecimal[] grid = new BigDecimal[GRID + 1];

  private final BigDecimal[] weights = new BigDecimal[GRID + 1];

  private BigDecimal[] coefficients = new BigDecimal[0];
  private double largestError;

  private Log1pPolynomial() {
    for (int i = 1; i <= GRID; i++) {
      grid[i] = BigDecimal.valueOf(i).divide(BigDecimal.valueOf(GRID), DIGITS);
      weights[i] = grid[i].divide(log1p(grid[i]), DIGITS);
    }
  }

  /** Runs the exchange, from the extrema of a Chebyshev polynomial that are not at 0. */
  static Log1pPolynomial derive() {
    Log1pPolynomial polynomial = new Log1pPolynomial();
    int[] points = new int[UNKNOWNS];
    for (int i = 0; i < UNKNOWNS; i++) {
      points[i] = (int) Math.round(GRID * (1 - Math.cos(Math.PI * (i + 1) / UNKNOWNS)) / 2);
    }
    for (int round = 0; round < ROUNDS; round++) {
      polynomial.solve(points);
      points = polynomial.extrema();
    }
    return polynomial;
  }

  /** The coefficient of e^power, rounded to float. */
  float coefficient(int power) {
    return coefficients[power - FIRST].floatValue();
  }

  /** The largest relative error, before rounding the coefficients. */
  double largestError() {
    return largestError;
  }

  /** Σ c_k e^k/log(1+e) + (−1)^i·E = 1 − e/log(1+e) at each point. */
  private void solve(int[] points) {
    BigDecimal[][] rows = new BigDecimal[UNKNOWNS][UNKNOWNS + 1];
    for (int i = 0; i < UNKNOWNS; i++) {
      BigDecimal e = grid[points[i]];
      BigDecimal weight = weights[points[i]];
      for (int k = 0; k < UNKNOWNS - 1; k++) {
        rows[i][k] = e.pow(k + FIRST - 1, DIGITS).multiply(weight, DIGITS);
      }
      rows[i][UNKNOWNS - 1] = BigDecimal.valueOf(i % 2 == 0 ? 1 : -1);
      rows[i][UNKNOWNS] = BigDecimal.ONE.subtract(weight, DIGITS);
    }
    coefficients = ExpPolynomial.eliminate(rows);
  }

  /** The points of largest error, one for each run of one sign. */
  private int[] extrema() {
    int[] found = new int[UNKNOWNS];
    int count = 0;
    BigDecimal largest = BigDecimal.ZERO;
    largestError = 0;
    for (int i = 1; i <= GRID; i++) {
      BigDecimal error = error(i);
      boolean newRun = count == 0 || error.signum() * largest.signum() < 0;
      if (newRun && count < UNKNOWNS) {
        count++;
        largest = BigDecimal.ZERO;
      }
      if (error.abs().compareTo(largest.abs()) > 0) {
        largest = error;
        found[count - 1] = i;
      }
      largestError = Math.max(largestError, error.abs().doubleValue());
    }
    if (count != UNKNOWNS) {
      throw new IllegalStateException("the error alternates " + count + " times only");
    }
    return found;
  }

  private BigDecimal error(int point) {
    BigDecimal value = BigDecimal.ZERO;
    for (int k = DEGREE; k >= FIRST; k--) {
      value = value.multiply(grid[point], DIGITS).add(coefficients[k - FIRST]);
    }
    value = value.multiply(grid[point], DIGITS).add(BigDecimal.ONE);
    return value.multiply(weights[point], DIGITS).subtract(BigDecimal.ONE, DIGITS);
  }

  private static BigDecimal log1p(BigDecimal e) {
    BigDecimal ratio = e.divide(e.add(BigDecimal.TWO), DIGITS);
    BigDecimal square = ratio.multiply(ratio, DIGITS);
    BigDecimal power = ratio;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 1; i < 100; i += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(i), DIGITS), DIGITS);
      power = power.multiply(square, DIGITS);
    }
    return sum.multiply(BigDecimal.TWO, DIGITS);
  }
}
