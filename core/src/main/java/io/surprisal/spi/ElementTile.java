package io.surprisal.spi;

/**
 * What an {@link ElementKernel} sees of a batch: a run of elements that lie one behind another.
 *
 * <p>A record of arrays that the driver fills and uses again; kernels read and write the fields
 * directly. Element i lies at index {@code …From + i} of an array that has a {@code From}, else at
 * index i.
 */
public final class ElementTile {
  /** Most elements of a run. The grid of runs depends on the batch's shape alone. */
  public static final int BLOCK = Tile.BLOCK;

  /** Number of elements. */
  public int count;

  /** Storage of the logits x. */
  public float[] inputs;

  /** Where the logits start. */
  public int inputsFrom;

  /** Storage of b, the target's share of the positive class times its weight; 0 or more. */
  public float[] positive;

  /** Where the shares of the positive class start. */
  public int positiveFrom;

  /** a, the target's share of the negative class, 0 or more, where the form reads it. */
  public final float[] negative = new float[BLOCK];

  /** For what {@link ElementKernel#exponentials} keeps for the calls that follow it. */
  public final float[] exps = new float[BLOCK];

  /** Storage that losses are written to. */
  public float[] losses;

  /** Where the losses start. */
  public int lossesFrom;

  /** Storage that the gradient is written to; may be the logits, at the same place. */
  public float[] gradient;

  /** Where the gradient starts. */
  public int gradientFrom;

  /** What multiplies the gradient; between 2^−60 and 2^60 in magnitude. */
  public float scale;

  /** For the kernel's own use within a call: the scratch of a tile of rows, and nothing else. */
  public final Tile workspace = new Tile();

  /** A tile without elements. */
  public ElementTile() {}
}
