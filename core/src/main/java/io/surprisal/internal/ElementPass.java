package io.surprisal.internal;

import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.ElementTile;
import io.surprisal.spi.SoftmaxKernel;
import java.util.concurrent.ForkJoinPool;

/**
 * One call on a batch whose losses are of single elements: runs of them are brought to where they
 * can be computed, computed ({@link ElementStep}), and added up.
 *
 * <p>The façade sets the fields, whose arguments it has checked, and runs the pass; nothing is
 * checked again here. Elements are counted over the rows. The batch is cut on a grid that depends
 * on its shape alone: tiles of rows, in pieces of up to 16,384 elements, in runs of {@link
 * ElementTile#BLOCK}.
 */
public final class ElementPass implements Workers.Pieces {
  /** Most elements of a piece. */
  private static final int PIECE = 16_384;

  private static final Pool<ElementPass> POOL = new Pool<>(ElementPass::new);

  /** Number of rows. */
  public int rows;

  /** Number of classes. */
  public int classes;

  /** What the loss is of. */
  public final Strided inputs = new Strided();

  /** Targets. */
  public final Strided targets = new Strided();

  /** Weights; absent where there are none. */
  public final Strided weights = new Strided();

  /** Element losses; absent where none are wanted. */
  public final Strided losses = new Strided();

  /** Gradient; absent where none is wanted. */
  public final Strided gradient = new Strided();

  /** Upstream gradient of the elements; absent where there is none. */
  public final Strided upstreamElements = new Strided();

  /** Upstream gradient of each row, or null. */
  public float[] upstreamRows;

  /** What multiplies every upstream gradient. */
  public double upstreamScale = 1;

  /** Whether the gradient is added to what is there. */
  public boolean added;

  /** The target of elements that do not count; NaN where all do. */
  public float ignoredTarget;

  /** The loss. */
  public ElementHead head;

  /** Loops over elements. */
  public ElementKernel kernel;

  /** Exponentials and logarithms of many doubles. */
  public SoftmaxKernel functions;

  /** Where the losses are summed, or null. */
  public ExactSum total;

  /** How many elements count. */
  public final ElementCounts counts = new ElementCounts();

  private final ElementStep step = new ElementStep(this);

  /** Sums of all workers; the caller's have them only when all elements are done. */
  private final ExactSum collected = new ExactSum();

  private ElementPass() {}

  /**
   * Lends a pass whose optional parts are all absent.
   *
   * @return a pass to be filled in, run and released
   */
  public static ElementPass acquire() {
    return POOL.acquire();
  }

  /** Gives the pass back, without the caller's arrays. */
  public void release() {
    inputs.clear();
    targets.clear();
    weights.clear();
    losses.clear();
    gradient.clear();
    upstreamElements.clear();
    upstreamRows = null;
    upstreamScale = 1;
    added = false;
    head = null;
    kernel = null;
    functions = null;
    total = null;
    POOL.release(this);
  }

  /** Finds how many elements count; the batch has been set. */
  public void count() {
    counts.count(this);
  }

  /**
   * Does the work.
   *
   * @param pool where, or null for the calling thread
   */
  public void run(ForkJoinPool pool) {
    if (rows == 0) {
      return;
    }
    ForkJoinPool helpers = isConfined() ? null : Workers.worthwhile(pool, rows, classes);
    Workers.run(helpers, Math.ceilDiv(rows, rowsPerTile()) * piecesPerTile(), this);
    if (total != null) {
      total.add(collected);
      collected.clear();
    }
  }

  /** Whether memory is involved that the calling thread alone may look at. */
  private boolean isConfined() {
    return inputs.isConfined()
        || targets.isConfined()
        || weights.isConfined()
        || losses.isConfined()
        || gradient.isConfined()
        || upstreamElements.isConfined();
  }

  private int rowsPerTile() {
    return Math.max(1, PIECE / classes);
  }

  private int piecesPerTile() {
    return Math.ceilDiv(classes, PIECE);
  }

  @Override
  public void run(int firstPiece, int lastPiece, Workspace workspace) {
    int pieces = piecesPerTile();
    for (int piece = firstPiece; piece < lastPiece; piece++) {
      int row = piece / pieces * rowsPerTile();
      long end = (row + (long) Math.min(rowsPerTile(), rows - row)) * classes;
      long start = (long) row * classes + (long) (piece % pieces) * PIECE;
      int count = (int) Math.min(end - start, PIECE);
      for (int done = 0; done < count; done += ElementTile.BLOCK) {
        runBlock(workspace, start + done, Math.min(ElementTile.BLOCK, count - done));
      }
    }
  }

  @Override
  public synchronized void end(Workspace workspace) {
    if (total != null) {
      collected.add(workspace.elementLosses);
      workspace.elementLosses.clear();
    }
  }

  /** Whether every element counts alike. */
  boolean isPlain() {
    return !weights.isPresent()
        && upstreamRows == null
        && !upstreamElements.isPresent()
        && !ignores();
  }

  boolean ignores() {
    return !Float.isNaN(ignoredTarget);
  }

  /** Whether a run of elements lies together in a matrix, in an array. */
  boolean isTogether(Strided matrix, long first, int count) {
    return matrix.data != null && (matrix.isDense(classes) || first % classes + count <= classes);
  }

  /** Where an element lies. */
  int start(Strided matrix, long first) {
    return matrix.rowStart((int) (first / classes)) + (int) (first % classes);
  }

  double weight(int row, int column) {
    return weights.isPresent() ? weights.get(row, column) : 1;
  }

  /** The upstream gradient of an element's loss. */
  double upstream(int row, int column) {
    double factor = upstreamRows == null ? 1 : upstreamRows[row];
    if (upstreamElements.isPresent()) {
      factor = upstreamElements.get(row, column);
    }
    return upstreamScale * factor;
  }

  private void runBlock(Workspace workspace, long first, int count) {
    ElementBlock block = workspace.elements();
    block.stage = workspace.stage;
    workspace.stage.kernel = functions;
    block.place(this, first, count);
    double sum = step.run(block);
    if (total != null) {
      workspace.elementLosses.add(sum);
    }
  }
}
