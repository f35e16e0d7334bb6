package io.surprisal.bench.spark;

import java.io.Serializable;

/**
 * The arguments of {@code cross_entropy}, as a bean: Spark takes the properties in the order of the
 * alphabet as the arguments, and so a label is called a target here.
 */
public final class Observation implements Serializable {
  private static final long serialVersionUID = 1;

  private float[] logits;
  private int target;

  /** For Spark. */
  public Observation() {}

  /** The logits of a row. */
  public float[] getLogits() {
    return logits;
  }

  /** For Spark. */
  public void setLogits(float[] logits) {
    this.logits = logits;
  }

  /** The row's label. */
  public int getTarget() {
    return target;
  }

  /** For Spark. */
  public void setTarget(int target) {
    this.target = target;
  }
}
