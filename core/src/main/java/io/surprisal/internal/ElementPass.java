package io.surprisal.internal;

import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.ElementTile;
import io.surprisal.spi.SoftmaxKernel;
import java.util.concurrent.ForkJoinPool;

/**
 * One call on a batch whose losses are of single elements: stage, head or kernel, weights, totals.
 *
 * <p>The façade sets the fields, whose arguments it has checked, and runs the pass; nothing is
 * checked again here. Elements are counted over the rows. The batch is cut on a grid that depends
 * on its shape alone: tiles of rows, in pieces of up to 16,384 elements, in runs of {@link
 * ElementTile#BLOCK}.
 */
public final class ElementPass implements Workers.Pieces {
  /** Most elements of a piece. */
  private static final int PIECE = 16_384;

  /** Largest magnitude of a factor, or of its inverse, that kernels take. */
  private static final double LARGEST_SCALE = 0x1p60;

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

  /**
   * Whether exponentials may wait where the gradient will be: it is fetched then while there is
   * much to compute, and nothing that is still needed lies there.
   */
  boolean gradientHoldsExps() {
    float[] place = gradient.data;
    return place != null
        && !added
        && place != inputs.data
        && place != targets.data
        && place != weights.data
        && place != losses.data
        && place != upstreamElements.data
        && place != upstreamRows;
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
    head.stage(block);
    if (head.form() == null) {
      head.apply(block, functions);
    } else {
      kernel.exponentials(block.tile);
    }
    if (losses.isPresent() || total != null) {
      double sum = writeLosses(block);
      if (total != null) {
        workspace.elementLosses.add(sum);
      }
    }
    if (gradient.isPresent()) {
      writeGradient(block);
    }
  }

  /** Losses of a run, where they are wanted; returns their sum. */
  private double writeLosses(ElementBlock block) {
    ElementTile tile = block.tile;
    boolean direct = isTogether(losses, block.first, tile.count);
    float[] to = direct ? losses.data : block.results;
    int from = direct ? start(losses, block.first) : 0;
    double sum;
    if (head.form() != null && isPlain()) {
      sum = kernelLosses(block, to, from);
    } else {
      if (head.form() != null && Double.isFinite(kernelLosses(block, block.results, 0))) {
        block.widen(block.results, block.loss);
      }
      sum = isPlain() ? block.sumLosses() : block.weighLosses();
      block.round(block.loss, to, from);
    }
    if (losses.isPresent() && !direct) {
      block.scatter(this, losses, false);
    }
    return sum;
  }

  /**
   * The kernel's losses and their sum. Where that is not finite the losses are computed again in
   * double, since one beyond float's range may have a place in the sum.
   */
  private double kernelLosses(ElementBlock block, float[] to, int from) {
    ElementTile tile = block.tile;
    tile.losses = to;
    tile.lossesFrom = from;
    kernel.losses(tile, head.form());
    if (total == null && isPlain()) {
      return 0;
    }
    double sum = kernel.sum(to, from, tile);
    if (!Double.isFinite(sum)) {
      head.apply(block, functions);
      return isPlain() ? block.sumLosses() : sum;
    }
    return sum;
  }

  private void writeGradient(ElementBlock block) {
    ElementTile tile = block.tile;
    boolean direct = !added && isTogether(gradient, block.first, tile.count);
    float[] to = direct ? gradient.data : block.results;
    int from = direct ? start(gradient, block.first) : 0;
    if (head.form() != null && isPlain() && isModerate(upstreamScale)) {
      kernelGradient(block, to, from, (float) upstreamScale);
    } else {
      if (head.form() != null) {
        kernelGradient(block, block.results, 0, 1);
        block.widen(block.results, block.slope);
      }
      if (isPlain()) {
        block.scaleSlopes(upstreamScale);
      } else {
        block.weighSlopes();
      }
      block.round(block.slope, to, from);
    }
    if (!direct) {
      block.scatter(this, gradient, added);
    }
  }

  private static boolean isModerate(double scale) {
    double magnitude = Math.abs(scale);
    return magnitude <= LARGEST_SCALE && magnitude >= 1 / LARGEST_SCALE;
  }

  private void kernelGradient(ElementBlock block, float[] to, int from, float scale) {
    ElementTile tile = block.tile;
    tile.gradient = to;
    tile.gradientFrom = from;
    tile.scale = scale;
    kernel.gradient(tile, head.form());
  }
}
