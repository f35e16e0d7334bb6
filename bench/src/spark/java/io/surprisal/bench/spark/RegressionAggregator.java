package io.surprisal.bench.spark;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.optim.aggregator.DifferentiableLossAggregator;

/**
 * What MLlib's {@code treeAggregate} adds up for softmax regression, with loss and gradient of a
 * block of rows by the kernel.
 */
public final class RegressionAggregator
    implements DifferentiableLossAggregator<FeatureBlock, RegressionAggregator> {
  private static final long serialVersionUID = 1;

  private final Broadcast<Vector> weights;
  private final int size;
  private final int classes;
  private double rows;
  private double loss;

  /** Null until rows are added, so that what every task begins with is small. */
  private double[] gradient;

  /** The weights in float, made once in each task. */
  private transient float[] rounded;

  /**
   * Of no rows.
   *
   * @param weights {@code [features + 1 × classes]}, the intercepts last
   */
  RegressionAggregator(Broadcast<Vector> weights, int classes) {
    this.weights = weights;
    this.size = weights.value().size();
    this.classes = classes;
  }

  // recipe: begin training
  @Override
  public RegressionAggregator add(FeatureBlock block) {
    CrossEntropy sum = CrossEntropy.builder().divisor(Divisor.ONE).build();
    Matrix logits = Matrix.zeros(block.rows(), classes);
    block.multiply(rounded(), classes, logits.data());
    Batch batch = Batch.of(logits, Labels.of(block.labels()));
    Totals totals = sum.newTotals();
    // The gradient goes where the logits were.
    sum.compute(batch, Outputs.none().withTotals(totals).withGradient(logits));
    block.addTransposed(logits.data(), classes, gradientSumArray());
    loss += totals.sum();
    rows += totals.rows();
    return this;
  }

  // recipe: end training

  private float[] rounded() {
    if (rounded == null) {
      rounded = new float[size];
      for (int i = 0; i < size; i++) {
        rounded[i] = (float) weights.value().apply(i);
      }
    }
    return rounded;
  }

  @Override
  public double[] gradientSumArray() {
    if (gradient == null) {
      gradient = new double[size];
    }
    return gradient;
  }

  @Override
  public int dim() {
    return size;
  }

  @Override
  public double weightSum() {
    return rows;
  }

  @Override
  public void weightSum_$eq(double sum) {
    rows = sum;
  }

  @Override
  public double lossSum() {
    return loss;
  }

  @Override
  public void lossSum_$eq(double sum) {
    loss = sum;
  }
}
