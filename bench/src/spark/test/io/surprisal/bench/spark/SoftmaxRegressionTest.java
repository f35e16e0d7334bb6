package io.surprisal.bench.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Training beside MLlib's, of the same rows, in one run: to the same loss, and the time of each.
 */
@Tag("spark")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SoftmaxRegressionTest {
  private static final int CLASSES = 10;
  private static final double TOLERANCE = 1e-6;

  private static SparkSession session;

  @BeforeAll
  static void start() {
    session = SparkSessions.local(2);
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @Test
  void denseFeaturesReachTheLossOfMllib() throws TimeoutException {
    compare("dense", 8000, 40, 40);
  }

  @Test
  void sparseFeaturesReachTheLossOfMllib() throws TimeoutException {
    compare("sparse", 8000, 400, 10);
  }

  /** Both are run twice: the first time warms up, the second one is timed. */
  private static void compare(String kind, int rows, int features, int active)
      throws TimeoutException {
    Dataset<Row> table = table(rows, features, active).cache();
    table.count();
    SoftmaxRegression.Fit ours = null;
    LogisticRegressionModel theirs = null;
    double[] seconds = new double[2];
    for (int run = 0; run < 2; run++) {
      Counters counters = Counters.of(session.sparkContext());
      long start = System.nanoTime();
      ours = SoftmaxRegression.train(table, features, CLASSES, TOLERANCE);
      long middle = System.nanoTime();
      checkBytes(counters.stop(session.sparkContext()), (features + 1) * CLASSES);
      long theirStart = System.nanoTime();
      theirs =
          new LogisticRegression()
              .setFamily("multinomial")
              .setStandardization(false)
              .setTol(TOLERANCE)
              .fit(table);
      seconds[0] = 1e-9 * (middle - start);
      seconds[1] = 1e-9 * (System.nanoTime() - theirStart);
    }
    double[] history = theirs.summary().objectiveHistory();
    double expected = history[history.length - 1];
    System.out.printf(
        "%s features: ours %.8f in %d iterations of %.0f ms; MLlib %.8f in %d of %.0f ms%n",
        kind, ours.loss(), ours.iterations(), seconds[0], expected, history.length - 1, seconds[1]);
    assertEquals(expected, ours.loss(), 2e-4 * expected);
    assertTrue(ours.loss() < Math.log(CLASSES) - 0.3, "something was learnt");
    table.unpersist();
  }

  /**
   * docs/scale.md: four tasks and a last one for each evaluation; between them go four gradients,
   * to the driver one, of 8 bytes a weight.
   */
  private static void checkBytes(Counters counters, int weights) {
    System.out.println("training, " + weights + " weights: " + counters);
    assertEquals(0, counters.tasks() % 5);
    double gradients = 8.0 * weights * counters.tasks() / 5;
    assertEquals(4 * gradients, (double) counters.shuffleBytes(), 2 * gradients);
    double reports = 2500.0 * counters.tasks();
    assertEquals(gradients + reports / 2, (double) counters.resultBytes(), reports / 2);
  }

  /** Labels of a random linear model, with noise that keeps the best weights finite. */
  private static Dataset<Row> table(int rows, int features, int active) {
    Random random = new Random(features);
    double[][] truth = new double[CLASSES][features];
    for (double[] weights : truth) {
      for (int i = 0; i < features; i++) {
        weights[i] = random.nextGaussian() * 2 / Math.sqrt(active);
      }
    }
    List<Row> points = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double[] values = new double[features];
      for (int i = 0; i < active; i++) {
        values[active == features ? i : random.nextInt(features)] = random.nextGaussian();
      }
      Vector vector = Vectors.dense(values);
      points.add(
          RowFactory.create(
              active == features ? vector : vector.toSparse(),
              (double) label(truth, values, random)));
    }
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType);
    JavaSparkContext context = new JavaSparkContext(session.sparkContext());
    return session.createDataFrame(context.parallelize(points, 4), schema);
  }

  /** The class of the largest logit, after noise as the softmax has it (Gumbel). */
  private static int label(double[][] truth, double[] values, Random random) {
    int label = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < CLASSES; c++) {
      double logit = -Math.log(-Math.log(random.nextDouble()));
      for (int i = 0; i < values.length; i++) {
        logit += truth[c][i] * values[i];
      }
      if (logit > largest) {
        largest = logit;
        label = c;
      }
    }
    return label;
  }
}
