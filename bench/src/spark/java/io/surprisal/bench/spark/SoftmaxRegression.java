package io.surprisal.bench.spark;

import breeze.linalg.DenseVector;
import breeze.optimize.CachedDiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.optim.loss.RDDLossFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Multinomial logistic regression as MLlib trains it: its {@code treeAggregate}, its L-BFGS of
 * Breeze, and loss and gradient by the kernel.
 */
public final class SoftmaxRegression {
  /** As MLlib: iterations at most, corrections that L-BFGS keeps, levels of the tree. */
  private static final int ITERATIONS = 100;

  private static final int MEMORY = 10;

  /**
   * Iterations without an improvement after which it is done. MLlib waits for 20; with logits in
   * float the loss has nine digits, and a line search that looks for more does not end well.
   */
  private static final int PATIENCE = 4;

  private static final int DEPTH = 2;

  private SoftmaxRegression() {}

  /**
   * What training found.
   *
   * @param weights {@code [features + 1 × classes]}, the intercepts last
   * @param loss the mean loss in nats
   * @param iterations how many
   */
  public record Fit(double[] weights, double loss, int iterations) {}

  /**
   * Trains on the columns {@code features} and {@code label} of a table, without regularization.
   *
   * @param features number of features
   * @param classes number of classes
   * @param tolerance relative improvement at which to stop, as MLlib's
   */
  public static Fit train(Dataset<Row> table, int features, int classes, double tolerance) {
    JavaRDD<FeatureBlock> blocks = FeatureBlock.of(table).cache();
    ClassTag<RegressionAggregator> tag = ClassTag$.MODULE$.apply(RegressionAggregator.class);
    try {
      RDDLossFunction<FeatureBlock, RegressionAggregator> objective =
          new RDDLossFunction<>(
              blocks.rdd(),
              weights -> new RegressionAggregator(weights, classes),
              Option.empty(),
              DEPTH,
              blocks.classTag(),
              tag);
      return minimize(objective, (features + 1) * classes, tolerance);
    } finally {
      blocks.unpersist();
    }
  }

  private static Fit minimize(
      RDDLossFunction<FeatureBlock, RegressionAggregator> objective, int size, double tolerance) {
    var space = DenseVector.space_Double();
    LBFGS<DenseVector<Object>> minimizer =
        new LBFGS<>(
            FirstOrderMinimizer.defaultConvergenceCheck(
                ITERATIONS, tolerance, true, PATIENCE, space),
            MEMORY,
            space);
    // The line search asks again for the point that it ended at.
    CachedDiffFunction<DenseVector<Object>> cached =
        new CachedDiffFunction<>(
            objective, DenseVector.canCopyDenseVector(ClassTag$.MODULE$.Double()));
    DenseVector<Object> start = DenseVector.create(new double[size], 0, 1, size);
    FirstOrderMinimizer.State<DenseVector<Object>, ?, ?> state =
        minimizer.minimizeAndReturnState(cached, start);
    return new Fit((double[]) state.x().data(), state.adjustedValue(), state.iter());
  }
}
