package io.surprisal.internal;

import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.DoubleTile;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.Arrays;

/**
 * A {@link RowBlock} of logits in double: what heads take from it has twice the digits until it is
 * rounded, once, to what they compute with.
 *
 * <p>Sums are from 1 to 2, as {@link DoubleSummary} leaves them: their frame is in the exponent.
 */
final class DoubleRows extends RowBlock {
  /** |c| up to which e^c, and what is divided by it, is a normal number. */
  static final double NEAR = 708;

  /** The label's logit. */
  final double[] doubleLogit = new double[DoubleTile.MAX_ROWS];

  /** What the sum of the exponentials lost by rounding. */
  final double[] sumLow = new double[DoubleTile.MAX_ROWS];

  /** What the factor lost by rounding. */
  final double[] factorLow = new double[DoubleTile.MAX_ROWS];

  /** Log-sum-exp as MAP takes it, or its origin if that is not 0. */
  final double[] logitOrigin = new double[DoubleTile.MAX_ROWS];

  /** Whether all rows are of one block, and {@link #toTile} is known. */
  boolean sumsAreModerate;

  /** What a factor for the frame of the sum is multiplied by for that of its block. */
  final double[] toTile = new double[DoubleTile.MAX_ROWS];

  /** What Σ e·v lost by rounding. */
  final double[] dotLow = new double[DoubleTile.MAX_ROWS];

  /** What ⟨p, v⟩ lost by rounding. */
  final double[] shiftLow = new double[DoubleTile.MAX_ROWS];

  /** For factors between frames. */
  final DoubleSummary frames = new DoubleSummary();

  final double[] gapLow = new double[DoubleTile.MAX_ROWS];
  final double[] scaleLow = new double[DoubleTile.MAX_ROWS];
  final double[] ratioLow = new double[DoubleTile.MAX_ROWS];
  final double[] likelihoodLow = new double[DoubleTile.MAX_ROWS];

  /** p of the label, in two parts, and 1 − p. */
  final double[] labelShare = new double[DoubleTile.MAX_ROWS];

  final double[] labelShareLow = new double[DoubleTile.MAX_ROWS];
  final double[] othersShare = new double[DoubleTile.MAX_ROWS];
  private final double[] low = new double[1];

  /** Takes exponentials and logarithms of many rows. */
  private DoubleKernel doubleKernel;

  DoubleRows() {}

  /** Collects the rows that count, and writes the results of those that are ignored. */
  void gather(DoublePass pass, int first, int last) {
    doubleKernel = pass.kernel;
    gatherRows(pass, first, last);
    for (int i = 0; i < rows; i++) {
      label[i] = pass.labelled.label(index[i]);
      if (label[i] != Tile.NO_LABEL) {
        doubleLogit[i] = pass.logits.getDouble(index[i], label[i]);
      }
    }
  }

  /**
   * In loops without branches, so that the compiler makes vectors of them; rows that are not near
   * get numbers without meaning.
   */
  @Override
  boolean takeRatios(SoftmaxKernel kernel) {
    LabelRatios.setGaps(this);
    boolean near = kernel.areWithin(NEAR, labelGap, 0, rows);
    if (near) {
      System.arraycopy(labelGap, 0, scale, 0, rows);
      System.arraycopy(gapLow, 0, scaleLow, 0, rows);
    } else {
      LabelRatios.setFarGaps(this);
    }
    doubleKernel.exp(scale, scaleLow, 0, rows);
    LabelRatios.setRatios(this);
    doubleKernel.log1p(likelihood, likelihoodLow, 0, rows);
    LabelRatios.setShares(this);
    return near
        && kernel.areWithin(Double.MAX_VALUE, ratio, 0, rows)
        && kernel.areWithin(Double.MAX_VALUE, upstream, 0, rows);
  }

  @Override
  boolean isNear(int row) {
    return Math.abs(labelGap[row]) <= NEAR && ratio[row] <= Double.MAX_VALUE;
  }

  @Override
  double labelShare(int i) {
    return labelShare[i];
  }

  @Override
  double othersShare(int i) {
    return othersShare[i];
  }

