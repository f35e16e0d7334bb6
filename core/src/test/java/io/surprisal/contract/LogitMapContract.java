package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.PolyCrossEntropy;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Logit scale and soft cap: the loss of the mapped logits, its gradient times the slopes. A scale
 * alone is a part of the upstream gradient.
 */
public abstract class LogitMapContract extends KernelContract {
  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 40, 7),
          Problem.of(LogitKind.NORMAL_10, 12, 33),
          Problem.of(LogitKind.NORMAL_30, 12, 70),
          Problem.of(LogitKind.UNIFORM_1E4, 6, 130),
          Problem.of(LogitKind.SUBNORMAL, 6, 130),
          Problem.of(LogitKind.NORMAL_3, 5, 4097),
          Problem.of(LogitKind.NORMAL_10, 3, 40_000));

  /** Scale and cap; 0 for none. */
  private static final double[][] MAPS = {{0.7, 0}, {2, 0}, {1, 30}, {0.125, 5}, {3, 0.5}};

  private static double tanh(double x, double[] map) {
    return StrictMath.tanh(map[0] * x / map[1]);
  }

  private static float mapped(float x, double[] map) {
    return (float) (map[1] == 0 ? map[0] * x : map[1] * tanh(x, map));
  }

  /** 1 − tanh² as 1/cosh²: nothing cancels. */
  private static double slope(float x, double[] map) {
    double cosh = StrictMath.cosh(map[0] * x / map[1]);
    return map[0] / cosh / cosh;
  }

  private CrossEntropy.Builder builder() {
    return crossEntropy().labelSmoothing(0.1).zLoss(1e-3).divisor(Divisor.ONE);
  }

  private CrossEntropy loss(double[] map) {
    CrossEntropy.Builder builder = builder().logitScale(map[0]);
    return (map[1] == 0 ? builder : builder.softCap(map[1])).build();
  }

  private static List<Batch> batches(Problem problem, Matrix logits) {
    int[] classes = new int[problem.rows() * 2];
    float[] values = new float[classes.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i % 2 == 0 ? problem.label(i / 2) : -1;
      values[i] = 0.75f;
    }
    return List.of(
        Batch.of(logits, problem.labels()),
        Batch.of(logits, DenseTargetsContract.targets(problem)),
        Batch.of(logits, SparseTargets.of(classes, values, 2).withTail()));
  }

  @Test
  void lossesHaveTheBitsOfTheMappedLogitsAndGradientsTheirSlopes() {
    for (Problem problem : PROBLEMS) {
      for (double[] map : MAPS) {
        Matrix mapped = problem.copyOfLogits();
        for (int i = 0; i < mapped.data().length; i++) {
          mapped.data()[i] = mapped(mapped.data()[i], map);
        }
        List<Batch> before = batches(problem, problem.logits());
        List<Batch> after = batches(problem, mapped);
        for (int i = 0; i < before.size(); i++) {
          check(before.get(i), after.get(i), map);
        }
      }
    }
  }

  private void check(Batch batch, Batch mapped, double[] map) {
    String what = batch.logits() + ", scale " + map[0] + ", cap " + map[1];
    float[] losses = new float[batch.logits().rows()];
    float[] expected = losses.clone();
    Matrix gradient = Matrix.zeros(losses.length, batch.logits().classes());
    Matrix unmapped = Matrix.zeros(losses.length, batch.logits().classes());
    double upstream = map[1] == 0 ? map[0] : 1;
    loss(map).compute(batch, Outputs.none().withLosses(losses).withGradient(gradient));
    builder()
        .build()
        .compute(
            mapped,
            Outputs.none()
                .withLosses(expected)
                .withGradient(Gradient.into(unmapped).withUpstream(upstream)));
    Bits.assertSame(expected, losses, "losses of " + what);
    if (map[1] == 0) {
      Bits.assertSame(unmapped, gradient, "gradient of " + what);
      return;
    }
    for (int i = 0; i < gradient.data().length; i++) {
      double entry = unmapped.data()[i] * slope(batch.logits().data()[i], map);
      float actual = gradient.data()[i];
      assertTrue(Errors.ulps(actual, entry) <= 1.5, () -> what + ": " + actual + ", " + entry);
    }
  }

  /** Neither the gradient nor the scale is a float for itself. */
  @Test
  void scaleAndUpstreamGradientFarFromOneMeetBeforeTheyAreRounded() {
    for (int classes : new int[] {3, 64, 2100, 16_400}) {
      Matrix logits = Matrix.zeros(2, classes);
      Arrays.fill(logits.data(), 0, classes, 1);
      Arrays.fill(logits.data(), classes, 2 * classes, -1);
      logits.data()[classes] = 1;
      for (LabelledLoss loss : scaled(1e-30)) {
        // The mapped logits are as good as equal.
        Matrix gradient = gradient(loss, logits, 1e40);
        double slope = loss instanceof SoftmaxSquaredError ? 2.0 / classes : 1;
        assertEntries(1e10 * slope / classes, -1e10 * slope * (1 - 1.0 / classes), gradient, 0);
      }
      for (LabelledLoss loss : scaled(1e30)) {
        // The first class of the second row has every probability there is.
        Matrix gradient = gradient(loss, logits, 1e-50);
        boolean vanishes = loss instanceof SoftmaxSquaredError;
        assertEntries(0, vanishes ? 0 : -1e-20, gradient, 1);
        assertEquals(vanishes ? 0 : 1e-20f, gradient.get(1, 0), loss.toString());
      }
    }
  }

  private List<LabelledLoss> scaled(double scale) {
    Divisor one = Divisor.ONE;
    return List.of(
        crossEntropy().divisor(one).logitScale(scale).build(),
        PolyCrossEntropy.builder()
            .epsilon(0)
            .logitScale(scale)
            .execution(execution())
            .divisor(one)
            .build(),
        SoftmaxSquaredError.builder()
            .logitScale(scale)
            .execution(execution())
            .divisor(one)
            .build());
  }

  private static Matrix gradient(LabelledLoss loss, Matrix logits, double upstream) {
    Matrix gradient = Matrix.zeros(logits.rows(), logits.classes());
    Gradient scaled = Gradient.into(gradient).withUpstream(upstream);
    loss.compute(Batch.of(logits, Labels.of(1, 1)), Outputs.none().withGradient(scaled));
    return gradient;
  }

  /** The label's entry and the last one's. */
  private static void assertEntries(double last, double label, Matrix gradient, int row) {
    float lastEntry = gradient.get(row, gradient.classes() - 1);
    float labelEntry = gradient.get(row, 1);
    assertTrue(Errors.ulps(lastEntry, last) <= 4, () -> lastEntry + ", not " + last);
    assertTrue(Errors.ulps(labelEntry, label) <= 4, () -> labelEntry + ", not " + label);
  }

  @Test
  void gradientInPlaceAndAddedHaveTheSameBits() {
    for (Problem problem : PROBLEMS) {
      CrossEntropy loss = loss(MAPS[2]);
      Matrix gradient = Matrix.zeros(problem.rows(), problem.classes());
      loss.forwardAndGradient(problem.logits(), problem.labels(), gradient);
      Matrix over = problem.copyOfLogits();
      loss.forwardAndGradient(over, problem.labels(), over);
      Bits.assertSame(gradient, over, "in place, " + problem);
      Matrix sum = problem.copyOfLogits();
      loss.compute(problem.batch(), Outputs.none().withGradient(Gradient.addedTo(sum)));
      for (int i = 0; i < sum.data().length; i++) {
        gradient.data()[i] += problem.logits().data()[i];
      }
      Bits.assertSame(gradient, sum, "added, " + problem);
    }
  }

  @Test
  void infiniteLogitsAreAtTheCapAndNanStays() {
    float infinity = Float.POSITIVE_INFINITY;
    Matrix logits = Matrix.of(new float[] {infinity, -infinity, 0, 1, Float.NaN, 0}, 3);
    float[] losses = new float[2];
    Matrix gradient = Matrix.zeros(2, 3);
    CrossEntropy capped = crossEntropy().softCap(2).divisor(Divisor.ONE).build();
    capped.compute(
        Batch.of(logits, Labels.of(0, 0)),
        Outputs.none().withLosses(losses).withGradient(gradient));
    assertEquals(Math.log(Math.exp(2) + Math.exp(-2) + 1) - 2, losses[0], 1e-6);
    assertTrue(gradient.get(0, 0) == 0 && gradient.get(0, 1) == 0 && gradient.get(0, 2) > 0);
    assertTrue(Bits.same(Float.NaN, losses[1]));
    Bits.assertRowIs(Float.NaN, gradient, 1, "gradient of NaN");
    CrossEntropy scaled = crossEntropy().logitScale(0.5).build();
    Matrix masked = Matrix.of(new float[] {2, -infinity, 0}, 3);
    double loss = scaled.forward(masked, Labels.of(0)).mean();
    assertEquals(Math.log1p(Math.exp(-1)), loss, 1e-6, "a scaled mask is a mask");
  }

  /** The label of a token is the next token: the same array, one further on. */
  @Test
  void nextTokensAreTheTokensFromOneRowOn() {
    Problem problem = PROBLEMS.get(0);
    int[] tokens = new int[problem.rows() + 1];
    for (int row = 0; row < problem.rows(); row++) {
      tokens[row + 1] = problem.label(row);
    }
    Labels next = Labels.of(tokens, 1, problem.rows());
    CrossEntropy loss = crossEntropy().build();
    double expected = loss.forward(problem.logits(), problem.labels()).sum();
    assertEquals(expected, loss.forward(problem.logits(), next).sum());
  }
}
