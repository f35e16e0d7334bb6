package io.surprisal;

import io.surprisal.internal.EvaluationCounts;
import io.surprisal.internal.EvaluationWire;
import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Objects;

/**
 * How often the labels of one or more batches were predicted, and whether the model knew how often:
 * accuracy, top-k accuracy, and bins of confidence with the expected calibration error.
 *
 * <p>Row results are as {@link Outputs} has them: a row is right if its prediction is its label,
 * its label is in the top k if its rank is below k, and its confidence is its largest probability.
 * Ignored rows are not counted. Weights do not count.
 *
 * <p>Bin i of M holds confidences in (i/M, (i+1)/M].
 *
 * <p>Evaluations add up: of micro-batches, threads and machines. Everything is counted in integers,
 * confidences as multiples of 2^−55, so that no cut of the rows and no order of merging shows.
 *
 * <p>Mutable and not thread-safe: one a thread, merged at the end. {@link #toBytes} takes them to
 * other processes; Java serialization ships the same bytes.
 *
 * <p>Source: Guo et al., On calibration of modern neural networks, ICML 2017, arXiv 1706.04599.
 *
 * {@snippet :
 * Evaluation evaluation = Evaluation.standard();
 * CrossEntropy.standard().compute(Batch.of(logits, labels), Outputs.none().withEvaluation(evaluation));
 * double top5 = evaluation.topAccuracy(5);
 * double calibrationError = evaluation.expectedCalibrationError();
 * }
 */
