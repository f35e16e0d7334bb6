package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.KullbackLeibler;
import io.surprisal.Matrix;
import io.surprisal.SigmoidFocal;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Laws that hold for all logits and targets. */
public abstract class ElementLawsContract extends KernelContract {
  private static final double STEP = 0x1p-10;

  /** Float losses and slopes, as relative errors. */
  private static final double FLOAT = 0x1p-20;

  @Provide
  Arbitrary<float[]> elements() {
    return LogitArbitraries.logits().array(float[].class).ofMinSize(1).ofMaxSize(70);
  }

  /** Targets on a grid of eighths: 1 − y is exact. */
  @Provide
  Arbitrary<Float> shares() {
    return Arbitraries.integers().between(0, 8).map(number -> number / 8f);
  }

  private static <B extends ElementLoss.Builder<B>> B single(KernelContract contract, B builder) {
    return builder.execution(contract.execution()).divisor(Divisor.ONE);
  }

  private static Matrix row(float... values) {
    return Matrix.of(values, values.length);
  }

  private static Matrix constant(float value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return row(values);
  }

  /** Losses and gradient. */
  private static Matrix[] run(ElementLoss loss, ElementBatch batch) {
    int classes = batch.inputs().classes();
    Matrix[] results = {Matrix.zeros(1, classes), Matrix.zeros(1, classes)};
    loss.compute(batch, ElementOutputs.none().withLosses(results[0]).withGradient(results[1]));
    return results;
  }

