package io.surprisal.bench.train;

import static io.surprisal.bench.train.BigramCounts.BYTES;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.Arrays;

/**
 * A language model of bytes that sees one byte: a table of 256 free logits for each previous byte.
 *
 * <p>A step takes a batch of positions. The table's rows of their previous bytes are copied into a
 * {@code [batch × 256]} matrix of logits, the next bytes are the labels; the library puts the
 * gradient of the mean cross-entropy in the logits' place, and each row of it is added to the
 * gradient of the table's row that it came from.
 *
 * <p>Deterministic: the same text and settings give the same table on any number of threads.
 */
final class BigramModel {
  private static final double LN2 = Math.log(2);

  /** Rows of a batch in which the loss over the whole text is computed. */
  private static final int EVALUATED_ROWS = 4096;

  private final CrossEntropy loss;
  private final float[] table = new float[BYTES * BYTES];
  private final float[] tableGradient = new float[BYTES * BYTES];
  private final Adam adam = new Adam(BYTES * BYTES);
  private final float[] logits;
  private final int[] previous;
  private final int[] next;
  private final Batch batch;
  private final Outputs gradientInPlace;

  BigramModel(int batchRows, Execution execution) {
    loss = CrossEntropy.builder().execution(execution).build();
    logits = new float[Math.multiplyExact(batchRows, BYTES)];
    previous = new int[batchRows];
    next = new int[batchRows];
    Matrix matrix = Matrix.of(logits, batchRows, BYTES);
    batch = Batch.of(matrix, Labels.of(next));
    gradientInPlace = Outputs.none().withGradient(matrix);
  }

  /** One step on a batch of positions of a text. */
  void step(byte[] text, Positions positions, double learningRate) {
    for (int row = 0; row < next.length; row++) {
      int position = positions.next();
      previous[row] = Byte.toUnsignedInt(text[position]);
      next[row] = Byte.toUnsignedInt(text[position + 1]);
    }
    gather();
    loss.compute(batch, gradientInPlace);
    scatter();
    adam.step(table, tableGradient, learningRate);
  }

  private void gather() {
    for (int row = 0; row < previous.length; row++) {
      System.arraycopy(table, previous[row] * BYTES, logits, row * BYTES, BYTES);
    }
  }

  private void scatter() {
    Arrays.fill(tableGradient, 0);
    for (int row = 0; row < previous.length; row++) {
      add(logits, row * BYTES, tableGradient, previous[row] * BYTES);
    }
  }

  private static void add(float[] from, int fromStart, float[] to, int toStart) {
    for (int i = 0; i < BYTES; i++) {
      to[toStart + i] += from[fromStart + i];
    }
  }

  /**
   * Bits that the model spends on a byte of a text, the mean over all its pairs: each different
   * pair is a row, with its count as the row's weight.
   */
  double bits(BigramCounts counts) {
    Totals totals = loss.newTotals();
    int[] pairs = new int[counts.distinctPairs()];
    int found = 0;
    for (int pair = 0; pair < BYTES * BYTES; pair++) {
      if (counts.count(pair / BYTES, pair % BYTES) > 0) {
        pairs[found++] = pair;
      }
    }
    for (int from = 0; from < found; from += EVALUATED_ROWS) {
      int to = Math.min(from + EVALUATED_ROWS, found);
      addTotals(Arrays.copyOfRange(pairs, from, to), counts, totals);
    }
    return totals.mean() / LN2;
  }

  private void addTotals(int[] pairs, BigramCounts counts, Totals totals) {
    Matrix rows = Matrix.zeros(pairs.length, BYTES);
    int[] labels = new int[pairs.length];
    float[] weights = new float[pairs.length];
    for (int row = 0; row < pairs.length; row++) {
      int before = pairs[row] / BYTES;
      labels[row] = pairs[row] % BYTES;
      weights[row] = counts.count(before, labels[row]);
      System.arraycopy(table, before * BYTES, rows.data(), row * BYTES, BYTES);
    }
    loss.compute(
        Batch.of(rows, Labels.of(labels)).withSampleWeights(weights),
        Outputs.none().withTotals(totals));
  }
}
