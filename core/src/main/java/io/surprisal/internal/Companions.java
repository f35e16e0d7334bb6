package io.surprisal.internal;

import io.surprisal.spi.Tile;

/**
 * The passes that run beside another on the same rows and columns, for their probabilities: of a
 * teacher, or of the same logits at another temperature. Each has a workspace of its own, which is
 * the companion of the other's.
 */
final class Companions {
  /** What a probability near 1 is of its exponential, in a frame that holds the smallest ones. */
  private static final double HIGH = 0x1p-80;

  private Companions() {}

  /** Gives all blocks the rows of the first. */
  static void gather(SoftmaxPass pass, Workspace workspace) {
    Workspace own = workspace;
    for (SoftmaxPass other = pass.companion; other != null; other = other.companion) {
      own = own.companion();
      own.rows.accompany(workspace.rows, other, own.stage);
    }
  }

  /** REDUCE and head of tiles of whole rows. */
  static void reduce(SoftmaxPass pass, Workspace workspace) {
    Workspace own = workspace;
    for (SoftmaxPass other = pass.companion; other != null; other = other.companion) {
      own = own.companion();
      own.window.at(own.rows, 0, 0);
      own.window.open(other, own, own.rows.rows, other.classes);
      ReduceStep.run(other, own);
      ReduceStep.collect(other, own);
      other.head.apply(own.rows, other.kernel);
    }
  }

  /** A row without probabilities in one of the passes has none in the first. */
  static void spoil(SoftmaxPass pass, Workspace workspace) {
    RowBlock rows = workspace.rows;
    Workspace own = workspace;
    for (SoftmaxPass other = pass.companion; other != null; other = other.companion) {
      own = own.companion();
      for (int i = 0; i < rows.rows; i++) {
        if (Double.isNaN(own.rows.loss[i])) {
          rows.loss[i] = Double.NaN;
          rows.likelihood[i] = Double.NaN;
          rows.fill[i] = RowBlock.NANS;
        }
      }
    }
  }

  /** What makes probabilities of the exponentials in every tile. */
  static void setFactors(SoftmaxPass pass, Workspace workspace) {
    Workspace own = workspace;
    for (SoftmaxPass other = pass; other != null; other = other.companion) {
      MapCoefficients.setFactors(own.window.block, own.window.firstSlot, own.tile);
      own = other.companion == null ? own : own.companion();
    }
  }

  /** What a {@link io.surprisal.spi.ClassForm} needs beside the factors, in every tile. */
  static void setPeaks(SoftmaxPass pass, Workspace workspace) {
    Workspace own = workspace;
    for (SoftmaxPass other = pass; other != null; other = other.companion) {
      Window window = own.window;
      Tile tile = own.tile;
      System.arraycopy(window.block.labelLogit, window.firstSlot, tile.peakLogit, 0, tile.rows);
      System.arraycopy(
          window.block.apartSurprisal, window.firstSlot, tile.peakSurprisal, 0, tile.rows);
      raisePeaks(window, tile);
      tile.companion = other.companion == null ? null : own.companion().tile;
      own = other.companion == null ? own : own.companion();
    }
  }

  /** Gives the class that stands apart, which REDUCE leaves out, the exponential of its p. */
  private static void raisePeaks(Window window, Tile tile) {
    for (int row = 0; row < tile.rows; row++) {
      int label = tile.labels[row];
      if (label != Tile.NO_LABEL) {
        int slot = row * tile.blocks() + label / Tile.BLOCK;
        double apart = window.block.apart[window.firstSlot + row];
        if (apart > Float.MAX_VALUE * MapCoefficients.factor(tile, slot)) {
          lower(tile, row, label / Tile.BLOCK, apart);
        }
        double peak = apart / MapCoefficients.factor(tile, slot);
        tile.exps[tile.expsOffset + row * tile.expsStride + label] = (float) peak;
      }
    }
  }

  /**
   * Another frame for a block beside whose peak the others are next to nothing, where the one that
   * REDUCE has found without it does not hold it.
   */
  private static void lower(Tile tile, int row, int block, double apart) {
    int slot = row * tile.blocks() + block;
    double factor = MapCoefficients.factor(tile, slot);
    MapCoefficients.setFactor(tile, slot, apart * HIGH);
    double ratio = factor / (apart * HIGH);
    int first = tile.expsOffset + row * tile.expsStride + block * Tile.BLOCK;
    for (int i = first; i < first + tile.blockColumns(block); i++) {
      tile.exps[i] = (float) (tile.exps[i] * ratio);
    }
  }
}
