package io.surprisal.internal;

/**
 * What heads begin with, of many rows in pairs of doubles: c, the logarithm of the sum's frame less
 * the label's logit; {@code r = S·e^c = (1 − p)/p}; p and 1 − p.
 *
 * <p>Loops without branches, so that the compiler makes vectors of them.
 */
final class LabelRatios {
  private LabelRatios() {}

  /** c = (a − x_y) + N·ln 2, in two parts; of finite ones. */
  static void setGaps(DoubleRows rows) {
    for (int i = 0; i < rows.rows; i++) {
      double from = rows.origin[i];
      double logit = -rows.doubleLogit[i];
      double n = rows.exponent[i];
      double origins = from + logit;
      double powers = n * ElementaryPairs.LN2_HIGH;
      double gap = origins + powers;
      double lost =
          ElementaryPairs.lost(from, logit, origins)
              + ElementaryPairs.lost(origins, powers, gap)
              + n * ElementaryPairs.LN2_LOW;
      double rounded = gap + lost;
      rows.labelGap[i] = rounded;
      rows.gapLow[i] = lost - (rounded - gap);
    }
  }

  /** The gaps of rows whose labels' logits are infinite, which are so too; and of rows near. */
  static void setFarGaps(DoubleRows rows) {
    for (int i = 0; i < rows.rows; i++) {
      double gap =
          (rows.origin[i] - rows.doubleLogit[i]) + rows.exponent[i] * ElementaryPairs.LN2_HIGH;
      if (!(Math.abs(gap) <= Double.MAX_VALUE)) {
        rows.labelGap[i] = gap;
        rows.gapLow[i] = 0;
      }
      rows.scale[i] = Math.max(-DoubleRows.NEAR, Math.min(rows.labelGap[i], DoubleRows.NEAR));
      rows.scaleLow[i] = rows.scale[i] == rows.labelGap[i] ? rows.gapLow[i] : 0;
    }
  }

  /** r = S·e^c, in two parts, from e^c. */
  static void setRatios(DoubleRows rows) {
    for (int i = 0; i < rows.rows; i++) {
      double product = rows.sum[i] * rows.scale[i];
      double lost =
          Math.fma(rows.sum[i], rows.scale[i], -product)
              + (rows.sum[i] * rows.scaleLow[i] + rows.sumLow[i] * rows.scale[i]);
      double r = product + lost;
      double low = lost - (r - product);
      rows.ratio[i] = r;
      rows.ratioLow[i] = low;
      rows.likelihood[i] = r;
      rows.likelihoodLow[i] = low;
    }
  }

  /** p of the label, in two parts, and 1 − p. */
  static void setShares(DoubleRows rows) {
    for (int i = 0; i < rows.rows; i++) {
      double r = rows.ratio[i];
      double rLow = rows.ratioLow[i];
      double total = 1 + r;
      double totalLow = ElementaryPairs.lost(1, r, total) + rLow;
      double share = 1 / total;
      double shareLow = (Math.fma(-share, total, 1) - share * totalLow) * share;
      double product = r * share;
      rows.labelShare[i] = share;
      rows.labelShareLow[i] = shareLow;
      rows.othersShare[i] =
          product + (Math.fma(r, share, -product) + (r * shareLow + rLow * share));
    }
  }
}
