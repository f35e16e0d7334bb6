package io.surprisal.bench.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.oracle.labs.mlrg.olcut.util.Pair;
import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.AdaGrad;

/** Steps of Tribuo's optimiser along the gradient of a whole batch: by one call, and row by row. */
@Tag("neighbours")
class TribuoBatchTest {
  private static final int CLASSES = 3;
  private static final int STEPS = 500;

  /** So many that the JVM has compiled everything: the fastest round is printed. */
  private static final int ROUNDS = 40;

  private final DenseVector[] features;
  private final int[] labels;

  TribuoBatchTest() throws IOException {
    MutableDataset<Label> irises = TribuoTest.irises();
    features = new DenseVector[irises.size()];
    labels = new int[irises.size()];
    var map = irises.getFeatureIDMap();
    var species = irises.getOutputIDInfo();
    for (int row = 0; row < labels.length; row++) {
      features[row] = DenseVector.createDenseVector(irises.getExample(row), map, true);
      labels[row] = species.getID(irises.getExample(row).getOutput());
    }
  }

  @Test
  void oneCallForAllRowsReachesWhatRowByRowDoes() {
    double ours = Double.NaN;
    double own = Double.NaN;
    long oursNanos = Long.MAX_VALUE;
    long ownNanos = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      own = descendByTribuo();
      long middle = System.nanoTime();
      ours = descendByOurs();
      ownNanos = Math.min(ownNanos, middle - start);
      oursNanos = Math.min(oursNanos, System.nanoTime() - middle);
    }
    System.out.printf(
        "%d steps: %.1f ms row by row, %.1f ms by whole batches%n",
        STEPS, ownNanos / 1e6, oursNanos / 1e6);
    double found = ours;
    System.out.printf("mean loss %.6f by ours, %.6f by Tribuo's%n", ours, own);
    assertTrue(found < 0.15, () -> "the model has not learnt: " + found);
    assertEquals(own, ours, 1e-4);
  }

  private double descendByOurs() {
    StochasticGradientOptimiser optimiser = new AdaGrad(0.5);
    LinearParameters parameters = new LinearParameters(features[0].size(), CLASSES);
    Totals totals = null;
    // recipe: begin tribuo-3
    float[] logits = new float[labels.length * CLASSES];
    Matrix matrix = Matrix.of(logits, CLASSES);
    Batch batch = Batch.of(matrix, Labels.of(labels));
    CrossEntropy loss = CrossEntropy.standard();
    // The optimiser climbs: −∂loss/∂logits, in the place of the logits.
    Gradient uphill = Gradient.into(matrix).withUpstream(-1);
    optimiser.initialise(parameters);
    for (int step = 0; step < STEPS; step++) {
      for (int row = 0; row < labels.length; row++) {
        DenseVector prediction = parameters.predict(features[row]);
        for (int c = 0; c < CLASSES; c++) {
          logits[row * CLASSES + c] = (float) prediction.get(c);
        }
      }
      totals = loss.newTotals();
      loss.compute(batch, Outputs.none().withTotals(totals).withGradient(uphill));
      DenseMatrix update = new DenseMatrix(CLASSES, features[0].size());
      for (int row = 0; row < labels.length; row++) {
        for (int c = 0; c < CLASSES; c++) {
          for (int i = 0; i < features[row].size(); i++) {
            update.add(c, i, logits[row * CLASSES + c] * features[row].get(i));
          }
        }
      }
      parameters.update(optimiser.step(new Tensor[] {update}, 1));
    }
    // recipe: end tribuo-3
    return totals.mean();
  }

  private double descendByTribuo() {
    StochasticGradientOptimiser optimiser = new AdaGrad(0.5);
    LinearParameters parameters = new LinearParameters(features[0].size(), CLASSES);
    LogMulticlass objective = new LogMulticlass();
    optimiser.initialise(parameters);
    double sum = 0;
    for (int step = 0; step < STEPS; step++) {
      sum = 0;
      DenseMatrix update = new DenseMatrix(CLASSES, features[0].size());
      for (int row = 0; row < labels.length; row++) {
        Pair<Double, SGDVector> found =
            objective.lossAndGradient(labels[row], parameters.predict(features[row]));
        sum -= found.getA();
        for (int c = 0; c < CLASSES; c++) {
          for (int i = 0; i < features[row].size(); i++) {
            update.add(c, i, found.getB().get(c) / labels.length * features[row].get(i));
          }
        }
      }
      parameters.update(optimiser.step(new Tensor[] {update}, 1));
    }
    return sum / labels.length;
  }
}
