package io.surprisal.internal;

/** Exact sums of tile totals: of losses, negative log-likelihoods and, of targets, row weights. */
public final class TileTotals {
  private final ExactSum losses = new ExactSum();
  private final ExactSum likelihoods = new ExactSum();
  private final ExactSum weights = new ExactSum();

  /** What the last tile's sum lost by rounding. */
  private double error;

  /** Sums of nothing. */
  public TileTotals() {}

  /** Forgets everything added. */
  public void clear() {
    losses.clear();
    likelihoods.clear();
    weights.clear();
  }

  /**
   * Adds the rows of one tile, each kind summed in row order with its rounding errors.
   *
   * @param rows the block that holds the tile
   * @param first its first slot
   * @param last one past its last slot
   * @param same whether losses and negative log-likelihoods are the same numbers
   */
  void add(RowBlock rows, int first, int last, boolean same) {
    double sum = add(losses, rows.loss, first, last);
    if (same) {
      addPair(likelihoods, sum, error);
    } else {
      add(likelihoods, rows.likelihood, first, last);
    }
  }

  /** Adds the weights of the rows of one tile, where they are known only now. */
  void addWeights(RowBlock rows, int first, int last) {
    add(weights, rows.rowWeight, first, last);
  }

  /** Takes the weights added so far. */
  void moveWeights(ExactSum total) {
    total.add(weights);
    weights.clear();
  }

  /** Adds the terms to a total; returns their sum and leaves its error. */
  private double add(ExactSum total, double[] terms, int first, int last) {
    double sum = 0;
    double lost = 0;
    for (int i = first; i < last; i++) {
      // TwoSum (Knuth): sum + term = next + what is lost, exactly.
      double term = terms[i];
      double next = sum + term;
      double shadow = next - sum;
      lost += (sum - (next - shadow)) + (term - shadow);
      sum = next;
    }
    error = lost;
    addPair(total, sum, lost);
    return sum;
  }

  private static void addPair(ExactSum total, double sum, double error) {
    total.add(sum);
    if (Double.isFinite(sum)) {
      total.add(error);
    }
  }

  /**
   * Adds other totals.
   *
   * @param other unchanged in value
   */
  public void add(TileTotals other) {
    losses.add(other.losses);
    likelihoods.add(other.likelihoods);
    weights.add(other.weights);
  }

  /**
   * Sum of the losses.
   *
   * @return rounded once
   */
  public double loss() {
    return losses.value();
  }

  /**
   * Sum of −log p of the labels.
   *
   * @return rounded once
   */
  public double negativeLogLikelihood() {
    return likelihoods.value();
  }
}