public final class Evaluation implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int WIRE_VERSION = 1;

  private final transient EvaluationCounts counts;

  private Evaluation(int top, int bins) {
    this(new EvaluationCounts(top, bins));
  }

  private Evaluation(EvaluationCounts counts) {
    this.counts = counts;
  }

  /**
   * Of nothing yet, with the five highest ranks told apart and 15 bins.
   *
   * @return an evaluation to pass to {@link Outputs#withEvaluation}
   */
  public static Evaluation standard() {
    return builder().build();
  }

  /**
   * Of nothing yet, with other ranks or bins.
   *
   * @return a builder: top 5, 15 bins
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * An evaluation from its wire form.
   *
   * @param bytes what {@link #toBytes} returned, in this process or another
   * @return the same counts
   * @throws IllegalArgumentException if the bytes are not the wire form of an evaluation
   */
  public static Evaluation of(byte[] bytes) {
    WireReader in = new WireReader("Evaluation", bytes, WireForm.EVALUATION, WIRE_VERSION);
    Evaluation evaluation = new Evaluation(EvaluationWire.read(in));
    in.end();
    return evaluation;
  }

  /**
   * The wire form: {@code docs/wire-form.md} has the layout, which later versions of the library
   * read too.
   *
   * @return the bytes: a few for each rank, some 20 for each bin
   */
  public byte[] toBytes() {
    WireWriter out = new WireWriter(WireForm.EVALUATION, WIRE_VERSION);
    EvaluationWire.write(counts, out);
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

  /** Where a pass counts. */
  EvaluationCounts counts() {
    return counts;
  }

  /** Forgets everything counted. */
  public void clear() {
    counts.clear();
  }

  /**
   * Adds what others have counted.
   *
   * @param other of the same k and number of bins; unchanged
   * @throws IllegalArgumentException if one of them differs
   */
  public void merge(Evaluation other) {
    Objects.requireNonNull(other, "other");
    if (other.top() != top() || other.bins() != bins()) {
      throw new IllegalArgumentException(
          "an evaluation of top "
              + other.top()
              + " with "
              + other.bins()
              + " bins does not add to one of top "
              + top()
              + " with "
              + bins());
    }
    counts.add(other.counts);
  }

  /**
   * The largest k.
   *
   * @return 1 or more
   */
  public int top() {
    return counts.top();
  }

  /**
   * The number of bins.
   *
   * @return 1 or more
   */
  public int bins() {
    return counts.bins();
  }

  /**
   * Rows that count.
   *
   * @return ignored ones left out
   */
  public long rows() {
    return counts.rows();
  }

  /**
   * Rows without probabilities: with a logit of +∞ or NaN, or of nothing but −∞.
   *
   * @return how many; they are in no bin
   */
  public long undefinedRows() {
    return counts.undefined();
  }

  /**
   * Rows whose prediction is their label.
   *
   * @return 0 to rows
   */
  public long correctRows() {
    return counts.hits();
  }

  /**
   * The share of the rows that are right.
   *
   * @return 0 to 1; NaN without rows
   */
  public double accuracy() {
    return (double) correctRows() / rows();
  }

  /**
   * Rows whose label has fewer than k logits above it. Of equal logits none is above the other, so
   * that for k = 1 these may be more than {@link #correctRows()}.
   *
   * @param k from 1 to top
   * @return 0 to rows
   * @throws IllegalArgumentException if k is out of range
   */
  public long topRows(int k) {
    if (k < 1 || k > top()) {
      throw new IllegalArgumentException("k = " + k + " is outside [1, " + top() + "]");
    }
    long found = 0;
    for (int rank = 0; rank < k; rank++) {
      found += counts.ranked(rank);
    }
    return found;
  }

  /**
   * The share of the rows whose label is in the top k.
   *
   * @param k from 1 to top
   * @return 0 to 1; NaN without rows
   * @throws IllegalArgumentException if k is out of range
   */
  public double topAccuracy(int k) {
    return (double) topRows(k) / rows();
  }

  /**
   * Rows of a bin.
   *
   * @param bin from 0 to bins − 1
   * @return 0 or more
   * @throws IndexOutOfBoundsException if there is no such bin
   */
  public long binRows(int bin) {
    return counts.binRows(Checks.index("bin", bin, bins()));
  }

  /**
   * The share of a bin's rows that are right.
   *
   * @param bin from 0 to bins − 1
   * @return 0 to 1; NaN for an empty bin
   * @throws IndexOutOfBoundsException if there is no such bin
   */
  public double binAccuracy(int bin) {
    return (double) counts.binHits(Checks.index("bin", bin, bins())) / counts.binRows(bin);
  }

  /**
   * The mean confidence of a bin's rows.
   *
   * @param bin from 0 to bins − 1
   * @return 0 to 1; NaN for an empty bin
   * @throws IndexOutOfBoundsException if there is no such bin
   */
  public double binConfidence(int bin) {
    return counts.binConfidence(Checks.index("bin", bin, bins())) / counts.binRows(bin);
  }

  /**
   * The expected calibration error: {@code Σ rows_i/rows·|accuracy_i − confidence_i|} over the
   * bins.
   *
   * @return 0 to 1; NaN without rows, and where a row is undefined
   */
  public double expectedCalibrationError() {
    double sum = 0;
    for (int bin = 0; bin < bins(); bin++) {
      sum += Math.abs(counts.binHits(bin) - counts.binConfidence(bin));
    }
    return undefinedRows() > 0 ? Double.NaN : sum / rows();
  }

  @Override
  public String toString() {
    return "Evaluation[rows "
        + rows()
        + ", accuracy "
        + accuracy()
        + ", top "
        + top()
        + " "
        + topAccuracy(top())
        + ", calibration error "
        + expectedCalibrationError()
        + "]";
  }

  /** What is told apart. Not thread-safe; may be used for several evaluations. */
  public static final class Builder {
    private int top = 5;
    private int bins = 15;

    private Builder() {}

    /**
     * The largest k of {@link Evaluation#topAccuracy}.
     *
     * @param k 1 or more, 5 by default
     * @return this
     * @throws IllegalArgumentException if k is less than 1
     */
    public Builder top(int k) {
      top = atLeastOne("top", k);
      return this;
    }

    /**
     * The number of bins of confidence.
     *
     * @param number 1 or more, 15 by default
     * @return this
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder bins(int number) {
      bins = atLeastOne("bins", number);
      return this;
    }

    private static int atLeastOne(String argument, int number) {
      if (number < 1) {
        throw new IllegalArgumentException(argument + " = " + number + " is less than 1");
      }
      return number;
    }

    /**
     * The evaluation.
     *
     * @return of nothing yet, to pass to {@link Outputs#withEvaluation}
     */
    public Evaluation build() {
      return new Evaluation(top, bins);
    }
  }
}
