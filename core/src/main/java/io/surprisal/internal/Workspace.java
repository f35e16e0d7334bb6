package io.surprisal.internal;

import io.surprisal.spi.Tile;
import java.util.Arrays;

/** The scratch memory of one thread at work: everything a pass needs beside the caller's arrays. */
final class Workspace {
  private static final Pool<Workspace> POOL = new Pool<>(Workspace::new);

  /** Blocks of a cell. */
  private static final int CELL_BLOCKS = Tile.MAX_COLUMNS / Tile.BLOCK;

  final Tile tile = new Tile();
  final RowBlock rows = new RowBlock();

  /** What the tile stands for. */
  final Window window = new Window();

  /** Where what kernels cannot take as it lies goes. */
  final Stage stage = new Stage();

  final Summary summary = new Summary();
  final TileTotals totals = new TileTotals();
  final ExactSum elementLosses = new ExactSum();
  final EvaluationCounts counts = new EvaluationCounts(1, 1);

  /** Peaks of the rows; null until they are asked for, as what finds them. */
  Peaks peaks;

  /** Peaks of the column cells of wide rows. */
  final Peaks cellPeaks = new Peaks(0);

  final float[] exps = new float[Tile.MAX_COLUMNS];

  /** Summaries of the column cells of wide rows, one slot a row and cell. */
  double[] cellSum = new double[0];

  int[] cellExponent = new int[0];
  double[] cellOrigin = new double[0];
  double[] cellDot = new double[0];
  double[] cellWeightedSum = new double[0];
  int[] cellFiniteClasses = new int[0];
  double[] cellFiniteWeight = new double[0];
  double[] cellTargetSum = new double[0];
  double[] cellTargetDot = new double[0];
  double[] cellWeighedSum = new double[0];
  double[] cellWeighedDot = new double[0];

  /** Frames of the blocks of those cells. */
  double[] blockSum = new double[0];

  int[] blockExponent = new int[0];
  float[] blockOrigin = new float[0];

  private float[] wideExps = new float[0];

  /** A second tile, for sums over upstream rows; null until there are some. */
  Tile upstreamTile;

  /** Mapped values of the classes that sparse targets list. */
  private float[] listed = new float[0];

  private DoubleWork doubles;
  private PeakSearch peakSearch;
  private StagedLogits staged;
  private ClassRun classRun;
  private FiniteClasses finiteClasses;
  private Workspace companion;
  private ElementBlock elements;

  private Workspace() {}

  /** Lends a workspace. */
  static Workspace acquire() {
    return POOL.acquire();
  }

  /** Gives it back, without the caller's arrays. */
  void release() {
    forget();
    POOL.release(this);
  }

  private void forget() {
    tile.logits = null;
    // Perhaps the caller's gradient.
    tile.exps = null;
    tile.out = null;
    tile.upstream = null;
    tile.targets = null;
    tile.classVector = null;
    if (upstreamTile != null) {
      upstreamTile.logits = null;
    }
    stage.clear();
    if (elements != null) {
      elements.release();
    }
    if (doubles != null) {
      doubles.release();
    }
    if (companion != null) {
      companion.forget();
    }
  }

  /** The second tile, its logits the upstream rows of a tile. */
  Tile upstreamTile(Tile rows) {
    if (upstreamTile == null) {
      upstreamTile = new Tile();
    }
    upstreamTile.rows = rows.rows;
    upstreamTile.columns = rows.columns;
    upstreamTile.logits = rows.upstream;
    System.arraycopy(rows.upstreamStart, 0, upstreamTile.logitsStart, 0, rows.rows);
    return upstreamTile;
  }

  /** Exponentials of a wide row. */
  float[] wideExps(int classes) {
    if (wideExps.length < classes) {
      wideExps = new float[classes];
    }
    return wideExps;
  }

