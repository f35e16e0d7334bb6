package io.surprisal.internal;

import io.surprisal.spi.Tile;
import io.surprisal.spi.Transposition;
import java.util.EnumMap;
import java.util.Map;

/**
 * Rows of matrices whose classes come first, brought together for a tile and taken apart again.
 *
 * <p>A kernel sees rows whose classes lie one behind another and no others, so that every result
 * has the same bits in either layout.
 */
final class Planes {
  /** What a matrix is to the loss: each has scratch memory of its own. */
  enum Role {
    LOGITS,
    UPSTREAM,
    TARGETS,
    OUT
  }

  private final Transposition transposition = new Transposition();
  private final Map<Role, float[]> gathered = new EnumMap<>(Role.class);

  Planes() {}

  /**
   * Brings the rows of a workspace's window together, one behind another.
   *
   * @param pass whose rows they are
   * @param workspace at a window
   * @param role which matrix, with classes first
   * @param starts written: where each row starts
   * @return what holds them
   */
  float[] gather(SoftmaxPass pass, Workspace workspace, Role role, int[] starts) {
    float[] to = gathered.computeIfAbsent(role, absent -> new float[Tile.MAX_COLUMNS]);
    Strided matrix = matrix(pass, role);
    Tile tile = workspace.tile;
    Transposition runs = transposition;
    runs.from = matrix.data;
    runs.fromStride = matrix.classStride;
    runs.to = to;
    runs.toStride = tile.columns;
    runs.columns = tile.columns;
    for (int i = 0; i < tile.rows; i += runs.rows) {
      runs.rows = run(workspace, matrix, i);
      runs.fromStart = matrix.index(workspace.window.row(i), workspace.window.column);
      runs.toStart = i * tile.columns;
      pass.kernel.transpose(runs);
    }
    for (int i = 0; i < tile.rows; i++) {
      starts[i] = i * tile.columns;
    }
    return to;
  }

  /**
   * Writes the mapped rows of a window to the pass's out, or adds them.
   *
   * @param pass whose out has classes first
   * @param workspace its tile's out holds mapped rows, one behind another
   */
  void scatter(SoftmaxPass pass, Workspace workspace) {
    Tile tile = workspace.tile;
    int start = tile.outStart[0];
    if (pass.added) {
      tile.out = gather(pass, workspace, Role.OUT, tile.outStart);
      pass.kernel.add(tile);
      start = 0;
    }
    Transposition runs = transposition;
    runs.from = tile.out;
    runs.fromStride = tile.columns;
    runs.to = pass.out.data;
    runs.toStride = pass.out.classStride;
    runs.rows = tile.columns;
    for (int i = 0; i < tile.rows; i += runs.columns) {
      runs.columns = run(workspace, pass.out, i);
      runs.fromStart = start + i * tile.columns;
      runs.toStart = pass.out.index(workspace.window.row(i), workspace.window.column);
      pass.kernel.transpose(runs);
    }
  }

  /** Forgets the caller's arrays. */
  void clear() {
    transposition.from = null;
    transposition.to = null;
  }

  /** How many rows of the tile from this one on lie beside each other. */
  private static int run(Workspace workspace, Strided matrix, int first) {
    Window window = workspace.window;
    int last = Math.min(workspace.tile.rows, first + matrix.rowsToEndOfBatch(window.row(first)));
    if (window.follow(first, last)) {
      return last - first;
    }
    int next = first + 1;
    while (window.follow(next - 1, next + 1)) {
      next++;
    }
    return next - first;
  }

  /** Whose classes may come first. */
  static Strided matrix(SoftmaxPass pass, Role role) {
    return switch (role) {
      case LOGITS -> pass.logits;
      case UPSTREAM -> pass.upstream;
      case TARGETS -> pass.targets;
      case OUT -> pass.out;
    };
  }
}
