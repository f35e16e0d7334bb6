package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Gradient;
import io.surprisal.Matrix;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a batch lies and wherever its results go, they are the same. */
public abstract class ElementLayoutContract extends KernelContract {
  private static final int[][] SHAPES = {
    {1, 1}, {5, 1}, {5000, 1}, {700, 3}, {33, 130}, {3, 2049}, {2, 5000}, {2, 17_000}
  };

  private interface Check {
    void run(ElementLoss loss, ElementProblem problem, Result expected);
  }

  /** Losses and gradient of a dense batch. */
  private record Result(Matrix losses, Matrix gradient, ElementTotals totals) {
    static Result of(ElementLoss loss, ElementBatch batch) {
      int rows = batch.inputs().rows();
      int classes = batch.inputs().classes();
      Result result =
          new Result(Matrix.zeros(rows, classes), Matrix.zeros(rows, classes), loss.newTotals());
      loss.compute(
          batch,
          ElementOutputs.none()
              .withLosses(result.losses)
              .withGradient(result.gradient)
              .withTotals(result.totals));
      return result;
    }
  }

  private void forEachShape(ElementCase operation, Check check) {
    ElementLoss loss = operation.loss(execution());
    for (int[] shape : SHAPES) {
      ElementProblem problem = operation.problem(LogitKind.NORMAL_10, shape[0], shape[1]);
      check.run(loss, problem, Result.of(loss, problem.batch()));
    }
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void gapsBetweenRowsAreNeitherReadNorWritten(ElementCase operation) {
    forEachShape(
        operation,
        (loss, problem, expected) -> {
          int rows = problem.inputs().rows();
          int classes = problem.inputs().classes();
          GuardedMatrix inputs = GuardedMatrix.copyOf(problem.inputs(), 3, 5);
          GuardedMatrix targets = GuardedMatrix.copyOf(problem.targets(), 0, 2);
          GuardedMatrix losses = GuardedMatrix.empty(rows, classes, 7, 1);
          GuardedMatrix gradient = GuardedMatrix.empty(rows, classes, 1, 9);
          ElementTotals totals = loss.newTotals();
          loss.compute(
              ElementBatch.of(inputs.matrix(), targets.matrix()),
              ElementOutputs.none()
                  .withLosses(losses.matrix())
                  .withGradient(gradient.matrix())
                  .withTotals(totals));
          Bits.assertSame(expected.losses, losses.matrix(), operation + " losses");
          Bits.assertSame(expected.gradient, gradient.matrix(), operation + " gradient");
          losses.assertGuardsUntouched("losses");
          gradient.assertGuardsUntouched("gradient");
          assertEquals(expected.totals.sum(), totals.sum());
        });
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void gradientMayTakeThePlaceOfTheInputs(ElementCase operation) {
    forEachShape(
        operation,
        (loss, problem, expected) -> {
          for (int gap : new int[] {0, 4}) {
            GuardedMatrix inputs = GuardedMatrix.copyOf(problem.inputs(), 2, gap);
            ElementTotals totals = loss.newTotals();
            loss.compute(
                ElementBatch.of(inputs.matrix(), problem.targets()),
                ElementOutputs.none().withGradient(inputs.matrix()).withTotals(totals));
            Bits.assertSame(expected.gradient, inputs.matrix(), operation + " in place");
            inputs.assertGuardsUntouched("gradient in place");
            assertEquals(expected.totals.sum(), totals.sum());
          }
        });
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void gradientIsAddedWithOneRounding(ElementCase operation) {
    forEachShape(
        operation,
        (loss, problem, expected) -> {
          int classes = problem.inputs().classes();
          Matrix before = Matrix.zeros(problem.inputs().rows(), classes);
          Arrays.fill(before.data(), 0.75f);
          GuardedMatrix gradient = GuardedMatrix.copyOf(before, 2, 3);
          loss.compute(
              problem.batch(),
              ElementOutputs.none().withGradient(Gradient.addedTo(gradient.matrix())));
          Matrix sum = Matrix.zeros(before.rows(), classes);
          for (int i = 0; i < sum.data().length; i++) {
            sum.data()[i] = 0.75f + expected.gradient.data()[i];
          }
          Bits.assertSame(sum, gradient.matrix(), operation + " added");
          gradient.assertGuardsUntouched("added gradient");
        });
  }

  /** Weights and upstream factors are powers of two here: they add no rounding. */
  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void weightsAndUpstreamFactorsMultiply(ElementCase operation) {
    forEachShape(
        operation,
        (loss, problem, expected) -> {
          int rows = problem.inputs().rows();
          int classes = problem.inputs().classes();
          SplittableRandom random = new SplittableRandom(rows);
          Matrix weights = powersOfTwo(random, rows, classes);
          Matrix factors = powersOfTwo(random, rows, classes);
          float[] rowFactors = powersOfTwo(random, 1, rows).data();
          Matrix losses = Matrix.zeros(rows, classes);
          Matrix gradient = Matrix.zeros(rows, classes);
          Matrix byRow = Matrix.zeros(rows, classes);
          ElementBatch batch = problem.batch().withWeights(weights);
          Gradient byElement = Gradient.into(gradient).withUpstream(factors).withUpstream(-4);
          loss.compute(batch, ElementOutputs.none().withLosses(losses).withGradient(byElement));
          loss.compute(
              problem.batch(),
              ElementOutputs.none().withGradient(Gradient.into(byRow).withUpstream(rowFactors)));
          for (int i = 0; i < losses.data().length; i++) {
            float weight = weights.data()[i];
            float slope = expected.gradient.data()[i];
            float factor = -4 * weight * factors.data()[i];
            float rowFactor = rowFactors[i / classes];
            assertTimes(weight, expected.losses.data()[i], losses.data()[i], operation + " loss");
            assertTimes(factor, slope, gradient.data()[i], operation + " slope");
            assertTimes(rowFactor, slope, byRow.data()[i], operation + " by row");
          }
        });
  }

  /** The product, to an ulp, of a number that may have been rounded below the normal range. */
  private static void assertTimes(double factor, float value, float actual, String what) {
    double product = factor * value;
    double bound = Math.ulp((float) product) + 0x1p-126 * Math.max(1, Math.abs(factor));
    boolean overflows = Float.isInfinite(actual) && Math.abs(product) + bound > Float.MAX_VALUE;
    assertTrue(
        overflows || Math.abs(actual - product) <= bound,
        () -> what + " is " + actual + ", not " + product);
  }

  private static Matrix powersOfTwo(SplittableRandom random, int rows, int classes) {
    Matrix powers = Matrix.zeros(rows, classes);
    for (int i = 0; i < powers.data().length; i++) {
      powers.data()[i] = Math.scalb(1f, random.nextInt(-3, 4));
    }
    return powers;
  }

  /** A factor beyond the range of floats, which its product with a slope need not be. */
  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void upstreamFactorMayBeAnyFiniteNumber(ElementCase operation) {
    ElementLoss loss = operation.loss(execution());
    ElementProblem problem = operation.problem(LogitKind.NORMAL_30, 3, 50);
    Result expected = Result.of(loss, problem.batch());
    for (double factor : new double[] {0, 0x1p-40, -0x1p70, 0x1p140, 0x1p-100, 1e300}) {
      Matrix gradient = Matrix.zeros(3, 50);
      loss.compute(
          problem.batch(),
          ElementOutputs.none().withGradient(Gradient.into(gradient).withUpstream(factor)));
      for (int i = 0; i < 150; i++) {
        float slope = expected.gradient.data()[i];
        // A slope beyond the range of floats is not known here.
        if (Float.isFinite(slope)) {
          assertTimes(factor, slope, gradient.data()[i], operation + " times " + factor);
        }
      }
    }
  }
}
