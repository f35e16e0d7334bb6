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
    error = 0;
    // Four running sums, which do not wait for each other.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    double lost0 = 0;
    double lost1 = 0;
    double lost2 = 0;
    double lost3 = 0;
    int i = first;
    for (; i + 4 <= last; i += 4) {
      double next0 = sum0 + terms[i];
      double next1 = sum1 + terms[i + 1];
      double next2 = sum2 + terms[i + 2];
      double next3 = sum3 + terms[i + 3];
      lost0 += lost(sum0, terms[i], next0);
      lost1 += lost(sum1, terms[i + 1], next1);
      lost2 += lost(sum2, terms[i + 2], next2);
      lost3 += lost(sum3, terms[i + 3], next3);
      sum0 = next0;
      sum1 = next1;
      sum2 = next2;
      sum3 = next3;
    }
    error = (lost0 + lost1) + (lost2 + lost3);
    double sum = add(add(add(sum0, sum1), sum2), sum3);
    for (; i < last; i++) {
      sum = add(sum, terms[i]);
    }
    addPair(total, sum, error);
    return sum;
  }

  /** sum + term, what is lost going to the error. */
  private double add(double sum, double term) {
    double next = sum + term;
    error += lost(sum, term, next);
    return next;
  }

  /** What sum + term = next has lost by rounding, exactly (TwoSum, Knuth). */
  private static double lost(double sum, double term, double next) {
    double shadow = next - sum;
    return (sum - (next - shadow)) + (term - shadow);
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
   * Writes what lasts beyond a pass: the sums of the losses and of −log p.
   *
   * @param out where to
   */
  public void writeTo(WireWriter out) {
    losses.writeTo(out);
    likelihoods.writeTo(out);
  }

  /**
   * Becomes totals that were written.
   *
   * @param in where from
   * @throws IllegalArgumentException if there are none
   */
  public void readFrom(WireReader in) {
    losses.readFrom(in, "the sum of losses");
    likelihoods.readFrom(in, "the sum of negative log-likelihoods");
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
