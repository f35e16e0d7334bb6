package io.surprisal;

import io.surprisal.internal.ElementCounts;
import io.surprisal.internal.ExactSum;
import java.util.Objects;

/**
 * Sums over the elements of one or more batches, from which a mean is taken.
 *
 * <p>Totals add up: of micro-batches, threads and machines. Counts are exact. Runs of 2,048
 * elements are summed in double and added without rounding, so that totals have the same bits for
 * any number of threads, any order of merging, and any cut of the rows at multiples of 16,384 /
 * classes (of 1 for wider rows).
 *
 * <p>Mutable and not thread-safe: one a thread, merged at the end.
 *
 * {@snippet :
 * BinaryCrossEntropy loss = BinaryCrossEntropy.standard();
 * ElementTotals totals = loss.newTotals();
 * for (int row = 0; row < rows; row += 2) { // or on other threads
 *   totals.merge(loss.forward(logits.slice(row, row + 2), targets.slice(row, row + 2)));
 * }
 * double mean = totals.mean();
 * }
 */
public final class ElementTotals {
  private final Divisor divisor;
  private final EmptyMean emptyMean;
  private final ExactSum losses = new ExactSum();
  private final ExactSum weight = new ExactSum();
  private long rows;
  private long elements;
  private long ignoredElements;

  ElementTotals(Divisor divisor, EmptyMean emptyMean) {
    this.divisor = divisor;
    this.emptyMean = emptyMean;
  }

  /** Sets everything to 0. */
  public void clear() {
    losses.clear();
    weight.clear();
    rows = 0;
    elements = 0;
    ignoredElements = 0;
  }

  /**
   * Adds the totals of other elements.
   *
   * @param other of a loss with the same divisor and policy; unchanged
   * @throws IllegalArgumentException if the divisor or the policy differs
   */
  public void merge(ElementTotals other) {
    Objects.requireNonNull(other, "other");
    checkMade(other.divisor, other.emptyMean);
    losses.add(other.losses);
    weight.add(other.weight);
    rows += other.rows;
    elements += other.elements;
    ignoredElements += other.ignoredElements;
  }

  /** Refuses to add up what is divided differently. */
  void checkMade(Divisor otherDivisor, EmptyMean otherEmptyMean) {
    if (!divisor.equals(otherDivisor) || emptyMean != otherEmptyMean) {
      throw new IllegalArgumentException(
          "totals by "
              + otherDivisor
              + " and EmptyMean."
              + otherEmptyMean
              + " do not add to totals by "
              + divisor
              + " and EmptyMean."
              + emptyMean);
    }
  }

  /** Adds the counts of a batch, which are known before its losses. */
  void addCounts(ElementCounts counts) {
    rows += counts.rows;
    elements += counts.elements;
    ignoredElements += counts.ignored;
    weight.add(counts.weight);
  }

  /** Where a pass adds its sums. */
  ExactSum losses() {
    return losses;
  }

  /**
   * The reduced loss: the sum divided as the loss was told to.
   *
   * @return nats
   * @throws IllegalStateException if the divisor is 0 and the policy is {@link EmptyMean#THROW}
   */
  public double mean() {
    return emptyMean.mean(
        sum(), divisor.of((double) countedElements(), weight(), rows, countedElements()));
  }

  /**
   * Sum of the element losses.
   *
   * @return nats
   */
  public double sum() {
    return losses.value();
  }

  /**
   * Sum of the weights of the elements that are not ignored.
   *
   * @return their number where there are no weights
   */
  public double weight() {
    return weight.value();
  }

  /**
   * Number of rows.
   *
   * @return all of them
   */
  public long rows() {
    return rows;
  }

  /**
   * Number of elements.
   *
   * @return rows times classes, ignored ones included
   */
  public long elements() {
    return elements;
  }

  /**
   * Number of ignored elements.
   *
   * @return elements whose target was the one to ignore
   */
  public long ignoredElements() {
    return ignoredElements;
  }

  /**
   * Number of elements that count.
   *
   * @return elements less ignored elements
   */
  public long countedElements() {
    return elements - ignoredElements;
  }

  @Override
  public String toString() {
    return "ElementTotals[sum "
        + sum()
        + ", elements "
        + elements
        + ", ignored "
        + ignoredElements
        + "]";
  }
}
