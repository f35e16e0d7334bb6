package io.surprisal.internal;

import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.SoftmaxKernel;
import java.util.concurrent.ForkJoinPool;

/**
 * Looks through a matrix for a number outside a range, before a call writes anything. It reads as
 * fast as memory allows, so that a large matrix is worth sharing out as its losses are.
 */
public final class ElementScan implements Workers.Pieces {
  /** Most elements of a piece: what a stage has room for. */
  private static final int PIECE = 16_384;

  /** Fewer elements are read in less time than a thread is called for. */
  private static final int LEAST_SHARED = 1 << 20;

  private static final Pool<ElementScan> POOL = new Pool<>(ElementScan::new);

  /** The matrix. */
  public final Strided values = new Strided();

  /** Number of rows. */
  public int rows;

  /** Number of classes. */
  public int classes;

  /** The end of the range from 0 on. */
  public float highest;

  /** Its loop looks at floats. */
  public ElementKernel kernel;

  /** Its loops bring numbers of 16 bits to floats. */
  public SoftmaxKernel functions;

  private volatile boolean found;

  private ElementScan() {}

  /**
   * Lends a scan.
   *
   * @return a scan to be filled in, run and released
   */
  public static ElementScan acquire() {
    return POOL.acquire();
  }

  /** Gives the scan back, without the caller's memory. */
  public void release() {
    values.clear();
    kernel = null;
    functions = null;
    found = false;
    POOL.release(this);
  }

  /**
   * Looks.
   *
   * @param pool where, or null for the calling thread
   * @return false only if no number is outside
   */
  public boolean run(ForkJoinPool pool) {
    if (rows > 0) {
      boolean isShared = (long) rows * classes >= LEAST_SHARED && !values.isConfined();
      int pieces = Math.ceilDiv(rows, rowsPerTile()) * Math.ceilDiv(classes, PIECE);
      Workers.run(isShared ? pool : null, pieces, this);
    }
    return found;
  }

  private int rowsPerTile() {
    return Math.max(1, PIECE / classes);
  }

  @Override
  public void run(int firstPiece, int lastPiece, Workspace workspace) {
    workspace.stage.kernel = functions;
    int cells = Math.ceilDiv(classes, PIECE);
    for (int piece = firstPiece; piece < lastPiece && !found; piece++) {
      int row = piece / cells * rowsPerTile();
      int column = piece % cells * PIECE;
      int columns = Math.min(PIECE, classes - column);
      int last = (int) Math.min((long) row + rowsPerTile(), rows);
      if (values.isDense(classes)) {
        look(workspace.stage, row, column, (last - row) * columns);
      } else {
        for (; row < last; row++) {
          look(workspace.stage, row, column, columns);
        }
      }
    }
  }

  private void look(Stage stage, int row, int column, int count) {
    boolean inArray = values.data != null && !values.hasClassesFirst();
    float[] numbers = inArray ? values.data : stage.bring(values, row, column, count);
    int from = inArray ? (int) values.place(row, column) : 0;
    if (kernel.anyOutside(numbers, from, from + count, highest)) {
      found = true;
    }
  }
}
