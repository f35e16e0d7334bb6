package io.surprisal;

import io.surprisal.internal.ElementCounts;
import io.surprisal.internal.ExactSum;
import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Objects;

/**
 * Sums over the elements of one or more batches, from which a mean is taken.
 *
 * <p>Totals add up: of micro-batches, threads and machines. Counts are exact. Runs of 2,048
 * elements are summed in double and added without rounding, so that totals have the same bits for
 * any number of threads, any order of merging, and any cut of the rows at multiples of 16,384 /
 * classes (of 1 for wider rows).
 *
 * <p>Mutable and not thread-safe: one a thread, merged at the end. {@link #toBytes} takes them to
 * other processes; Java serialization ships the same bytes.
 *
 * {@snippet :
 * BinaryCrossEntropy loss = BinaryCrossEntropy.standard();
 * ElementTotals totals = loss.newTotals();
 * for (int row = 0; row < rows; row += 2) { // or on other threads and machines
 *   totals.merge(loss.forward(logits.slice(row, row + 2), targets.slice(row, row + 2)));
 * }
 * double mean = totals.mean();
 * }
 */
public final class ElementTotals implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int WIRE_VERSION = 1;

  private final transient Reduction reduction;
  private final transient ExactSum losses = new ExactSum();
  private final transient ExactSum weight = new ExactSum();
  private transient long rows;
  private transient long elements;
  private transient long ignoredElements;

  ElementTotals(Reduction reduction) {
    this.reduction = reduction;
  }

  /**
   * Totals from their wire form.
   *
   * @param bytes what {@link #toBytes} returned, in this process or another
   * @return totals that merge and divide as those did, to the bit
   * @throws IllegalArgumentException if the bytes are not the wire form of such totals
   */
  public static ElementTotals of(byte[] bytes) {
    WireReader in = new WireReader("ElementTotals", bytes, WireForm.ELEMENT_TOTALS, WIRE_VERSION);
    ElementTotals totals = new ElementTotals(Reduction.readFrom(in));
    totals.rows = in.count("rows", Long.MAX_VALUE);
    totals.elements = in.count("elements", Long.MAX_VALUE);
    totals.ignoredElements = in.count("ignored elements", totals.elements);
    totals.losses.readFrom(in, "the sum of the losses");
    totals.weight.readFrom(in, "the weight");
    in.end();
    return totals;
  }

  /**
   * The wire form: everything that merging needs, without rounding. {@code docs/wire-form.md} has
   * the layout, which later versions of the library read too.
   *
   * @return some 30 to 60 bytes
   */
  public byte[] toBytes() {
    WireWriter out = new WireWriter(WireForm.ELEMENT_TOTALS, WIRE_VERSION);
    reduction.writeTo(out);
    out.count(rows);
    out.count(elements);
    out.count(ignoredElements);
    losses.writeTo(out);
    weight.writeTo(out);
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
    reduction.checkSame(other.reduction);
    losses.add(other.losses);
    weight.add(other.weight);
    rows += other.rows;
    elements += other.elements;
    ignoredElements += other.ignoredElements;
  }

  /** Adds the counts of a batch, which are known before its losses. */
  void addCounts(ElementCounts counts) {
    rows += counts.rows;
    elements += counts.elements;
    ignoredElements += counts.ignored;
    weight.add(counts.weight);
  }

  /** How the sums become a mean. */
  Reduction reduction() {
    return reduction;
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
    return reduction.emptyMean().mean(sum(), divisor());
  }

  /**
   * What the mean divides the sum by: a gradient is divided by the same number.
   *
   * @return 0 or more; 0 where the mean is empty
   */
  public double divisor() {
    long counted = countedElements();
    return reduction.divisor().of((double) counted, weight(), rows, counted);
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
