package io.surprisal.spi;

/**
 * What a {@link DoubleKernel} sees of a batch: some rows, a range of their columns, and a place for
 * each result; a {@link Tile} whose logits are doubles.
 *
 * <p>A record of arrays that the driver fills and uses again; kernels read and write the fields
 * directly. Results a row lie at index {@code row}; results a row and block at {@code slot =
 * row·blocks() + block}. A result with a {@code …Low} beside it is the sum of both.
 *
 * <p>The sizes below are part of the bit contract: they depend on nothing but the shape.
 */
public final class DoubleTile {
  /** Columns that share one origin and exponent: as many bytes as a block of floats. */
  public static final int BLOCK = 1024;

  /** Most columns of a tile; wider rows are cut on this grid. */
  public static final int MAX_COLUMNS = Tile.MAX_COLUMNS;

  /** Most rows of a tile, and so most slots: rows · blocks never exceeds it. */
  public static final int MAX_ROWS = Tile.MAX_ROWS;

  /** Rows of fewer columns have their exps one behind another, without a gap. */
  public static final int NARROW = 128;

  /** Number of rows. */
  public int rows;

  /** Number of columns. */
  public int columns;

  /** Whether the rows of {@link #logits} lie one behind another without a gap. */
  public boolean contiguous;

  /** Storage of the logits. */
  public double[] logits;

  /** Where each row of logits starts. */
  public final int[] logitsStart = new int[MAX_ROWS];

  /** The column of each row's label in this tile, or {@link Tile#NO_LABEL}. */
  public final int[] labels = new int[MAX_ROWS];

  /**
   * Storage of exponentials, which may be {@link #out}, at the same place; also where mapped values
   * wait to be added.
   */
  public double[] exps;

  /** Where the exps of row 0 start. */
  public int expsOffset;

  /** From one row of exps to the next; 0 where they will not be read and may lie anywhere. */
  public int expsStride;

  /** Storage of upstream rows v, or null. */
  public double[] upstream;

  /** Where each row of {@link #upstream} starts. */
  public final int[] upstreamStart = new int[MAX_ROWS];

  /** Class weights, or null where every weight is 1. */
  public float[] classVector;

  /** Where the tile's first column lies in {@link #classVector}. */
  public int classOffset;

  /** Storage that MAP writes. */
  public double[] out;

  /** Where each row of {@link #out} starts. */
  public final int[] outStart = new int[MAX_ROWS];

  /** A slot's sum of exponentials, the label's left out. */
  public final double[] blockSum = new double[MAX_ROWS];

  /** What {@link #blockSum} lost by rounding. */
  public final double[] blockSumLow = new double[MAX_ROWS];

  /** A slot's exponent N. */
  public final int[] blockExponent = new int[MAX_ROWS];

  /** A slot's origin a. */
  public final double[] blockOrigin = new double[MAX_ROWS];

  /** A slot's Σ e·v. */
  public final double[] blockDot = new double[MAX_ROWS];

  /** What {@link #blockDot} lost by rounding. */
  public final double[] blockDotLow = new double[MAX_ROWS];

  /** A row's Σ w·x. */
  public final double[] weightedSum = new double[MAX_ROWS];

  /** What {@link #weightedSum} lost by rounding; 0 where that is not finite. */
  public final double[] weightedSumLow = new double[MAX_ROWS];

  /** A slot's factor: {@code e·(scale + scaleLow)·rescale} is the probability times the row's. */
  public final double[] scale = new double[MAX_ROWS];

  /** What {@link #scale} lost by rounding. */
  public final double[] scaleLow = new double[MAX_ROWS];

  /** A slot's further factor, a power of two: 1 where the first is in range without it. */
  public final double[] rescale = new double[MAX_ROWS];

  /** The e of a slot below which the product of the factors counts as 0. */
  public final double[] cutoff = new double[MAX_ROWS];

  /** A row's coefficient H of {@link MapForm}. */
  public final double[] shift = new double[MAX_ROWS];

  /** What {@link #shift} lost by rounding, in {@link MapForm#SCALED_TIMES_UPSTREAM}. */
  public final double[] shiftLow = new double[MAX_ROWS];

  /** A row's log-sum-exp, or an origin that every x differs from exactly. */
  public final double[] logSumHigh = new double[MAX_ROWS];

  /** What {@link #logSumHigh} leaves of log-sum-exp. */
  public final double[] logSumLow = new double[MAX_ROWS];

  /** For the kernel's own use within a call: room for a block and more. */
  public final double[] scratch = new double[2 * BLOCK];

  /** For the kernel's own use within a call: a number a row. */
  public final double[] rowScratch = new double[MAX_ROWS];

  /** A tile without rows. */
  public DoubleTile() {}

  /**
   * How many blocks a row of this tile has.
   *
   * @return columns / BLOCK, rounded up
   */
  public int blocks() {
    return (columns + BLOCK - 1) / BLOCK;
  }

  /**
   * How many columns a block has.
   *
   * @param block index of the block in its row
   * @return BLOCK, or less for the last one
   */
  public int blockColumns(int block) {
    return Math.min(BLOCK, columns - block * BLOCK);
  }
}
