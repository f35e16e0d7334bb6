package io.surprisal.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.contract.ExactCrossEntropy;
import io.surprisal.contract.LogitKind;
import io.surprisal.contract.Problem;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference in double beside the oracle in double-double. */
class ReferenceLossTest {
  /** Some roundings of double, of the scale that bounds count. */
  private static final double CLOSE = 4e-15;

  /** Where the oracle's exponentials are 0. */
  private static final double UNDERFLOW = 1e-286;

  @ParameterizedTest
  @EnumSource
  void plainCrossEntropyHasAllItsDigitsOnEveryKindOfLogits(LogitKind kind) {
    for (int classes : new int[] {1, 2, 3, 70, 1003}) {
      Problem problem = Problem.of(kind, 6, classes);
      ReferenceLoss reference = ReferenceLoss.of(CrossEntropy.standard(), problem.batch());
      assertEqualsOracle(problem, reference, ExactCrossEntropy.PLAIN, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void optionsAreThoseOfTheLoss(LogitKind kind) {
    for (int classes : new int[] {1, 2, 3, 70, 1003}) {
      Problem problem = Problem.of(kind, 6, classes);
      float[] weights = new float[classes];
      for (int i = 0; i < classes; i++) {
        weights[i] = i % 5 == 4 ? 0 : 0.25f * (i % 7);
      }
      CrossEntropy loss =
          CrossEntropy.builder().labelSmoothing(0.1).zLoss(1e-3).classWeights(weights).build();
      float[] sampleWeights = new float[6];
      Arrays.fill(sampleWeights, 1.5f);
      Batch batch = problem.batch().withSampleWeights(sampleWeights);
      ExactCrossEntropy exact = new ExactCrossEntropy(0.1, 1e-3, weights);
      assertEqualsOracle(problem, ReferenceLoss.of(loss, batch), exact, 1.5);
    }
  }

  private static void assertEqualsOracle(
      Problem problem, ReferenceLoss reference, ExactCrossEntropy exact, double weight) {
    for (int row = 0; row < problem.rows(); row++) {
      String what = problem + " row " + row;
      int label = problem.label(row);
      ReferenceRow actual = reference.row(row, problem.logits());
      double loss = weight * exact.loss(problem.exact(row), label).value();
      double scale = weight * exact.lossScale(problem.exact(row), label);
      assertClose(loss, actual.loss(), scale, what);
      assertClose(scale, actual.lossScale(), scale, what);
      double[] gradient = exact.gradient(problem.exact(row), label);
      double[] gradientScale = exact.gradientScale(problem.exact(row), label);
      for (int c = 0; c < problem.classes(); c++) {
        String entry = what + " class " + c;
        double entryScale = weight * gradientScale[c];
        assertClose(weight * gradient[c], actual.gradient()[c], entryScale, entry);
        assertClose(entryScale, actual.gradientScale()[c], entryScale, entry);
      }
    }
  }

  private static void assertClose(double expected, double actual, double scale, String what) {
    double tolerance = Double.isInfinite(expected) ? 0 : CLOSE * scale + UNDERFLOW;
    assertEquals(expected, actual, tolerance, what);
  }

  @Test
  void ignoredRowsAreZeroWhateverTheirLogits() {
    Matrix logits = Matrix.of(new float[] {Float.NaN, 1, 2, Float.POSITIVE_INFINITY, 1, 2}, 2);
    Batch batch =
        Batch.of(logits, Labels.of(-100, 0, 1)).withIgnoredRows(new boolean[] {false, true, false});
    ReferenceLoss reference = ReferenceLoss.of(CrossEntropy.standard(), batch);
    for (int row = 0; row < 2; row++) {
      assertEquals(0, reference.row(row, logits).loss());
      assertEquals(0, reference.row(row, logits).gradient()[0]);
    }
    assertTrue(reference.row(2, logits).loss() > 0);
  }

  @Test
  void rowWithoutASoftmaxIsNan() {
    float[][] rows = {
      {Float.NaN, 1}, {1, Float.POSITIVE_INFINITY}, {Float.NEGATIVE_INFINITY, -1 / 0f}
    };
    for (float[] row : rows) {
      Matrix logits = Matrix.of(row, 2);
      Batch batch = Batch.of(logits, Labels.of(0));
      ReferenceRow result = ReferenceLoss.of(CrossEntropy.standard(), batch).row(0, logits);
      assertTrue(Double.isNaN(result.loss()), Arrays.toString(row));
      assertTrue(Double.isNaN(result.gradient()[1]), Arrays.toString(row));
    }
  }

  @Test
  void likelihoodIsThatOfTheLabelTimesItsWeights() {
    Matrix logits = Matrix.of(new float[] {-0.5f, -3, -2, -0.25f}, 2);
    Batch batch = Batch.of(logits, Labels.of(1, 0)).withSampleWeights(new float[] {2, 8});
    NegativeLogLikelihood loss = NegativeLogLikelihood.builder().classWeights(4, 0.5f).build();
    ReferenceRow row = ReferenceLoss.of(loss, batch).row(0, logits);
    assertEquals(3, row.loss());
    assertEquals(0, row.gradient()[0]);
    assertEquals(-1, row.gradient()[1]);
    assertEquals(64, ReferenceLoss.of(loss, batch).row(1, logits).loss());
  }

  @Test
  void weightOfZeroMakesAnInfiniteLossZero() {
    Matrix logits = Matrix.of(new float[] {1, Float.NEGATIVE_INFINITY}, 2);
    Batch batch = Batch.of(logits, Labels.of(1));
    CrossEntropy crossEntropy = CrossEntropy.builder().classWeights(1, 0).build();
    assertEquals(0, ReferenceLoss.of(crossEntropy, batch).row(0, logits).loss());
    assertEquals(
        Double.POSITIVE_INFINITY,
        ReferenceLoss.of(CrossEntropy.standard(), batch).row(0, logits).loss());
    NegativeLogLikelihood likelihood = NegativeLogLikelihood.builder().classWeights(1, 0).build();
    assertEquals(0, ReferenceLoss.of(likelihood, batch).row(0, logits).loss());
  }

  @Test
  void scalesAsManyAsEntriesAreAsked() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ReferenceRow(1, 1, new double[2], new double[3], 1));
    assertEquals("gradientScale.length = 3 is not gradient.length, 2", refused.getMessage());
  }
}
