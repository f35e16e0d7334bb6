package io.surprisal;

import io.surprisal.internal.ShardRows;
import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a range of the classes knows of each row of a batch: Σ exp(x) without the label's term, Σ
 * w·x where the loss smooths labels, and the label's logit where the label is in the range.
 *
 * <p>Summaries of neighbouring ranges merge; that of all classes is what losses and gradients are
 * computed from, by {@link ShardedCrossEntropy}. Merging is not associative to the bit, so a result
 * that is to be repeated merges the same ranges in the same order: {@link #ofAll} does.
 *
 * <p>Immutable and thread-safe. {@link #toBytes} takes it to other processes; Java serialization
 * ships the same bytes.
 */
public final class ShardSummary implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int WIRE_VERSION = 1;

  private final transient int firstClass;
  private final transient int endClass;
  private final transient ShardRows rows;

  ShardSummary(int firstClass, int endClass, ShardRows rows) {
    this.firstClass = firstClass;
    this.endClass = endClass;
    this.rows = rows;
  }

  /**
   * A summary from its wire form.
   *
   * @param bytes what {@link #toBytes} returned, in this process or another
   * @return the same summary, to the bit
   * @throws IllegalArgumentException if the bytes are not the wire form of a shard's summary
   */
  public static ShardSummary of(byte[] bytes) {
    WireReader in = new WireReader("ShardSummary", bytes, WireForm.SHARD_SUMMARY, WIRE_VERSION);
    int firstClass = (int) in.count("the first class", Integer.MAX_VALUE - 1);
    int classes = (int) in.count("classes", Integer.MAX_VALUE - firstClass);
    if (classes == 0) {
      throw in.refused("have no classes");
    }
    boolean weighted = in.choice("whether there are weighted sums", 2) == 1;
    ShardRows rows = ShardRows.readFrom(in, weighted);
    in.end();
    return new ShardSummary(firstClass, firstClass + classes, rows);
  }

  /**
   * The summary of several ranges, merged from the first class to the last in whatever order they
   * are given.
   *
   * @param shards one or more, of the same rows, that leave no class out between them
   * @return their summary
   * @throws IllegalArgumentException if there are none, a class is missing or there twice, or the
   *     rows are not the same
   */
  public static ShardSummary ofAll(Collection<ShardSummary> shards) {
    Objects.requireNonNull(shards, "shards");
    List<ShardSummary> inOrder =
        shards.stream().sorted(Comparator.comparingInt(ShardSummary::firstClass)).toList();
    if (inOrder.isEmpty()) {
      throw new IllegalArgumentException("shards is empty");
    }
    return inOrder.stream().skip(1).reduce(inOrder.get(0), ShardSummary::merge);
  }

  /**
   * The summary of this range and the next one.
   *
   * @param next begins with the class that this range ends before; of the same rows
   * @return the summary of both
   * @throws IllegalArgumentException if the other is not the next one, or not of the same rows
   */
  public ShardSummary merge(ShardSummary next) {
    Objects.requireNonNull(next, "next");
    if (next.firstClass != endClass) {
      throw new IllegalArgumentException(next + " does not follow " + this);
    }
    if (next.rows() != rows() || next.rows.isWeighted() != rows.isWeighted()) {
      throw new IllegalArgumentException(next + " is not of the rows and the loss of " + this);
    }
    for (int row = 0; row < rows(); row++) {
      if (next.rows.isCounted(row) != rows.isCounted(row)) {
        throw new IllegalArgumentException(
            "row " + row + " is ignored in one of " + this + " and " + next + " only");
      }
      if (next.rows.isLabelled(row) && rows.isLabelled(row)) {
        throw new IllegalArgumentException(
            "row " + row + " has its label both in " + this + " and in " + next);
      }
    }
    return new ShardSummary(firstClass, next.endClass, rows.merge(next.rows));
  }

  /**
   * The wire form: {@code docs/wire-form.md} has the layout, which later versions of the library
   * read too.
   *
   * @return the bytes: some 10 for each row, 4 more where its label is in the range, 4 where its
   *     logits are far from 0, 8 for label smoothing
   */
  public byte[] toBytes() {
    WireWriter out = new WireWriter(WireForm.SHARD_SUMMARY, WIRE_VERSION);
    out.count(firstClass);
    out.count(endClass - firstClass);
    out.octet(rows.isWeighted() ? 1 : 0);
    out.count(rows());
    rows.writeTo(out);
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

  /** What the shard knows of the rows. */
  ShardRows shardRows() {
    return rows;
  }

  /**
   * Number of rows.
   *
   * @return ignored ones included
   */
  public int rows() {
    return rows.rows();
  }

  /**
   * The first class of the range.
   *
   * @return 0 or more
   */
  public int firstClass() {
    return firstClass;
  }

  /**
   * Where the range ends.
   *
   * @return one past its last class
   */
  public int endClass() {
    return endClass;
  }

  @Override
  public String toString() {
    return "ShardSummary[" + rows() + " rows, classes " + firstClass + " to " + endClass + "]";
  }
}
