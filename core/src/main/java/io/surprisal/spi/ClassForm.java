package io.surprisal.spi;

/**
 * What {@link SoftmaxKernel#weighClasses} adds up over the classes of a row and {@link
 * SoftmaxKernel#mapClasses} writes: losses with logarithms of the probabilities in their sums.
 *
 * <p>Notation: {@code p = e·F} as in {@link WeighForm}; {@code s = −log p = min((a − x) + b,}
 * {@link Tile#IMPOSSIBLE}{@code )} with a the {@link Tile#peakLogit} and b the {@link
 * Tile#peakSurprisal}; q and r the p and s of {@link Tile#companion}; {@code t = w·q} the weighted
 * {@link Tile#targets}; G {@link Tile#targetFactor} and H {@link Tile#shift}.
 */
public enum ClassForm {
  /**
   * With {@code c = 1 − p} and {@code h = −t·c·(c + 2·p·s)}: {@code Σ t·c²·s} and {@code Σ h}, the
   * label's column left out; {@code out = G·(h − p·H)}, anything at the label: focal loss of γ = 2.
   */
  SQUARED_FOCAL,
  /** {@code Σ q·(s − r)} and 0; {@code out = G·p − H·q}: the divergence from the companion. */
  FORWARD_DIVERGENCE,
  /**
   * {@code Σ p·(r − s)} and 0; {@code out = p·(G·(r − s) − H)}: the divergence to the companion.
   */
  REVERSE_DIVERGENCE
}
