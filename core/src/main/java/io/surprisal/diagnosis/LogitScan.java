package io.surprisal.diagnosis;

import io.surprisal.Matrix;
import java.util.Objects;
import java.util.Optional;

/**
 * What a matrix of logits holds that is no finite number: how much of it, and where it begins.
 *
 * <p>No loss needs the scan: what such logits give is defined (mostly a row of NaN), and no other
 * row is touched. It answers the question that follows: which row and class did it come from.
 *
 * <p>A logit of −∞ is a fault to {@link #of}, and a mask to {@link #allowingMasks}. A row of
 * nothing but −∞ has no probabilities and is a fault to both.
 *
 * {@snippet :
 * LogitScan.of(logits).first().ifPresent(fault -> System.out.println("diverged: " + fault));
 * }
 *
 * @param rows number of rows of the matrix
 * @param faultyRows how many of them have a fault
 * @param nans number of NaN, of any sign and payload
 * @param positiveInfinities number of +∞
 * @param negativeInfinities number of −∞, masks too
 * @param first the first fault, by row and then by class; empty if there is none
 */
public record LogitScan(
    int rows,
    int faultyRows,
    long nans,
    long positiveInfinities,
    long negativeInfinities,
    Optional<Fault> first) {

  /**
   * One logit that is no finite number.
   *
   * @param row its row, from 0
   * @param column its class, from 0
   * @param value NaN, +∞ or −∞ as the matrix holds it
   */
  public record Fault(int row, int column, double value) {
    @Override
    public String toString() {
      return "row " + row + " class " + column + " is " + value;
    }
  }

  /** Checks that the first fault is there or said to be absent. */
  public LogitScan {
    Objects.requireNonNull(first, "first");
  }

  /**
   * Looks for everything that is not finite.
   *
   * @param logits {@code [rows × classes]}, read
   * @return what was found
   */
  public static LogitScan of(Matrix logits) {
    return new Search(logits, false).scan();
  }

  /**
   * Looks for NaN, +∞ and rows of nothing but −∞.
   *
   * @param logits {@code [rows × classes]}, read; −∞ masks a class
   * @return what was found; masks are counted, but are no faults
   */
  public static LogitScan allowingMasks(Matrix logits) {
    return new Search(logits, true).scan();
  }

  /**
   * Whether there is no fault.
   *
   * @return true if every row has a softmax
   */
  public boolean isClean() {
    return first.isEmpty();
  }

  @Override
  public String toString() {
    String counts =
        nans + " NaN, " + positiveInfinities + " +∞, " + negativeInfinities + " −∞ in " + rows;
    return first
        .map(fault -> fault + "; " + faultyRows + " faulty rows, " + counts + " rows")
        .orElse("no fault; " + counts + " rows");
  }

  /** One way through a matrix. */
  private static final class Search {
    private final Matrix logits;

    private final boolean masksAllowed;

    private int faultyRows;
    private long nans;
    private long positiveInfinities;
    private long negativeInfinities;
    private Fault first;

    Search(Matrix logits, boolean masksAllowed) {
      this.logits = Objects.requireNonNull(logits, "logits");
      this.masksAllowed = masksAllowed;
    }

    LogitScan scan() {
      for (int row = 0; row < logits.rows(); row++) {
        Fault fault = scanRow(row);
        if (fault != null) {
          faultyRows++;
          first = first == null ? fault : first;
        }
      }
      return new LogitScan(
          logits.rows(),
          faultyRows,
          nans,
          positiveInfinities,
          negativeInfinities,
          Optional.ofNullable(first));
    }

    /** Counts a row; returns its first fault, or null. */
    private Fault scanRow(int row) {
      long masksBefore = negativeInfinities;
      Fault fault = null;
      for (int column = 0; column < logits.classes(); column++) {
        double value = logits.getDouble(row, column);
        if (!Double.isFinite(value)) {
          count(value);
          boolean mask = masksAllowed && value == Double.NEGATIVE_INFINITY;
          fault = fault == null && !mask ? new Fault(row, column, value) : fault;
        }
      }
      boolean nothingLeft = negativeInfinities - masksBefore == logits.classes();
      return nothingLeft ? new Fault(row, 0, Double.NEGATIVE_INFINITY) : fault;
    }

    private void count(double value) {
      if (Double.isNaN(value)) {
        nans++;
      } else if (value > 0) {
        positiveInfinities++;
      } else {
        negativeInfinities++;
      }
    }
  }
}
