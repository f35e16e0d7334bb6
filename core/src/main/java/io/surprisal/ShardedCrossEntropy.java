package io.surprisal;

import io.surprisal.internal.LabelledRows;
import io.surprisal.internal.MergedHead;
import io.surprisal.internal.MergedPass;
import io.surprisal.internal.ShardRows;
import io.surprisal.internal.ShardSummaryHead;
import io.surprisal.internal.SoftmaxPass;
import io.surprisal.spi.Tile;
import java.util.Arrays;
import java.util.Objects;

/**
 * Cross-entropy of rows whose classes are cut into shards, each on a thread, a process or a machine
 * of its own, as in training with a vocabulary in parallel. No shard sees the logits of another.
 *
 * <p>Each shard {@linkplain #summarize summarizes} its columns; the {@link ShardSummary}s, some ten
 * bytes a row, are merged in the order of their classes; each shard {@linkplain #compute computes}
 * its block of the gradient from the merged one, and any of them losses and totals. A batch holds
 * the logits of one shard, {@code [rows × its classes]}, but the labels, sample weights and ignored
 * rows of all: each shard gets the same.
 *
 * <p>Semantics, special values and bounds are those of {@link CrossEntropy} on all classes, with
 * every option but smoothing over the finite classes. The same shards give the same bits wherever
 * and on however many machines they are; shards of 16,384 classes each those of the loss that is
 * not sharded.
 *
 * <p>A gradient takes the exponentials of the shard's logits twice, as nothing is kept between the
 * two calls. Immutable and thread-safe.
 *
 * {@snippet :
 * // A vocabulary of 300 cut in two; the labels know all of it.
 * ShardedCrossEntropy loss = ShardedCrossEntropy.of(CrossEntropy.standard(), 300);
 * Matrix left = Matrix.strided(logits.data(), 0, 6, 100, 300); // classes 0 to 99
 * Matrix right = Matrix.strided(logits.data(), 100, 6, 200, 300);
 * ShardSummary whole =
 *     loss.summarize(Batch.of(left, labels), 0)
 *         .merge(loss.summarize(Batch.of(right, labels), 100));
 * loss.compute(Batch.of(left, labels), 0, whole, Outputs.none().withLosses(rowLosses));
 * }
 */
public final class ShardedCrossEntropy {
  /** Among labels of a shard: the row does not count. */
  private static final int IGNORED = Integer.MIN_VALUE;

  private final CrossEntropy loss;
  private final int classes;

  private ShardedCrossEntropy(CrossEntropy loss, int classes) {
    this.loss = loss;
    this.classes = classes;
  }

  /**
   * A loss over shards.
   *
   * @param loss the loss with its options; weights are those of all classes
   * @param classes number of classes of all shards, 1 or more
   * @return the same loss, of shards
   * @throws IllegalArgumentException if there are no classes, or the loss smooths over the finite
   *     ones, whose number no shard knows
   */
  public static ShardedCrossEntropy of(CrossEntropy loss, int classes) {
    Objects.requireNonNull(loss, "loss");
    if (classes < 1) {
      throw new IllegalArgumentException("classes = " + classes + " is less than 1");
    }
    if (loss.smoothsFiniteAlone()) {
      throw new IllegalArgumentException(
          "labelSmoothingOverFinite = "
              + loss.labelSmoothing()
              + ": ShardedCrossEntropy smooths over all classes alone");
    }
    return new ShardedCrossEntropy(loss, classes);
  }

  /**
   * What a shard's logits say of each row.
   *
   * @param shard logits {@code [rows × shard's classes]} and labels among all classes
   * @param firstClass the class of the shard's first column
   * @return the summary, to be merged with those of the other shards
   * @throws IllegalArgumentException if shapes or weights do not fit, or the batch has no labels
   * @throws IndexOutOfBoundsException if a label or the shard is outside all classes
   */
  public ShardSummary summarize(Batch shard, int firstClass) {
    check(shard, firstClass, Outputs.none());
    boolean weighted = loss.labelSmoothing() > 0;
    ShardRows rows = new ShardRows(shard.logits().rows(), weighted);
    ShardSummaryHead head = new ShardSummaryHead(rows, ownWeights(shard, firstClass));
    SoftmaxPass pass = pass(shard, firstClass);
    pass.head = head;
    pass.run(loss.pool());
    pass.release();
    return new ShardSummary(firstClass, firstClass + shard.logits().classes(), rows);
  }

  /**
   * Any of the row losses, the totals, and the gradient of the shard's logits.
   *
   * <p>Losses and totals are the same from every shard; one of them is asked for.
   *
   * @param shard the batch that was summarized
   * @param firstClass the class of the shard's first column
   * @param merged the summary of all shards
   * @param outputs losses and totals of whole rows, a gradient {@code [rows × shard's classes]}
   * @throws IllegalArgumentException if arguments do not fit, the summary is not of all classes or
   *     of other labels, or outputs are asked for that need all classes at once; nothing has been
   *     written then
   * @throws IndexOutOfBoundsException if a label or the shard is outside all classes; nothing has
   *     been written then
   * @throws IllegalStateException if a gradient is asked for, the divisor is 0 and the policy is
   *     {@link EmptyMean#THROW}; nothing has been written then
   */
  public void compute(Batch shard, int firstClass, ShardSummary merged, Outputs outputs) {
    Objects.requireNonNull(merged, "merged");
    Objects.requireNonNull(outputs, "outputs");
    check(shard, firstClass, outputs);
    checkMerged(shard, merged);
    SoftmaxPass rows = loss.acquireSoftmaxPass(shard);
    rows.rows = shard.logits().rows();
    rows.classes = classes;
    loss.fill(rows.labelled, shard, classes);
    rows.labelled.sharded = true;
    Gradient gradient = outputs.gradient();
    double scale = gradient == null ? 0 : loss.inverseDivisor(rows.labelled);
    if (gradient != null) {
      SoftmaxPass pass = pass(shard, firstClass);
      pass.head = head(shard, firstClass, merged, forAnyThread(shard, rows.labelled));
      pass.labelled.sampleWeights = shard.sampleWeights();
      pass.upstreamScale = gradient.upstream() * scale;
      pass.upstreamRows = gradient.upstreamRows();
      pass.added = gradient.added();
      Matrix out = gradient.matrix();
      out.placeIn(pass.out);
      pass.run(loss.pool());
      pass.release();
    }
    // Last, so that totals have nothing of a call that failed.
    computeRows(rows, shard, merged, outputs);
    rows.release();
  }

