package io.surprisal.bench.workload;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.LogSumExp;
import io.surprisal.Outputs;
import io.surprisal.Totals;

/**
 * The calls that are measured, made through the public API as a trainer would make them: everything
 * is prepared once, and each call overwrites what the last one computed.
 *
 * <p>{@code gradientInPlace} is special, because it destroys its input: each call works on the
 * gradient that the last one left. That is steady work all the same. A row of gradients lies
 * between −1/rows and 1/rows and its softmax is nearly uniform, so from the second call on the
 * numbers stay where they are, normal floats at every shape; and the speed of a kernel does not
 * depend on the values as long as no logit exceeds 64. Copying fresh logits in would measure the
 * copy.
 */
public final class Calls {
  private final LogSumExp logSumExp;
  private final CrossEntropy loss;
  private final LogitsBatch data;
  private final float[] rowResults;
  private final Totals totals;
  private final Batch batch;
  private final Batch scratchBatch;
  private final Outputs forward;
  private final Outputs withGradient;
  private final Outputs withAddedGradient;

  /** Calls on some data, by some kernel on some threads. */
  public Calls(LogitsBatch data, Execution execution) {
    this.data = data;
    logSumExp = LogSumExp.on(execution);
    loss = CrossEntropy.builder().execution(execution).build();
    rowResults = new float[data.shape().rows()];
    totals = loss.newTotals();
    batch = Batch.of(data.logits(), data.labels());
    scratchBatch = Batch.of(data.scratch(), data.labels());
    forward = Outputs.none().withTotals(totals).withLosses(rowResults);
    withGradient = forward.withGradient(data.scratch());
    withAddedGradient = forward.withGradient(Gradient.addedTo(data.scratch()));
  }

  /** Log-sum-exp of each row; returns that of the first. */
  public double logSumExp() {
    logSumExp.forward(data.logits(), rowResults);
    return rowResults[0];
  }

  /** The loss of each row and the mean, which is returned. */
  public double forward() {
    totals.clear();
    loss.compute(batch, forward);
    return totals.mean();
  }

  /** The same, and the gradient in the scratch matrix. */
  public double forwardAndGradient() {
    totals.clear();
    loss.compute(batch, withGradient);
    return totals.mean();
  }

  /** The loss of the scratch matrix, and its gradient in its place. */
  public double gradientInPlace() {
    totals.clear();
    loss.compute(scratchBatch, withGradient);
    return totals.mean();
  }

  /** The loss, and the gradient added to the scratch matrix. */
  public double gradientAdded() {
    totals.clear();
    loss.compute(batch, withAddedGradient);
    return totals.mean();
  }

  /** One of them. */
  public double run(Operation operation) {
    return switch (operation) {
      case LOG_SUM_EXP -> logSumExp();
      case FORWARD -> forward();
      case FORWARD_AND_GRADIENT -> forwardAndGradient();
      case GRADIENT_IN_PLACE -> gradientInPlace();
      case GRADIENT_ADDED -> gradientAdded();
    };
  }

  /** What the last call computed for each row: {@code [rows]}. */
  public float[] rowResults() {
    return rowResults;
  }
}
