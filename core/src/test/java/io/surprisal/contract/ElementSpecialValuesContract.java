package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.BinaryCrossEntropyOnProbabilities;
import io.surprisal.BinaryCrossEntropyOnProbabilities.Slopes;
import io.surprisal.Divisor;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.KullbackLeibler;
import io.surprisal.Matrix;
import io.surprisal.SigmoidFocal;
import io.surprisal.SigmoidSquaredError;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What losses of elements are at the ends of their ranges: each decision that differs from peers.
 */
public abstract class ElementSpecialValuesContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;

  /** More elements than a vector has, so that vectors and what is left over both meet them. */
  private static final int COPIES = 37;

  private <B extends ElementLoss.Builder<B>> B with(B builder) {
    return builder.execution(execution()).divisor(Divisor.ONE);
  }

  private void assertElement(ElementLoss loss, float input, float target, float... expected) {
    float[] inputs = new float[COPIES];
    float[] targets = new float[COPIES];
    Arrays.fill(inputs, input);
    Arrays.fill(targets, target);
    Matrix losses = Matrix.zeros(1, COPIES);
    Matrix gradient = Matrix.zeros(1, COPIES);
    loss.compute(
        ElementBatch.of(Matrix.of(inputs, COPIES), Matrix.of(targets, COPIES)),
        ElementOutputs.none().withLosses(losses).withGradient(gradient));
    String what = loss + " of " + input + ", target " + target;
    for (int i = 0; i < COPIES; i++) {
      // Adding 0 makes −0 of +0, which are the same here; NaN must be the canonical one.
      assertTrue(Bits.same(expected[0], losses.get(0, i) + 0f), what + ": " + losses.get(0, i));
      assertTrue(
          Bits.same(expected[1], gradient.get(0, i) + 0f), what + "': " + gradient.get(0, i));
    }
  }

  @Test
  void binaryCrossEntropyAtInfinityIsTheLimit() {
    BinaryCrossEntropy loss = with(BinaryCrossEntropy.builder()).build();
    assertElement(loss, INFINITY, 1, 0, 0);
    assertElement(loss, INFINITY, 0, INFINITY, 1);
    assertElement(loss, INFINITY, 0.25f, INFINITY, 0.75f);
    assertElement(loss, -INFINITY, 0, 0, 0);
    assertElement(loss, -INFINITY, 1, INFINITY, -1);
    assertElement(loss, -INFINITY, 0.25f, INFINITY, -0.25f);
    assertElement(loss, 3e38f, 1, 0, 0);
    assertElement(loss, -3e38f, 1, 3e38f, -1);
    assertElement(loss, 3e38f, 0, 3e38f, 1);
    assertElement(loss, Float.MIN_VALUE, 0, (float) Math.log(2), 0.5f);
    assertElement(loss, -0f, 1, (float) Math.log(2), -0.5f);
  }

  @Test
  void notANumberGivesTheCanonicalOneInItsElementAlone() {
    float[] patterns = {NAN, Float.intBitsToFloat(0xffc01234), Float.intBitsToFloat(0x7f800001)};
    ElementLoss[] losses = {
      with(BinaryCrossEntropy.builder()).build(),
      with(SigmoidSquaredError.builder()).build(),
      with(SigmoidFocal.builder()).build()
    };
    for (ElementLoss loss : losses) {
      for (float pattern : patterns) {
        assertElement(loss, pattern, 0, NAN, NAN);
        assertElement(loss, pattern, 1, NAN, NAN);
      }
      Matrix inputs = Matrix.zeros(1, COPIES);
      inputs.data()[20] = patterns[1];
      Matrix losses20 = Matrix.zeros(1, COPIES);
      loss.compute(
          ElementBatch.of(inputs, Matrix.zeros(1, COPIES)),
          ElementOutputs.none().withLosses(losses20));
      for (int i = 0; i < COPIES; i++) {
        assertEquals(i == 20, Float.isNaN(losses20.get(0, i)), loss + " beside a NaN");
      }
    }
  }

  @Test
  void squaredErrorAtInfinityHasNoGradient() {
    SigmoidSquaredError loss = with(SigmoidSquaredError.builder()).build();
    assertElement(loss, INFINITY, 1, 0, 0);
    assertElement(loss, INFINITY, 0, 1, 0);
    assertElement(loss, -INFINITY, 0.5f, 0.25f, 0);
  }

  @Test
  void focalLossAtInfinityIsTheLimit() {
    for (double gamma : new double[] {0, 0.5, 2}) {
      SigmoidFocal loss = with(SigmoidFocal.builder()).gamma(gamma).build();
      assertElement(loss, INFINITY, 1, 0, 0);
      assertElement(loss, -INFINITY, 0, 0, 0);
      assertElement(loss, INFINITY, 0, INFINITY, 1);
      assertElement(loss, -INFINITY, 1, INFINITY, -1);
    }
    SigmoidFocal loss = with(SigmoidFocal.builder()).alpha(0.25).build();
    assertElement(loss, INFINITY, 0, INFINITY, 0.75f);
    assertElement(loss, 3e38f, 1, 0, 0);
    assertElement(loss, 3e38f, 0, 0.75f * 3e38f, 0.75f);
  }

  @Test
  void logarithmsOfGivenProbabilitiesAreCutOffAndTheirSlopesWithThem() {
    BinaryCrossEntropyOnProbabilities loss =
        with(BinaryCrossEntropyOnProbabilities.builder()).build();
    assertElement(loss, 0, 1, 100, 0);
    assertElement(loss, 1, 0, 100, 0);
    assertElement(loss, 0, 0, 0, 1);
    assertElement(loss, 1, 1, 0, -1);
    assertElement(loss, Float.MIN_VALUE, 1, 100, 0);
    assertElement(loss, 0x1p-100f, 1, (float) (100 * Math.log(2)), -0x1p100f);
    BinaryCrossEntropyOnProbabilities compatible =
        with(BinaryCrossEntropyOnProbabilities.builder()).slopes(Slopes.PYTORCH).build();
    assertElement(compatible, 0, 1, 100, -1e12f);
    assertElement(compatible, 1, 0, 100, 1e12f);
    assertElement(compatible, 0, 0, 0, 0);
    assertElement(compatible, 0.75f, 1, (float) -Math.log(0.75), -1 / 0.75f);
  }

  @Test
  void targetOfZeroContributesNothingToADivergenceWhateverTheLogProbability() {
    KullbackLeibler loss = with(KullbackLeibler.builder()).build();
    KullbackLeibler ofLogs =
        with(KullbackLeibler.builder()).targets(KullbackLeibler.Targets.LOG_PROBABILITIES).build();
    for (float r : new float[] {0, -5, -INFINITY, NAN}) {
      assertElement(loss, r, 0, 0, 0);
      assertElement(ofLogs, r, -INFINITY, 0, 0);
    }
    assertElement(loss, -INFINITY, 0.5f, INFINITY, -0.5f);
    assertElement(ofLogs, -INFINITY, 0, INFINITY, -1);
    assertElement(loss, NAN, 0.5f, NAN, -0.5f);
    assertElement(ofLogs, 0, NAN, NAN, NAN);
    assertElement(loss, -3e38f, 1, 3e38f, -1);
  }

  @Test
  void ignoredElementIsNotReadAndExactlyZero() {
    float[] inputs = {1, NAN, INFINITY, 2, -7, 3};
    float[] targets = {1, -100, -100, 0, -100, 0.5f};
    for (ElementLoss loss :
        new ElementLoss[] {
          with(BinaryCrossEntropy.builder()).ignoredTarget(-100).labelSmoothing(0.1).build(),
          with(BinaryCrossEntropy.builder()).ignoredTarget(-100).build(),
          with(SigmoidFocal.builder()).ignoredTarget(-100).build(),
          with(SigmoidSquaredError.builder()).ignoredTarget(-100).build(),
          with(KullbackLeibler.builder()).ignoredTarget(-100).build()
        }) {
      Matrix losses = Matrix.zeros(1, inputs.length);
      Matrix gradient = Matrix.zeros(1, inputs.length);
      Arrays.fill(losses.data(), NAN);
      Arrays.fill(gradient.data(), NAN);
      ElementTotals totals = loss.newTotals();
      loss.compute(
          ElementBatch.of(Matrix.of(inputs, inputs.length), Matrix.of(targets, targets.length)),
          ElementOutputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
      double sum = 0;
      for (int i = 0; i < inputs.length; i++) {
        if (targets[i] == -100) {
          assertTrue(Bits.same(0, losses.get(0, i)), loss + " element " + i);
          assertTrue(Bits.same(0, gradient.get(0, i)), loss + " gradient " + i);
        }
        sum += losses.get(0, i);
      }
      assertEquals(3, totals.ignoredElements());
      assertEquals(3, totals.countedElements());
      assertEquals(6, totals.elements());
      assertEquals(3, totals.weight());
      assertEquals(sum, totals.sum(), 1e-6 * Math.abs(sum));
    }
  }

  @Test
  void weightOfZeroMakesAnInfiniteLossZero() {
    BinaryCrossEntropy loss = with(BinaryCrossEntropy.builder()).build();
    Matrix losses = Matrix.zeros(1, 2);
    Matrix gradient = Matrix.zeros(1, 2);
    loss.compute(
        ElementBatch.of(Matrix.of(new float[] {INFINITY, INFINITY}, 2), Matrix.zeros(1, 2))
            .withWeights(Matrix.of(new float[] {0, 2}, 2)),
        ElementOutputs.none().withLosses(losses).withGradient(gradient));
    assertEquals(0, losses.get(0, 0));
    assertEquals(0, gradient.get(0, 0));
    assertEquals(INFINITY, losses.get(0, 1));
    assertEquals(2, gradient.get(0, 1));
  }

  @Test
  void lossBeyondTheRangeOfFloatsKeepsItsSizeInTheTotals() {
    float[] inputs = new float[COPIES];
    Arrays.fill(inputs, 3e38f);
    BinaryCrossEntropy loss = BinaryCrossEntropy.builder().execution(execution()).build();
    ElementTotals totals = loss.newTotals();
    float[] weights = new float[COPIES];
    Arrays.fill(weights, 2);
    Matrix losses = Matrix.zeros(1, COPIES);
    loss.compute(
        ElementBatch.of(Matrix.of(inputs, COPIES), Matrix.zeros(1, COPIES))
            .withWeights(Matrix.of(weights, COPIES)),
        ElementOutputs.none().withTotals(totals).withLosses(losses));
    assertEquals(INFINITY, losses.get(0, 5));
    assertEquals(2.0 * 3e38f, totals.mean(), 1e24);
    float[] positives = new float[COPIES];
    Arrays.fill(positives, 4);
    Arrays.fill(inputs, -3e38f);
    Matrix ones = Matrix.of(new float[COPIES], COPIES);
    Arrays.fill(ones.data(), 1);
    ElementTotals weighted =
        BinaryCrossEntropy.builder()
            .execution(execution())
            .positiveWeights(positives)
            .build()
            .forward(Matrix.of(inputs, COPIES), ones);
    assertEquals(4.0 * 3e38f, weighted.mean(), 1e24);
  }

  /** Over many runs of elements, of which hardly any begins with the first class. */
  @Test
  void positiveWeightIsThatOfTheClass() {
    float[] weights = {1, 2, 4};
    BinaryCrossEntropy loss = with(BinaryCrossEntropy.builder()).positiveWeights(weights).build();
    Matrix ones = Matrix.zeros(7000, 3);
    Arrays.fill(ones.data(), 1);
    Matrix losses = Matrix.zeros(7000, 3);
    loss.compute(
        ElementBatch.of(Matrix.zeros(7000, 3), ones), ElementOutputs.none().withLosses(losses));
    for (int i = 0; i < losses.data().length; i++) {
      assertEquals(weights[i % 3] * (float) Math.log(2), losses.data()[i], 1e-6, "element " + i);
    }
  }
}
