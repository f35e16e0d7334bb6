package io.surprisal.bench.evaluate;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Execution;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.npy.NpyWriter;
import io.surprisal.spi.Tile;
import java.util.concurrent.ForkJoinPool;

/**
 * The losses of saved logits, chunk after chunk, so that files may be larger than the heap.
 *
 * <p>Chunks are whole row tiles: the figures have the same bits as those of one batch in memory.
 */
final class FileEvaluation {
  /**
   * Enough to keep all threads busy between two chunks, and still in the heap's smallest corner.
   */
  private static final int LOGITS_OF_A_CHUNK = 1 << 22;

  private final LogitsFile logits;
  private final LabelsFile labels;
  private final CrossEntropy loss;
  private final LogitsStage stage;
  private final int[] chunkLabels;
  private final float[] losses;
  private final Totals totals;
  private final Evaluation evaluation;

  /**
   * An evaluation.
   *
   * @param logits of a file
   * @param labels checked labels of another
   * @param ignoreIndex the label of rows that do not count
   * @param top the largest k of the top-k accuracies
   * @param pool whose threads compute
   * @throws InputException if a row does not fit into memory
   */
  FileEvaluation(LogitsFile logits, LabelsFile labels, int ignoreIndex, int top, ForkJoinPool pool)
      throws InputException {
    this(logits, labels, ignoreIndex, top, pool, LOGITS_OF_A_CHUNK);
  }

  /** With chunks of as many logits, or of one row tile where that is more. */
  FileEvaluation(
      LogitsFile logits,
      LabelsFile labels,
      int ignoreIndex,
      int top,
      ForkJoinPool pool,
      int chunkLogits)
      throws InputException {
    this.logits = logits;
    this.labels = labels;
    int rows = (int) Math.min(logits.rows(), chunkRows(logits.classes(), chunkLogits));
    stage = new LogitsStage(logits, rows, pool);
    chunkLabels = new int[rows];
    losses = new float[rows];
    Execution execution = Execution.on(pool);
    loss = CrossEntropy.builder().ignoreIndex(ignoreIndex).execution(execution).build();
    totals = loss.newTotals();
    evaluation = Evaluation.builder().top(top).build();
  }

  /** A multiple of the row tile that {@link Totals} documents. */
  private static int chunkRows(int classes, int chunkLogits) {
    int tile = Math.clamp(Tile.MAX_COLUMNS / classes, 1, Tile.MAX_ROWS);
    return Math.max(1, chunkLogits / classes / tile) * tile;
  }

  /**
   * Computes everything.
   *
   * @param rowLosses where each row's loss goes, or null
   * @throws InputException if they cannot be written, or a file changes meanwhile
   */
  void run(NpyWriter rowLosses) throws InputException {
    try (Progress progress = new Progress("evaluate", logits.rows())) {
      for (long row = 0; row < logits.rows(); row += chunkLabels.length) {
        progress.at(row, "rows");
        int count = (int) Math.min(chunkLabels.length, logits.rows() - row);
        compute(row, count);
        if (rowLosses != null) {
          rowLosses.write(losses, count);
        }
      }
    } catch (InternalError e) {
      // What the JVM throws where a mapped file has become shorter.
      throw new InputException(logits.array().file() + ": was changed while it was read", e);
    }
  }

  private void compute(long row, int count) {
    labels.copy(row, chunkLabels, count);
    Matrix matrix = stage.rows(row, count);
    loss.compute(
        Batch.of(matrix, Labels.of(chunkLabels, 0, count)),
        Outputs.none().withLosses(losses).withTotals(totals).withEvaluation(evaluation));
  }

  /** Loss, perplexity, bits, number of rows. */
  Totals totals() {
    return totals;
  }

  /** Accuracies and calibration. */
  Evaluation evaluation() {
    return evaluation;
  }
}