  /** Labels that threads of a pool may read: those in a segment may be the caller's alone. */
  private static LabelledRows forAnyThread(Batch shard, LabelledRows rows) {
    Labels labels = shard.labels();
    if (labels.memory() == null) {
      return rows;
    }
    int[] copied = new int[labels.rows()];
    Arrays.setAll(copied, labels::get);
    LabelledRows copy = new LabelledRows();
    copy.set(copied, 0, null);
    return copy;
  }

  /** Losses and totals, from the summary alone: the logits are not read, their place is empty. */
  private void computeRows(SoftmaxPass rows, Batch shard, ShardSummary merged, Outputs outputs) {
    boolean hasLosses = outputs.losses() != null || outputs.doubleLosses() != null;
    if (!hasLosses && outputs.totals() == null) {
      return;
    }
    MergedHead.Shard all = new MergedHead.Shard(0, classes, classes, null);
    rows.head = new MergedHead(loss.head(shard), merged.shardRows(), rows.labelled, all);
    rows.losses = outputs.losses();
    rows.doubleLosses = outputs.doubleLosses();
    rows.totals = outputs.totals() == null ? null : outputs.totals().sums();
    MergedPass.run(rows);
    if (outputs.totals() != null) {
      outputs.totals().addRows(rows.labelled);
    }
  }

  private MergedHead head(Batch shard, int firstClass, ShardSummary merged, LabelledRows labels) {
    int own = shard.logits().classes();
    float[] weights = ownWeights(shard, firstClass);
    MergedHead.Shard place = new MergedHead.Shard(firstClass, own, classes, weights);
    return new MergedHead(loss.head(shard), merged.shardRows(), labels, place);
  }

  /** A pass over the shard's logits, whose rows have labels among its classes or none. */
  private SoftmaxPass pass(Batch shard, int firstClass) {
    Matrix logits = shard.logits();
    SoftmaxPass pass = loss.acquireSoftmaxPass(shard);
    pass.rows = logits.rows();
    pass.classes = logits.classes();
    logits.placeIn(pass.logits);
    LabelledRows rows = pass.labelled;
    rows.rows = logits.rows();
    rows.sharded = true;
    rows.set(ownLabels(shard, firstClass), 0, null);
    rows.ignoreIndex = IGNORED;
    rows.count(SoftmaxPass.rowsPerTile(logits.classes()));
    return pass;
  }

  private int[] ownLabels(Batch shard, int firstClass) {
    int[] labels = new int[shard.logits().rows()];
    for (int row = 0; row < labels.length; row++) {
      int label = shard.labels().get(row) - firstClass;
      boolean own = label >= 0 && label < shard.logits().classes();
      labels[row] = loss.isIgnored(shard, row) ? IGNORED : own ? label : Tile.NO_LABEL;
    }
    return labels;
  }

  private float[] ownWeights(Batch shard, int firstClass) {
    float[] weights = loss.head(shard).classWeights();
    int end = firstClass + shard.logits().classes();
    return weights == null ? null : Arrays.copyOfRange(weights, firstClass, end);
  }

  private void check(Batch shard, int firstClass, Outputs outputs) {
    Objects.requireNonNull(shard, "shard");
    int own = shard.logits().classes();
    if (firstClass < 0 || firstClass > classes - own) {
      throw new IndexOutOfBoundsException(
          "the shard of "
              + own
              + " classes from "
              + firstClass
              + " is outside [0, "
              + classes
              + ")");
    }
    if (shard.labels() == null) {
      throw new IllegalArgumentException("the shard has no labels, but shards need labels");
    }
    if (outputs.rowOutputs() != null) {
      throw new IllegalArgumentException(outputs + " needs the logits of all shards");
    }
    Access.check(shard, outputs);
    loss.check(shard, classes, outputs);
  }

  /** The merged summary is of all classes, and of the labels that the batch has. */
  private void checkMerged(Batch shard, ShardSummary merged) {
    if (merged.firstClass() != 0 || merged.endClass() != classes) {
      throw new IllegalArgumentException(
          merged + " is not of all classes, 0 to " + classes + ": merge those of all shards");
    }
    ShardRows rows = merged.shardRows();
    if (rows.rows() != shard.logits().rows() || rows.isWeighted() != loss.labelSmoothing() > 0) {
      throw new IllegalArgumentException(merged + " is not of this batch and loss: " + shard);
    }
    for (int row = 0; row < rows.rows(); row++) {
      boolean counted = !loss.isIgnored(shard, row);
      if (rows.isCounted(row) != counted || rows.isLabelled(row) != counted) {
        throw new IllegalArgumentException(
            merged + " was made with another label of row " + row + " than the batch has");
      }
    }
  }

  @Override
  public String toString() {
    return "ShardedCrossEntropy[" + classes + " classes, " + loss + "]";
  }
}
