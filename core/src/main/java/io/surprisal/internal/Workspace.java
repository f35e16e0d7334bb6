package io.surprisal.internal;

import io.surprisal.spi.Tile;
import java.util.Arrays;

/** The scratch memory of one thread at work: everything a pass needs beside the caller's arrays. */
final class Workspace {
  private static final Pool<Workspace> POOL = new Pool<>(Workspace::new);

  /** A tile's exps: MAX_COLUMNS values, and up to 15 of padding for each row of 64 or more. */
  private static final int EXPS = Tile.MAX_COLUMNS + Tile.MAX_COLUMNS / 4;

  final Tile tile = new Tile();
  final RowBlock rows = new RowBlock();
  final Summary summary = new Summary();
  final TileTotals totals = new TileTotals();
  final float[] exps = new float[EXPS];

  /** Summaries of the column cells of wide rows, one slot a row and cell. */
  double[] cellSum = new double[0];

  int[] cellExponent = new int[0];
  double[] cellOrigin = new double[0];
  double[] cellDot = new double[0];
  double[] cellWeightedSum = new double[0];
  double[] cellTargetSum = new double[0];
  double[] cellTargetDot = new double[0];

  /** A second tile, for sums over upstream rows; null until there are some. */
  Tile upstreamTile;

  /** Mapped values of the classes that sparse targets list. */
  private float[] listed = new float[0];

  private StagedLogits staged;

  private Workspace() {}

  /** Lends a workspace. */
  static Workspace acquire() {
    return POOL.acquire();
  }

  /** Gives it back, without the caller's arrays. */
  void release() {
    tile.logits = null;
    tile.out = null;
    tile.upstream = null;
    tile.targets = null;
    tile.classVector = null;
    if (upstreamTile != null) {
      upstreamTile.logits = null;
    }
    POOL.release(this);
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

  /** Makes room for the summaries of so many cells. */
  void ensureCells(int cells) {
    if (cellSum.length < cells) {
      int length = Math.max(cells, 2 * cellSum.length);
      cellSum = Arrays.copyOf(cellSum, length);
      cellExponent = Arrays.copyOf(cellExponent, length);
      cellOrigin = Arrays.copyOf(cellOrigin, length);
      cellDot = Arrays.copyOf(cellDot, length);
      cellWeightedSum = Arrays.copyOf(cellWeightedSum, length);
      cellTargetSum = Arrays.copyOf(cellTargetSum, length);
      cellTargetDot = Arrays.copyOf(cellTargetDot, length);
    }
  }
}
