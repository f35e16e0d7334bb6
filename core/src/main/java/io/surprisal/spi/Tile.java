package io.surprisal.spi;

/**
 * What a kernel sees of a batch: some rows, a range of their columns, and a place for each result.
 *
 * <p>A record of arrays that the driver fills and uses again; kernels read and write the fields
 * directly. Results a row lie at index {@code row}; results a row and block at {@code slot =
 * row·blocks() + block}. Matrices are {@code float[]}, a row's first element at {@code
 * …Start[row]}.
 *
 * <p>The sizes below are part of the bit contract: they depend on nothing but the shape.
 */
public final class Tile {
  /** Columns that share one origin and exponent. */
  public static final int BLOCK = 2048;

  /** Most columns of a tile; wider rows are cut on this grid. */
  public static final int MAX_COLUMNS = 16_384;

  /** Most rows of a tile, and so most slots: rows · blocks never exceeds it. */
  public static final int MAX_ROWS = 1024;

  /** Rows of fewer columns have their exps one behind another, without a gap. */
  public static final int NARROW = 256;

  /** What stands for a −log p that is infinite: times 0 it is 0. */
  public static final double IMPOSSIBLE = 1e300;

  /** The label of a row whose sum is to hold every class. */
  public static final int NO_LABEL = -1;

  /** Number of rows. */
  public int rows;

  /** Number of columns. */
  public int columns;

  /** Whether the rows of {@link #logits} lie one behind another without a gap. */
  public boolean contiguous;

  /** Storage of the logits. */
  public float[] logits;

  /** Where each row of logits starts. */
  public final int[] logitsStart = new int[MAX_ROWS];

  /** The column of each row's label in this tile, or {@link #NO_LABEL}. */
  public final int[] labels = new int[MAX_ROWS];

  /**
   * Storage of exponentials, which may be {@link #out}, at the same place; also where mapped values
   * wait to be added.
   */
  public float[] exps;

  /** Where the exps of row 0 start. */
  public int expsOffset;

  /** From one row of exps to the next; 0 where they will not be read and may lie anywhere. */
  public int expsStride;

  /** Class weights, or null where every weight is 1. */
  public float[] classVector;

  /** Where the tile's first column lies in {@link #classVector}. */
  public int classOffset;

  /** Storage of the upstream rows v, or null. */
  public float[] upstream;

  /** Where each upstream row starts. */
  public final int[] upstreamStart = new int[MAX_ROWS];

  /** Storage of the dense targets q, or null. */
  public float[] targets;

  /** Where each row of targets starts. */
  public final int[] targetsStart = new int[MAX_ROWS];

  /** The column of each row's largest target, or -1 where all are NaN. */
  public final int[] targetPeak = new int[MAX_ROWS];

  /** Storage that MAP writes. */
  public float[] out;

  /** Where each row of {@link #out} starts. */
  public final int[] outStart = new int[MAX_ROWS];

  /** A slot's sum of exponentials, the label's left out. */
  public final double[] blockSum = new double[MAX_ROWS];

  /** A slot's exponent N. */
  public final int[] blockExponent = new int[MAX_ROWS];

  /** A slot's origin a. */
  public final float[] blockOrigin = new float[MAX_ROWS];

  /** A slot's Σ e·v. */
  public final double[] blockDot = new double[MAX_ROWS];

  /** The h of a slot that {@link SoftmaxKernel#moments} measures logits from; finite. */
  public final float[] pivot = new float[MAX_ROWS];

  /** A slot's Σ e. */
  public final double[] blockExps = new double[MAX_ROWS];

  /** A slot's Σ e·(x − h). */
  public final double[] blockSpread = new double[MAX_ROWS];

  /** A slot's Σ e². */
  public final double[] blockSquares = new double[MAX_ROWS];

  /** A row's Σ w·x. */
  public final double[] weightedSum = new double[MAX_ROWS];

  /** A row's Σ w·q. */
  public final double[] targetSum = new double[MAX_ROWS];

  /** A row's Σ w·q·x. */
  public final double[] targetDot = new double[MAX_ROWS];

  /** The first of a row's sums of {@link WeighForm}. */
  public final double[] weighedSum = new double[MAX_ROWS];

  /** The second of a row's sums of {@link WeighForm}. */
  public final double[] weighedDot = new double[MAX_ROWS];

  /** A slot's factor: {@code e·(scale + scaleLow)·rescale} is the probability times the row's. */
  public final float[] scale = new float[MAX_ROWS];

  /** What {@link #scale} lost by rounding. */
  public final float[] scaleLow = new float[MAX_ROWS];

  /** A slot's further factor, a power of two: 1 where the first is in range without it. */
  public final float[] rescale = new float[MAX_ROWS];

  /** The e of a slot below which the product of the factors counts as 0. */
  public final float[] cutoff = new float[MAX_ROWS];

  /** A row's coefficient H of {@link MapForm}. */
  public final double[] shift = new double[MAX_ROWS];

  /** A row's coefficient G of {@link MapForm}. */
  public final double[] targetFactor = new double[MAX_ROWS];

  /** A row's largest logit, for {@link ClassForm}. */
  public final float[] peakLogit = new float[MAX_ROWS];

  /** The −log p of that class. */
  public final double[] peakSurprisal = new double[MAX_ROWS];

  /** The same rows and columns of other logits, reduced, with factors and peaks; or null. */
  public Tile companion;

  /**
   * A row's log-sum-exp: the float nearest to it, or an origin that every x differs from exactly.
   */
  public final float[] logSumHigh = new float[MAX_ROWS];

  /** What {@link #logSumHigh} leaves of log-sum-exp. */
  public final float[] logSumLow = new float[MAX_ROWS];

  /** For the kernel's own use within a call: room for a block and more. */
  public final float[] scratch = new float[2 * BLOCK];

  /** For the kernel's own use within a call: a number a row. */
  public final float[] rowScratch = new float[MAX_ROWS];

  /** For the kernel's own use within a call: half a block. */
  public final double[] doubleScratch = new double[BLOCK / 2];

  /** A tile without rows. */
  public Tile() {}

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