  /** What finds peaks, and a place for them. */
  PeakSearch peakSearch() {
    if (peakSearch == null) {
      peakSearch = new PeakSearch();
      peaks = new Peaks(Tile.MAX_ROWS);
    }
    return peakSearch;
  }

  /** Merges the peaks of a row's cells, in order. */
  void mergePeaks(int row, int firstCell, int cells) {
    peakSearch();
    peaks.clear(row);
    for (int cell = 0; cell < cells; cell++) {
      peaks.merge(row, cellPeaks, firstCell + cell, cell * Tile.MAX_COLUMNS);
    }
  }

  /** Where mapped logits go. */
  StagedLogits staged() {
    if (staged == null) {
      staged = new StagedLogits();
    }
    return staged;
  }

  /** Room for the mapped values of so many listed classes. */
  float[] ensureListed(int count) {
    if (listed.length < count) {
      listed = new float[Math.max(count, 2 * listed.length)];
    }
    return listed;
  }

  /** For logits in double. */
  DoubleWork doubles() {
    if (doubles == null) {
      doubles = new DoubleWork();
    }
    return doubles;
  }

  /** For the pass that runs beside this workspace's. */
  Workspace companion() {
    if (companion == null) {
      companion = new Workspace();
    }
    return companion;
  }

  /** For smoothing that leaves masked classes out. */
  FiniteClasses finiteClasses() {
    if (finiteClasses == null) {
      finiteClasses = new FiniteClasses();
    }
    return finiteClasses;
  }

  /** For heads that compute each class themselves. */
  ClassRun classRun() {
    if (classRun == null) {
      classRun = new ClassRun();
    }
    return classRun;
  }

  /** For losses of single elements. */
  ElementBlock elements() {
    if (elements == null) {
      elements = new ElementBlock();
    }
    return elements;
  }

  /** Makes room for the summaries of so many cells. */
  void ensureCells(int cells) {
    if (cellSum.length < cells) {
      int length = Math.max(cells, 2 * cellSum.length);
      cellSum = Arrays.copyOf(cellSum, length);
      cellExponent = Arrays.copyOf(cellExponent, length);
      cellOrigin = Arrays.copyOf(cellOrigin, length);
      cellDot = Arrays.copyOf(cellDot, length);
      cellWeightedSum = Arrays.copyOf(cellWeightedSum, length);
      cellFiniteClasses = Arrays.copyOf(cellFiniteClasses, length);
      cellFiniteWeight = Arrays.copyOf(cellFiniteWeight, length);
      cellTargetSum = Arrays.copyOf(cellTargetSum, length);
      cellTargetDot = Arrays.copyOf(cellTargetDot, length);
      cellPeaks.ensure(length);
      cellWeighedSum = Arrays.copyOf(cellWeighedSum, length);
      cellWeighedDot = Arrays.copyOf(cellWeighedDot, length);
      blockSum = new double[length * CELL_BLOCKS];
      blockExponent = new int[length * CELL_BLOCKS];
      blockOrigin = new float[length * CELL_BLOCKS];
    }
  }

  /** Keeps the frames of a cell that another workspace has reduced. */
  void keepFrames(int cell, Tile reduced) {
    int first = cell * CELL_BLOCKS;
    System.arraycopy(reduced.blockSum, 0, blockSum, first, reduced.blocks());
    System.arraycopy(reduced.blockExponent, 0, blockExponent, first, reduced.blocks());
    System.arraycopy(reduced.blockOrigin, 0, blockOrigin, first, reduced.blocks());
  }

  /** Gives them back to the tile that maps the cell. */
  void restoreFrames(int cell, Tile mapped) {
    int first = cell * CELL_BLOCKS;
    System.arraycopy(blockSum, first, mapped.blockSum, 0, mapped.blocks());
    System.arraycopy(blockExponent, first, mapped.blockExponent, 0, mapped.blocks());
    System.arraycopy(blockOrigin, first, mapped.blockOrigin, 0, mapped.blocks());
  }
}
