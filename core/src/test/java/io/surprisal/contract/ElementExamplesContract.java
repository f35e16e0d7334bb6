package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.BinaryCrossEntropyOnProbabilities;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Matrix;
import io.surprisal.SigmoidSquaredError;
import org.junit.jupiter.api.Test;

/** Worked examples of losses of elements, recomputed where the figure in circulation is wrong. */
public abstract class ElementExamplesContract extends KernelContract {
  private static final double FLOAT = 2e-7;

  private static ElementTotals assertElements(
      ElementLoss loss, float[] inputs, float[] targets, double... expected) {
    Matrix losses = Matrix.zeros(1, inputs.length);
    ElementTotals totals = loss.newTotals();
    loss.compute(
        ElementBatch.of(Matrix.of(inputs, inputs.length), Matrix.of(targets, targets.length)),
        ElementOutputs.none().withLosses(losses).withTotals(totals));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], losses.get(0, i), FLOAT, "element " + i);
    }
    return totals;
  }

  @Test
  void fourBinaryLogits() {
    BinaryCrossEntropy loss = BinaryCrossEntropy.builder().execution(execution()).build();
    ElementTotals totals =
        assertElements(
            loss,
            new float[] {-0.0156f, -1.2056f, 0.2619f, 1.0713f},
            new float[] {1, 0, 1, 0},
            0.7009776003,
            0.2619889927,
            0.5707467391,
            1.3658803963);
    assertEquals(0.7248984321, totals.mean(), FLOAT);
    assertNotEquals(0.5668537, totals.mean(), 1e-2, "the figure in circulation");
  }

  @Test
  void threeProbabilities() {
    BinaryCrossEntropyOnProbabilities loss =
        BinaryCrossEntropyOnProbabilities.builder().execution(execution()).build();
    ElementTotals totals =
        assertElements(
            loss,
            new float[] {0.7f, 0.9f, 0.7f},
            new float[] {1, 1, 0},
            0.3566749439,
            0.1053605157,
            1.2039728043);
    assertNotEquals(1.055, totals.sum() - 0.3566749439 - 0.1053605157, 1e-2, "in circulation");
  }

  @Test
  void squaredErrorTeachesNothingWhereTheModelIsConfidentlyWrong() {
    Matrix logits = Matrix.of(new float[] {40}, 1);
    Matrix targets = Matrix.zeros(1, 1);
    Matrix gradient = Matrix.zeros(1, 1);
    SigmoidSquaredError.builder()
        .execution(execution())
        .build()
        .forwardAndGradient(logits, targets, gradient);
    float vanishing = gradient.get(0, 0);
    assertTrue(vanishing > 0 && vanishing < 1e-16, "gradient " + vanishing);
    BinaryCrossEntropy.builder()
        .execution(execution())
        .build()
        .forwardAndGradient(logits, targets, gradient);
    assertEquals(1, gradient.get(0, 0));
  }
}
