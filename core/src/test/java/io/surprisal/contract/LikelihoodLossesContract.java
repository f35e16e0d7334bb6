package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.Divisor;
import io.surprisal.GeneralizedCrossEntropy;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.PolyCrossEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.Totals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Focal, Poly-1 and generalised cross-entropy of class labels: functions of p_y alone. */
public abstract class LikelihoodLossesContract extends KernelContract {
  private static final double[] GAMMAS = {0, 0.5, 1, 2, 5};
  private static final double[] EPSILONS = {-1, -0.5, 0, 1, 6};
  private static final double[] EXPONENTS = {0.01, 0.3, 0.7, 1};

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.SOME_MASKED, 30, 33),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 12, 130),
          Problem.of(LogitKind.HUGE, 12, 130),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000));

  /** φ and κ of −log p, p and 1 − p. */
  private interface Function {
    double of(double likelihood, double label, double others);
  }

  /**
   * A loss beside what it should be.
   *
   * @param lossBound in ulp of the larger of the loss and its terms
   * @param gradientBound in ulp of the entry
   */
  private record Case(
      String name,
      LabelledLoss loss,
      Function value,
      Function scale,
      Function slope,
      double lossBound,
      double gradientBound) {
    @Override
    public String toString() {
      return name;
    }
  }

  private List<Case> cases(float[] weights) {
    List<Case> cases = new ArrayList<>();
    for (double gamma : GAMMAS) {
      SoftmaxFocal.Builder builder = SoftmaxFocal.builder().gamma(gamma).execution(execution());
      Function value = (l, p, q) -> q == 0 ? 0 : Math.pow(q, gamma) * l;
      Function slope =
          (l, p, q) ->
              (p == 0 || q == 0)
                  ? (gamma == 0 ? 1 : p == 0 ? 1 : 0)
                  : Math.pow(q, gamma) + gamma * Math.pow(q, gamma - 1) * p * l;
      LabelledLoss loss = built(builder, weights).build();
      cases.add(new Case("γ = " + gamma, loss, value, value, slope, 3 + 2 * gamma, 4 + 2 * gamma));
    }
    for (double epsilon : EPSILONS) {
      PolyCrossEntropy.Builder builder =
          PolyCrossEntropy.builder().epsilon(epsilon).execution(execution());
      Function value = (l, p, q) -> l + epsilon * q;
      Function scale = (l, p, q) -> Math.max(l, Math.abs(epsilon) * q);
      Function slope = (l, p, q) -> q + (1 + epsilon) * p;
      LabelledLoss loss = built(builder, weights).build();
      cases.add(new Case("ε = " + epsilon, loss, value, scale, slope, 4, epsilon < 0 ? 6 : 4));
    }
    for (double k : EXPONENTS) {
      GeneralizedCrossEntropy.Builder builder =
          GeneralizedCrossEntropy.builder().exponent(k).execution(execution());
      Function value = (l, p, q) -> -Math.expm1(-k * l) / k;
      Function slope = (l, p, q) -> Math.exp(-k * l);
      LabelledLoss loss = built(builder, weights).build();
      cases.add(new Case("k = " + k, loss, value, value, slope, 4, 6));
    }
    return cases;
  }

  private static <B extends LabelledLoss.Builder<B>> B built(B builder, float[] weights) {
    builder.divisor(Divisor.of(8));
    return weights == null ? builder : builder.classWeights(weights);
  }

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = c % 7 == 3 ? 0 : 0.1f + c % 5;
    }
    return weights;
  }

  @Test
  void lossesAndGradientsKeepTheirBounds() {
    for (Problem problem : PROBLEMS) {
      for (float[] weights : new float[][] {null, weights(problem.classes())}) {
        for (Case one : cases(weights)) {
          check(problem, one, weights);
        }
      }
    }
  }

  private static void check(Problem problem, Case one, float[] weights) {
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    one.loss.compute(
        problem.batch(),
        Outputs.none().withLosses(losses).withGradient(Gradient.into(out).withUpstream(-3)));
    for (int row = 0; row < problem.rows(); row++) {
      int label = problem.label(row);
      ExactRow exact = problem.exact(row);
      double likelihood = exact.surprisal(label).value();
      double p = exact.probability(label);
      double others = exact.complement(label);
      double weight = weights == null ? 1 : weights[label];
      double value = weight == 0 ? 0 : weight * one.value.of(likelihood, p, others);
      double scale = weight == 0 ? 0 : weight * one.scale.of(likelihood, p, others);
      Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
      assertWithin(one.lossBound, one + ", loss", cell, losses[row], value, scale);
      double slope = -3.0 / 8 * weight * one.slope.of(likelihood, p, others);
      for (int c = 0; c < problem.classes(); c++) {
        double entry = slope * (c == label ? -others : exact.probability(c));
        Cell place = new Cell(problem, row, c);
        assertWithin(one.gradientBound, one + ", gradient", place, out.get(row, c), entry, entry);
      }
    }
  }

  private static void assertWithin(
      double bound, String what, Cell cell, float actual, double exact, double scale) {
    double error = Errors.ulps(actual, exact, scale, 2);
    assertTrue(
        error <= bound, () -> what + " is off by " + error + ": " + cell.describe(actual, exact));
  }

  /** The oracle's own formulas: its slope is that of its loss, by central differences. */
  @Test
  void slopesAreThoseOfTheLosses() {
    double h = 1e-6;
    for (Case one : cases(null)) {
      for (double p : new double[] {0.01, 0.3, 0.5, 0.9, 0.999}) {
        double up = one.value.of(-Math.log(p * (1 + h)), p * (1 + h), 1 - p * (1 + h));
        double down = one.value.of(-Math.log(p * (1 - h)), p * (1 - h), 1 - p * (1 - h));
        double slope = one.slope.of(-Math.log(p), p, 1 - p);
        assertEquals((down - up) / (2 * h), slope, 1e-6, one + " at " + p);
      }
    }
  }

  @Test
  void withoutTheirTermsTheyAreCrossEntropy() {
    Problem problem = PROBLEMS.get(4);
    LabelledLoss focal =
        SoftmaxFocal.builder().gamma(0).divisor(Divisor.ONE).execution(execution()).build();
    float[] losses = new float[problem.rows()];
    Matrix gradient = Matrix.zeros(problem.rows(), problem.classes());
    focal.compute(problem.batch(), Outputs.none().withLosses(losses).withGradient(gradient));
    float[] plain = new float[problem.rows()];
    Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
    crossEntropy()
        .divisor(Divisor.ONE)
        .build()
        .compute(problem.batch(), Outputs.none().withLosses(plain).withGradient(expected));
    Bits.assertSame(plain, losses, "focal loss without focus");
    Bits.assertSame(expected, gradient, "its gradient");
  }

  @Test
  void impossibleLabelIsInfiniteOrAtItsBound() {
    Matrix logits = Matrix.of(new float[] {1, 2, Float.NEGATIVE_INFINITY}, 3);
    for (Case one : cases(null)) {
      float[] losses = new float[1];
      Matrix gradient = Matrix.zeros(1, 3);
      one.loss.compute(
          Batch.of(logits, Labels.of(2)), Outputs.none().withLosses(losses).withGradient(gradient));
      double expected = one.value.of(Double.POSITIVE_INFINITY, 0, 1);
      assertEquals((float) expected, losses[0], one.name);
      double slope = one.slope.of(Double.POSITIVE_INFINITY, 0, 1) / 8;
      assertEquals((float) -slope, gradient.get(0, 2), one.name);
    }
  }

  @Test
  void rowsThatAreNotFiniteAndIgnoredOnesAreAsInCrossEntropy() {
    for (Case one : cases(null)) {
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        Matrix logits = Matrix.of(new float[] {1, value, 3, 1, value, 3, 3, 2, 1}, 3);
        float[] losses = new float[3];
        Matrix gradient = Matrix.zeros(3, 3);
        Totals totals = one.loss.newTotals();
        one.loss.compute(
            Batch.of(logits, Labels.of(0, -100, 0)),
            Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
        assertTrue(Bits.same(Float.NaN, losses[0]), one.name);
        Bits.assertRowIs(Float.NaN, gradient, 0, one.name);
        assertTrue(Bits.same(0, losses[1]), one.name);
        Bits.assertRowIs(0, gradient, 1, one.name);
        assertTrue(Float.isFinite(losses[2]) && Float.isFinite(gradient.get(2, 2)), one.name);
        assertEquals(1, totals.ignoredRows());
      }
    }
  }

  @Test
  void totalsHaveTheLikelihoodBesideTheLoss() {
    Problem problem = PROBLEMS.get(3);
    double expected = 0;
    for (int row = 0; row < problem.rows(); row++) {
      expected += problem.exact(row).surprisal(problem.label(row)).value();
    }
    for (Case one : cases(null)) {
      Totals totals = one.loss.forward(problem.logits(), problem.labels());
      assertEquals(expected, totals.negativeLogLikelihood(), 1e-6 * expected, one.name);
    }
  }
}
