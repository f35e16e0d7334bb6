package io.surprisal.bench.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.data.csv.CSVLoader;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.optimisers.AdaGrad;

/**
 * Softmax regression on Fisher's irises by Tribuo's trainer, once with Tribuo's own objective and
 * once with ours.
 *
 * <p>Data: R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics
 * 7, 1936, Table I.
 */
@Tag("neighbours")
class TribuoTest {
  private static final int CLASSES = 3;
  private static final int EPOCHS = 200;
  private static final long SEED = 1;
  private static final int ROUNDS = 5;

  private static MutableDataset<Label> irises;

  @BeforeAll
  static void load() throws IOException {
    irises = irises();
    assertEquals(150, irises.size());
  }

  /** Four measures of each flower, and its species. */
  static MutableDataset<Label> irises() throws IOException {
    CSVLoader<Label> loader = new CSVLoader<>(new LabelFactory());
    return new MutableDataset<>(
        loader.loadDataSource(TribuoTest.class.getResource("/iris.csv"), "species"));
  }

  @Test
  void objectiveIsTribuosOwnWithItsDigitsKept() {
    LabelObjective own = new LogMulticlass();
    LabelObjective ours = new SurprisalObjective(CLASSES);
    double[][] predictions = {{0, 0, 0}, {1, -2, 0.5}, {-30, 30, 2}};
    for (double[] prediction : predictions) {
      for (int label = 0; label < CLASSES; label++) {
        var expected = own.lossAndGradient(label, DenseVector.createDenseVector(prediction));
        var found = ours.lossAndGradient(label, DenseVector.createDenseVector(prediction));
        for (int c = 0; c < CLASSES; c++) {
          assertEquals(expected.getB().get(c), found.getB().get(c), 1e-6);
        }
        // Tribuo's is the log-probability, a loss with the other sign.
        assertEquals(expected.getA(), -found.getA(), 1e-5);
      }
    }
  }

  @Test
  void trainerReachesTheSameLossWithOurGradient() {
    Training own = new Training(new LogMulticlass());
    Training ours = new Training(new SurprisalObjective(CLASSES));
    for (int round = 0; round < ROUNDS; round++) {
      own.run();
      ours.run();
    }
    System.out.printf(
        "%d epochs: %.1f ms with Tribuo's objective, %.1f ms with ours%n",
        EPOCHS, own.fastestNanos / 1e6, ours.fastestNanos / 1e6);
    double loss = loss(ours.model);
    System.out.printf("mean loss %.6f by ours, %.6f by Tribuo's%n", loss, loss(own.model));
    assertTrue(loss < 0.1, () -> "the model has not learnt: " + loss);
    assertEquals(loss(own.model), loss, 1e-4);
  }

  /** The same training again and again: the JVM compiles what it runs. */
  private static final class Training {
    private final LabelObjective objective;
    private long fastestNanos = Long.MAX_VALUE;
    private Model<Label> model;

    Training(LabelObjective objective) {
      this.objective = objective;
    }

    void run() {
      long start = System.nanoTime();
      // recipe: begin tribuo-2
      Trainer<Label> trainer = new LinearSGDTrainer(objective, new AdaGrad(0.5), EPOCHS, SEED);
      model = trainer.train(irises);
      // recipe: end tribuo-2
      fastestNanos = Math.min(fastestNanos, System.nanoTime() - start);
    }
  }

  /** Mean of −log p of the labels, as the model itself gives p. */
  private static double loss(Model<Label> model) {
    double sum = 0;
    for (Example<Label> iris : irises) {
      String species = iris.getOutput().getLabel();
      sum -= Math.log(model.predict(iris).getOutputScores().get(species).getScore());
    }
    return sum / irises.size();
  }
}
