package io.surprisal.bench.spark;

import io.surprisal.CrossEntropy;
import java.io.Serializable;

/**
 * Says which loss a task makes for itself: what a task is sent are options, a loss is made where it
 * runs.
 */
@FunctionalInterface
public interface LossFactory extends Serializable {
  /** The loss; the same wherever it is made. */
  CrossEntropy loss();
}