  @Property
  void turningLogitAndTargetRoundTurnsTheGradientRound(
      @ForAll("elements") float[] logits, @ForAll("shares") float target) {
    float[] turned = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      turned[i] = -logits[i];
    }
    ElementLoss[] losses = {
      single(this, BinaryCrossEntropy.builder()).build(),
      single(this, SigmoidFocal.builder()).gamma(1.5).build()
    };
    for (ElementLoss loss : losses) {
      Matrix[] one = run(loss, ElementBatch.of(row(logits), constant(target, logits.length)));
      Matrix[] other = run(loss, ElementBatch.of(row(turned), constant(1 - target, logits.length)));
      for (int i = 0; i < logits.length; i++) {
        assertEquals(one[0].get(0, i), other[0].get(0, i), loss + " at " + logits[i]);
        float sum = one[1].get(0, i) + other[1].get(0, i);
        assertEquals(0, sum, Math.ulp(one[1].get(0, i)), loss + " at " + logits[i]);
      }
    }
  }

  @Property
  void gradientIsTheSlopeOfTheExactLoss(
      @ForAll("elements") float[] logits, @ForAll("shares") float target) {
    for (ElementCase operation : ElementCase.all()) {
      if (operation.domain() != ElementDomain.LOGITS) {
        continue;
      }
      Matrix gradient =
          run(
              operation.loss(execution()),
              ElementBatch.of(row(logits), constant(target, logits.length)))[1];
      for (int i = 0; i < logits.length; i++) {
        float x = logits[i];
        double above = operation.oracle().of((float) (x + STEP), target).loss();
        double below = operation.oracle().of((float) (x - STEP), target).loss();
        double slope = (above - below) / (2 * STEP);
        assertEquals(slope, gradient.get(0, i), 1e-5, operation + " at " + x + ", " + target);
      }
    }
  }

  @Property
  void binaryLossIsLinearInItsTarget(
      @ForAll("elements") float[] logits, @ForAll("shares") float target) {
    BinaryCrossEntropy loss = single(this, BinaryCrossEntropy.builder()).build();
    int count = logits.length;
    Matrix positive = run(loss, ElementBatch.of(row(logits), constant(1, count)))[0];
    Matrix negative = run(loss, ElementBatch.of(row(logits), constant(0, count)))[0];
    Matrix mixed = run(loss, ElementBatch.of(row(logits), constant(target, count)))[0];
    for (int i = 0; i < count; i++) {
      double expected = target * positive.get(0, i) + (1 - target) * negative.get(0, i);
      assertEquals(expected, mixed.get(0, i), FLOAT * expected);
      double difference = negative.get(0, i) - positive.get(0, i);
      assertEquals(logits[i], difference, FLOAT * (1 + Math.abs(logits[i])), "softplus(x) − x");
    }
  }

  @Property
  void focalLossWithoutFocusIsBinaryCrossEntropy(
      @ForAll("elements") float[] logits, @ForAll("shares") float target) {
    ElementBatch batch = ElementBatch.of(row(logits), constant(target, logits.length));
    Matrix binary = run(single(this, BinaryCrossEntropy.builder()).build(), batch)[0];
    Matrix focal = run(single(this, SigmoidFocal.builder()).gamma(0).build(), batch)[0];
    Matrix focused = run(single(this, SigmoidFocal.builder()).build(), batch)[0];
    for (int i = 0; i < logits.length; i++) {
      assertEquals(focal.get(0, i), binary.get(0, i), FLOAT * focal.get(0, i));
      assertTrue(focused.get(0, i) <= focal.get(0, i), "focus never adds");
    }
  }

  @Property
  void smoothingIsTheMeanWithTheUndecidedTarget(
      @ForAll("elements") float[] logits, @ForAll @DoubleRange(min = 0, max = 1) double share) {
    int count = logits.length;
    BinaryCrossEntropy plain = single(this, BinaryCrossEntropy.builder()).build();
    BinaryCrossEntropy smooth =
        single(this, BinaryCrossEntropy.builder()).labelSmoothing(share).build();
    Matrix label = run(plain, ElementBatch.of(row(logits), constant(1, count)))[0];
    Matrix half = run(plain, ElementBatch.of(row(logits), constant(0.5f, count)))[0];
    Matrix actual = run(smooth, ElementBatch.of(row(logits), constant(1, count)))[0];
    for (int i = 0; i < count; i++) {
      double expected = (1 - share) * label.get(0, i) + share * half.get(0, i);
      assertEquals(expected, actual.get(0, i), FLOAT * expected + 0x1p-126);
    }
  }

  @Property
  void sumOfElementsIsTheTotalAndPositiveWeightsCountPositives(
      @ForAll("elements") float[] logits, @ForAll @DoubleRange(min = 0, max = 9) double weight) {
    int count = logits.length;
    float[] weights = constant((float) weight, count).data();
    BinaryCrossEntropy plain = single(this, BinaryCrossEntropy.builder()).build();
    BinaryCrossEntropy weighted =
        single(this, BinaryCrossEntropy.builder()).positiveWeights(weights).build();
    ElementBatch batch = ElementBatch.of(row(logits), constant(1, count));
    Matrix losses = run(plain, batch)[0];
    Matrix actual = run(weighted, batch)[0];
    ElementTotals totals = plain.forward(row(logits), constant(1, count));
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += losses.get(0, i);
      double expected = (float) weight * (double) losses.get(0, i);
      assertEquals(expected, actual.get(0, i), FLOAT * expected + 0x1p-120);
    }
    assertEquals(sum, totals.sum(), FLOAT * sum);
  }

  @Property
  void divergenceOfNormalisedRowsIsNeverNegative(
      @ForAll("elements") float[] logits, @ForAll("elements") float[] others) {
    int count = Math.min(logits.length, others.length);
    float[] r = new float[count];
    float[] q = new float[count];
    double lost = 0;
    ExactRow ofLogits = ExactRow.of(logits, 0, count);
    ExactRow ofOthers = ExactRow.of(others, 0, count);
    for (int i = 0; i < count; i++) {
      r[i] = (float) -ofLogits.surprisal(i).value();
      q[i] = (float) ofOthers.probability(i);
      lost += Math.ulp(q[i]) + q[i] * (double) Math.ulp(r[i]);
    }
    KullbackLeibler loss = single(this, KullbackLeibler.builder()).build();
    double sum = loss.forward(row(r), row(q)).sum();
    assertTrue(sum >= -2 * lost - count * 0x1p-126, "divergence " + sum + ", rounding " + lost);
  }
}