  /** That of S and the label's term: of S·(1 + 1/r), or of 1 + r, whichever is nearer. */
  @Override
  double labelledLogSumExp(int i) {
    if (ratio[i] <= 1) {
      double logSumExp = doubleLogit[i] + likelihood[i];
      return logSumExp
          + (ElementaryPairs.lost(doubleLogit[i], likelihood[i], logSumExp) + likelihoodLow[i]);
    }
    double inverse = 1 / ratio[i];
    double inverseLow = (Math.fma(-inverse, ratio[i], 1) - inverse * ratioLow[i]) * inverse;
    double label = sum[i] * inverse;
    double labelLow =
        Math.fma(sum[i], inverse, -label) + (sum[i] * inverseLow + sumLow[i] * inverse);
    double total = sum[i] + label;
    low[0] = ElementaryPairs.lost(sum[i], label, total) + (sumLow[i] + labelLow);
    return logSumExp(i, ElementaryPairs.log(total, low, 0), origin[i]);
  }

  @Override
  double logSumExp(int i) {
    return logSumExp(i, origin[i]);
  }

  private double logSumExp(int i, double from) {
    low[0] = 0;
    if (!(sum[i] > 0 && sum[i] <= Double.MAX_VALUE)) {
      return Summary.logSumExp(sum[i], 0, 0);
    }
    low[0] = sumLow[i];
    return logSumExp(i, ElementaryPairs.log(sum[i], low, 0), from);
  }

  /** log + low + N·ln 2 + a, rounded once; low becomes what that lost. */
  private double logSumExp(int i, double log, double from) {
    double powers = exponent[i] * ElementaryPairs.LN2_HIGH;
    double rest = powers + log;
    double lost = ElementaryPairs.lost(powers, log, rest);
    lost += low[0] + exponent[i] * ElementaryPairs.LN2_LOW;
    double sum = from + rest;
    lost += ElementaryPairs.lost(from, rest, sum);
    double result = sum + lost;
    low[0] = lost - (result - sum);
    return result;
  }

  @Override
  void splitLogSumExp(int i) {
    double rest = logSumExp(i, 0);
    logitOrigin[i] = origin[i] == 0 ? rest : origin[i];
    logSumLow[i] = origin[i] == 0 ? low[0] : rest;
  }

  /** Doubles have room. */
  @Override
  void lowerLarge(int i) {}

  @Override
  void clearFactor(int i) {
    factor[i] = 0;
    factorLow[i] = 0;
  }

  @Override
  double distantLikelihood(int i) {
    low[0] = sumLow[i];
    double log = ElementaryPairs.log(sum[i], low, 0);
    double result = labelGap[i] + log;
    double lost = ElementaryPairs.lost(labelGap[i], log, result);
    return Double.isFinite(result) ? result + (lost + (gapLow[i] + low[0])) : result;
  }

  @Override
  void multiplyFactor(int i) {
    double share = scale[i] * labelShare[i];
    double shareLow =
        Math.fma(scale[i], labelShare[i], -share)
            + (scale[i] * labelShareLow[i] + scaleLow[i] * labelShare[i]);
    double coefficient = finite(factor[i]);
    factor[i] = coefficient * share;
    factorLow[i] = Math.fma(coefficient, share, -factor[i]) + coefficient * shareLow;
  }

  @Override
  void divideFactor(int i) {
    double coefficient = finite(factor[i]);
    double quotient = coefficient / sum[i];
    factor[i] = quotient;
    factorLow[i] = (Math.fma(-quotient, sum[i], coefficient) - quotient * sumLow[i]) / sum[i];
  }

  @Override
  void takeMean(int i) {
    double mean = dot[i] / sum[i];
    double remainder = Math.fma(-mean, sum[i], dot[i]) + (dotLow[i] - mean * sumLow[i]);
    double lost = remainder / sum[i];
    shift[i] = mean + lost;
    shiftLow[i] = lost - (shift[i] - mean);
  }

  private static double finite(double coefficient) {
    return Math.max(-Double.MAX_VALUE, Math.min(coefficient, Double.MAX_VALUE));
  }

  @Override
  void setPlainLosses() {
    Arrays.fill(fill, 0, rows, MAPPED);
    for (int i = 0; i < rows; i++) {
      double coefficient = upstream[i] * weight[i];
      loss[i] = weight[i] * likelihood[i];
      labelEntry[i] = coefficient * -othersShare[i];
      factor[i] = coefficient;
    }
    for (int i = 0; i < rows; i++) {
      multiplyFactor(i);
    }
  }
}
