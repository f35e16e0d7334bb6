package io.surprisal;

import io.surprisal.internal.ExactSum;
import io.surprisal.internal.LabelledRows;
import io.surprisal.internal.TileTotals;
import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Objects;

/**
 * Sums over the rows of one or more batches: what a mean, a perplexity or a number of bits is taken
 * from.
 *
 * <p>Totals add up: of micro-batches, threads and machines. Counts are exact. The sums of each row
 * tile (1,024 rows, fewer where rows are wide) are formed in row order, compensated, and added
 * without rounding, so that totals have the same bits for any number of threads, any order of
 * merging, and any cut of the rows at multiples of the tile.
 *
 * <p>Mutable and not thread-safe: one a thread, merged at the end. {@link #toBytes} takes them to
 * other processes, a hundred bytes or so without loss; Java serialization ships the same bytes.
 *
 * {@snippet :
 * CrossEntropy loss = CrossEntropy.standard();
 * Totals totals = loss.newTotals();
 * for (int row = 0; row < rows; row += 2) { // or on other threads and machines
 *   totals.merge(loss.forward(logits.slice(row, row + 2), labels.slice(row, row + 2)));
 * }
 * System.out.printf("%.4f nats, perplexity %.2f%n", totals.mean(), totals.perplexity());
 * }
 */
public final class Totals implements Serializable {
  private static final long serialVersionUID = 1;
  private static final double LN2 = 0x1.62e42fefa39efp-1;
  private static final int WIRE_VERSION = 1;

  private final transient Reduction reduction;
  private final transient TileTotals sums = new TileTotals();
  private final transient ExactSum weight = new ExactSum();
  private final transient ExactSum standardDivisor = new ExactSum();
  private transient long rows;
  private transient long ignoredRows;

  Totals(Reduction reduction) {
    this.reduction = reduction;
  }

  /**
   * Totals from their wire form.
   *
   * @param bytes what {@link #toBytes} returned, in this process or another
   * @return totals that merge and divide as those did, to the bit
   * @throws IllegalArgumentException if the bytes are not the wire form of totals
   */
  public static Totals of(byte[] bytes) {
    WireReader in = new WireReader("Totals", bytes, WireForm.TOTALS, WIRE_VERSION);
    Totals totals = new Totals(Reduction.readFrom(in));
    totals.rows = in.count("rows", Long.MAX_VALUE);
    totals.ignoredRows = in.count("ignored rows", totals.rows);
    totals.sums.readFrom(in);
    totals.weight.readFrom(in, "the weight");
    totals.standardDivisor.readFrom(in, "the standard divisor");
    in.end();
    return totals;
  }

  /**
   * The wire form: everything that merging needs, without rounding. {@code docs/wire-form.md} has
   * the layout, which later versions of the library read too.
   *
   * @return some 60 to 120 bytes
   */
  public byte[] toBytes() {
    WireWriter out = new WireWriter(WireForm.TOTALS, WIRE_VERSION);
    reduction.writeTo(out);
    out.count(rows);
    out.count(ignoredRows);
    sums.writeTo(out);
    weight.writeTo(out);
    standardDivisor.writeTo(out);
    return out.toBytes();
  }

  /**
   * What is serialized in its place.
   *
   * @return the wire form
   */
  private Object writeReplace() {
    return new WireForm(toBytes());
  }

  /**
   * Refuses what was not serialized as the wire form.
   *
   * @param stream not read
   * @throws InvalidObjectException always
   */
  private void readObject(ObjectInputStream stream) throws InvalidObjectException {
    throw WireForm.expected();
  }

  /** Sets everything to 0. */
  public void clear() {
    sums.clear();
    weight.clear();
    standardDivisor.clear();
    rows = 0;
    ignoredRows = 0;
  }

  /**
   * Adds the totals of other rows.
   *
   * @param other of a loss with the same divisor and policy; unchanged
   * @throws IllegalArgumentException if the divisor or the policy differs
   */
  public void merge(Totals other) {
    Objects.requireNonNull(other, "other");
    reduction.checkSame(other.reduction);
    sums.add(other.sums);
    weight.add(other.weight);
    standardDivisor.add(other.standardDivisor);
    rows += other.rows;
    ignoredRows += other.ignoredRows;
  }

  /** Adds the counts of a batch, which are known before its losses. */
  void addRows(LabelledRows batch) {
    rows += batch.rows;
    ignoredRows += batch.ignored;
    weight.add(batch.weight);
    if (batch.hasTargets) {
      standardDivisor.add(batch.rows);
    } else {
      standardDivisor.add(batch.weight);
    }
  }

  /** How the sums become a mean. */
  Reduction reduction() {
    return reduction;
  }

  /** Where a pass adds its sums. */
  TileTotals sums() {
    return sums;
  }

  /**
   * The reduced loss: the sum divided as the loss was told to.
   *
   * @return nats
   * @throws IllegalStateException if the divisor is 0 and the policy is {@link EmptyMean#THROW}
   */
  public double mean() {
    return reduction.emptyMean().mean(sum(), divisor());
  }

  /**
   * What the mean divides the sum by: a gradient is divided by the same number.
   *
   * @return 0 or more; 0 where the mean is empty
   */
  public double divisor() {
    return reduction.divisor().of(standardDivisor.value(), weight(), rows, countedRows());
  }

  /**
   * Sum of the row losses.
   *
   * @return nats
   */
  public double sum() {
    return sums.loss();
  }

  /**
   * Sum of −log p of the labels, without weights, smoothing or z-loss.
   *
   * <p>Of rows with other targets q: of −Σ w·q·log p, class weights included.
   *
   * @return nats
   */
  public double negativeLogLikelihood() {
    return sums.negativeLogLikelihood();
  }

  /**
   * exp of the mean −log p of the labels.
   *
   * @return 1 for certainty, the number of classes for a uniform guess; NaN without rows
   */
  public double perplexity() {
    return StrictMath.exp(negativeLogLikelihood() / countedRows());
  }

  /**
   * Mean −log₂ p of the labels: bits a row, or a token.
   *
   * @return bits; NaN without rows
   */
  public double bits() {
    return negativeLogLikelihood() / (LN2 * countedRows());
  }

  /**
   * −log₂ p of the labels by the bytes of text that they stand for: bits a byte, in which models
   * with different tokens compare.
   *
   * @param bytes how many, above 0
   * @return bits
   * @throws IllegalArgumentException if there are no bytes
   */
  public double bitsPerByte(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes = " + bytes + " is less than 1");
    }
    return negativeLogLikelihood() / (LN2 * bytes);
  }

  /**
   * Sum of the weights of the rows that are not ignored: the sample weight times the label's class
   * weight, or times Σ w·q of other targets q.
   *
   * @return their number where there are no weights
   */
  public double weight() {
    return weight.value();
  }

  /**
   * Number of rows.
   *
   * @return ignored ones included
   */
  public long rows() {
    return rows;
  }

  /**
   * Number of ignored rows.
   *
   * @return rows whose label was the ignore index, or that the batch leaves out
   */
  public long ignoredRows() {
    return ignoredRows;
  }

  /**
   * Number of rows that count.
   *
   * @return rows less ignored rows
   */
  public long countedRows() {
    return rows - ignoredRows;
  }

  @Override
  public String toString() {
    return "Totals[sum " + sum() + ", rows " + rows + ", ignored " + ignoredRows + "]";
  }
}
