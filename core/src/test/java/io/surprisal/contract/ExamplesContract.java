package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import io.surprisal.Totals;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Worked examples from textbooks and courses, recomputed where the figure in circulation is wrong.
 */
public abstract class ExamplesContract extends KernelContract {
  /** What is left of ten printed digits when logits, losses and sums go through float. */
  private static final double FLOAT = 2e-7;

  private static final float MASKED = Float.NEGATIVE_INFINITY;

  private Totals assertCrossEntropy(Matrix logits, Labels labels, double... rows) {
    CrossEntropy loss = crossEntropy().build();
    Totals totals = loss.newTotals();
    float[] losses = new float[rows.length];
    loss.compute(Batch.of(logits, labels), Outputs.none().withLosses(losses).withTotals(totals));
    assertRows(losses, rows);
    return totals;
  }

  private static void assertRows(float[] actual, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], FLOAT, "row " + i);
    }
  }

  /** Losses and totals of given probabilities, through their logarithms. */
  private static Totals assertLikelihood(Matrix probabilities, Labels labels, double... rows) {
    Matrix logarithms = Matrix.zeros(probabilities.rows(), probabilities.classes());
    for (int i = 0; i < logarithms.data().length; i++) {
      logarithms.data()[i] = (float) Math.log(probabilities.data()[i]);
    }
    NegativeLogLikelihood loss = NegativeLogLikelihood.standard();
    Totals totals = loss.newTotals();
    float[] losses = new float[rows.length];
    loss.compute(
        Batch.of(logarithms, labels), Outputs.none().withLosses(losses).withTotals(totals));
    assertRows(losses, rows);
    return totals;
  }

  @Test
  void twoRowsOfThreeClasses() {
    Matrix logits = Matrix.of(new float[] {2.0f, 0.5f, 0.3f, 0.1f, 1.0f, 0.2f}, 3);
    Totals totals = assertCrossEntropy(logits, Labels.of(0, 1), 0.3406162698, 0.6183690121);
    assertEquals(0.4794926410, totals.mean(), FLOAT);
  }

  @Test
  void softmaxAndLogSoftmaxByHand() {
    Matrix logits = Matrix.of(new float[] {2.0f, 0.5f, 0.1f, 0.1f, 0.2f, 0.9f}, 3);
    Totals totals = assertCrossEntropy(logits, Labels.of(0, 2), 0.3167787141, 0.6657319272);
    assertEquals(0.4912553207, totals.mean(), FLOAT);
    Matrix out = Matrix.zeros(2, 3);
    softmax().forward(logits, out);
    float[] probabilities = {0.7285f, 0.1625f, 0.1090f, 0.2309f, 0.2552f, 0.5139f};
    assertArrayEquals(probabilities, out.data(), 6e-5f);
    logSoftmax().forward(logits, out);
    float[] logarithms = {-0.3168f, -1.8168f, -2.2168f, -1.4657f, -1.3657f, -0.6657f};
    assertArrayEquals(logarithms, out.data(), 6e-5f);
  }

  @Test
  void threeRandomRowsOfWhichAWrongMeanCirculates() {
    float[] values = {
      -0.0746f, -0.7590f, 0.0181f, 0.4375f, -0.5059f, -0.0632f, -0.3629f, 0.2648f, -0.1849f
    };
    Labels labels = Labels.of(2, 0, 1);
    Totals totals =
        assertCrossEntropy(Matrix.of(values, 3), labels, 0.8633979348, 0.6908486373, 0.7754815561);
    assertEquals(0.7765760427, totals.mean(), FLOAT);
    assertNotEquals(0.8539705, totals.mean(), 1e-2, "the figure in circulation");
  }

  @Test
  void confidentAndLessConfidentGuess() {
    Matrix probabilities = Matrix.of(new float[] {0.6f, 0.3f, 0.1f, 0.8f, 0.1f, 0.1f}, 3);
    assertLikelihood(probabilities, Labels.of(0, 0), 0.5108256238, 0.2231435513);
  }

  @Test
  void catGuessedWithSevenTenthsInNatsAndBits() {
    Matrix probabilities = Matrix.of(new float[] {0.7f, 0.2f, 0.1f}, 3);
    Totals totals = assertLikelihood(probabilities, Labels.of(0), 0.3566749439);
    assertEquals(0.3566749439, totals.mean(), FLOAT);
    assertEquals(0.5145731728, totals.bits(), FLOAT);
  }

  @Test
  void twoModelsOfEqualAccuracyDifferInCrossEntropy() {
    Labels labels = Labels.of(2, 1, 0);
    float[] modelA = {0.3f, 0.3f, 0.4f, 0.3f, 0.4f, 0.3f, 0.1f, 0.2f, 0.7f};
    float[] modelB = {0.1f, 0.2f, 0.7f, 0.1f, 0.7f, 0.2f, 0.3f, 0.4f, 0.3f};
    double ofFourTenths = 0.9162907319;
    double ofSevenTenths = 0.3566749439;
    double ofOneTenth = 2.3025850930;
    double ofThreeTenths = 1.2039728043;
    Totals a =
        assertLikelihood(Matrix.of(modelA, 3), labels, ofFourTenths, ofFourTenths, ofOneTenth);
    Totals b =
        assertLikelihood(Matrix.of(modelB, 3), labels, ofSevenTenths, ofSevenTenths, ofThreeTenths);
    assertEquals(1.3783888522, a.mean(), FLOAT);
    assertEquals(0.6391075641, b.mean(), FLOAT);
  }

  @Test
  void crossEntropyStillLearnsWhereItIsConfidentlyWrong() {
    Matrix logits = Matrix.of(new float[] {-20, 20}, 2);
    Matrix gradient = Matrix.zeros(1, 2);
    CrossEntropy loss = crossEntropy().build();
    assertEquals(40, loss.forwardAndGradient(logits, Labels.of(0), gradient).mean(), 1e-5);
    assertArrayEquals(new float[] {-1, 1}, gradient.data(), 1e-6f);
  }

  /** Maximum likelihood: one free logit a class, ten observations, descent along the gradient. */
  @Test
  void modelOfOneLogitAClassLearnsTheRelativeFrequencies() {
    Labels labels = Labels.of(0, 0, 0, 0, 0, 1, 1, 1, 2, 2);
    Matrix logits = Matrix.zeros(10, 3);
    Matrix gradient = Matrix.zeros(10, 3);
    CrossEntropy loss = crossEntropy().build();
    double mean = 0;
    for (int step = 0; step < 300; step++) {
      mean = loss.forwardAndGradient(logits, labels, gradient).mean();
      for (int c = 0; c < 3; c++) {
        double slope = 0;
        for (int row = 0; row < 10; row++) {
          slope += gradient.get(row, c);
        }
        for (int row = 0; row < 10; row++) {
          logits.data()[row * 3 + c] -= (float) slope;
        }
      }
    }
    Matrix learnt = Matrix.zeros(10, 3);
    Softmax.standard().forward(logits, learnt);
    assertArrayEquals(
        new float[] {0.5f, 0.3f, 0.2f}, Arrays.copyOf(learnt.data(), 3), (float) FLOAT);
    double entropy = -0.5 * Math.log(0.5) - 0.3 * Math.log(0.3) - 0.2 * Math.log(0.2);
    assertEquals(entropy, mean, FLOAT);
  }

  @Test
  void perplexityOfAHalfAQuarterAndAnEighthIsFour() {
    float[] values = new float[24];
    for (int i = 0; i < 8; i++) {
      values[i] = i < 2 ? 0 : MASKED;
      values[8 + i] = i < 4 ? 0 : MASKED;
    }
    Labels labels = Labels.of(0, 1, 2);
    Totals totals =
        assertCrossEntropy(
            Matrix.of(values, 8), labels, Math.log(2), 2 * Math.log(2), 3 * Math.log(2));
    assertEquals(4, totals.perplexity(), 1e-6);
    assertEquals(2, totals.bits(), FLOAT);
  }

  @Test
  void commonOffsetDoesNotChangeTheLoss() {
    for (float offset : new float[] {0, 1e2f, 1e4f, 1e6f, -1e6f, 8e6f}) {
      Matrix logits = Matrix.of(new float[] {offset, offset - 1, offset - 2}, 3);
      assertCrossEntropy(logits, Labels.of(0), 0.4076059645);
    }
  }

  @Test
  void confidentRowKeepsTheDigitsOfItsLoss() {
    for (int gap = 1; gap <= 80; gap++) {
      Matrix logits = Matrix.of(new float[] {0, -gap}, 2);
      float[] losses = new float[1];
      Batch batch = Batch.of(logits, Labels.of(0));
      crossEntropy().build().compute(batch, Outputs.none().withLosses(losses));
      double expected = Math.log1p(Math.exp(-gap));
      assertEquals(1, losses[0] / expected, 4e-7, "gap " + gap);
    }
  }
}
