package io.surprisal;

import io.surprisal.internal.Summary;
import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.io.Serializable;
import java.util.Objects;

/**
 * Σ exp(x) over some of a row's logits, in a form that does not overflow and that merges: across
 * threads, blocks of columns, chunks of a stream, or shards of a vocabulary.
 *
 * <p>{@code Σ exp(x) = sum · 2^exponent · e^origin}. Merging is commutative to the bit and
 * associative within 2^−50; {@link #EMPTY} is its identity. {@link #toBytes} takes it to other
 * processes; Java serialization ships the same bytes.
 *
 * {@snippet :
 * // Two shards of one row's classes, on two machines.
 * RowSummary left = LogSumExp.standard().summaries(Matrix.of(new float[] {1, 2}, 2))[0];
 * RowSummary right = LogSumExp.standard().summaries(Matrix.of(new float[] {3, 4, 5}, 3))[0];
 * double logSumExp = left.merge(right).logSumExp();
 * }
 *
 * @param sum S, 0 or more; +∞ where a logit is +∞, NaN where one is NaN
 * @param exponent N
 * @param origin a, finite
 */
public record RowSummary(double sum, int exponent, double origin) implements Serializable {
  private static final int EXPONENT_LIMIT = 1 << 29;
  private static final int WIRE_VERSION = 1;

  /** The summary of no logits, or of nothing but −∞. */
  public static final RowSummary EMPTY = new RowSummary(0, 0, 0);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the sum is negative, the origin not finite, or the exponent
   *     beyond ±2^29
   */
  public RowSummary {
    if (exponent < -EXPONENT_LIMIT || exponent > EXPONENT_LIMIT) {
      throw new IllegalArgumentException("exponent = " + exponent + " is outside [−2^29, 2^29]");
    }
    if (sum < 0) {
      throw new IllegalArgumentException("sum = " + sum + " is negative");
    }
    if (sum == 0) {
      // Every empty summary is the same one, that of −0 too.
      sum = 0;
      exponent = 0;
      origin = 0;
    }
    if (!Double.isFinite(origin)) {
      throw new IllegalArgumentException("origin = " + origin + " is not finite");
    }
  }

  /**
   * A summary from its wire form.
   *
   * @param bytes what {@link #toBytes} returned, in this process or another
   * @return the same summary, to the bit
   * @throws IllegalArgumentException if the bytes are not the wire form of a summary
   */
  public static RowSummary of(byte[] bytes) {
    WireReader in = new WireReader("RowSummary", bytes, WireForm.ROW_SUMMARY, WIRE_VERSION);
    RowSummary summary = new RowSummary(in.real("sum"), in.word("exponent"), in.real("origin"));
    in.end();
    return summary;
  }

  /**
   * The wire form: {@code docs/wire-form.md} has the layout, which later versions of the library
   * read too.
   *
   * @return 24 bytes
   */
  public byte[] toBytes() {
    WireWriter out = new WireWriter(WireForm.ROW_SUMMARY, WIRE_VERSION);
    out.real(sum);
    out.word(exponent);
    out.real(origin);
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
   * The summary of both sets of logits.
   *
   * @param other the other set's
   * @return the merged summary
   * @throws IllegalArgumentException if its exponent is out of range
   */
  public RowSummary merge(RowSummary other) {
    Objects.requireNonNull(other, "other");
    Summary merged = new Summary();
    merged.merge(sum, exponent, origin, 0);
    merged.merge(other.sum, other.exponent, other.origin, 0);
    return new RowSummary(merged.sum, merged.exponent, merged.origin);
  }

  /**
   * log Σ exp(x), in nats.
   *
   * @return −∞ for an empty summary
   */
  public double logSumExp() {
    return Summary.logSumExp(sum, exponent, origin);
  }
}
