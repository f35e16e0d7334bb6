package io.surprisal;

import static io.surprisal.GuardedOutputs.GUARD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of the losses: which are refused, and that a builder's choices reach the loss. */
class LossOptionsTest {
  private static final Matrix LOGITS = Matrix.of(new float[] {-1, -2, -3, -3, -1, -2}, 3);
  private static final Labels LABELS = Labels.of(0, 1);

  static List<LabelledLoss.Builder<?>> builders() {
    return List.of(
        CrossEntropy.builder(),
        NegativeLogLikelihood.builder(),
        SoftmaxFocal.builder(),
        PolyCrossEntropy.builder(),
        GeneralizedCrossEntropy.builder());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0x1p-1074, -1, 1.0000000000000002, 1e300, 1 / 0.0, -1 / 0.0, 0 / 0.0})
  void smoothingOutsideZeroToOneIsRefused(double share) {
    Refusal.ofArgument(
        () -> CrossEntropy.builder().labelSmoothing(share),
        "labelSmoothing = " + share + " is outside [0, 1]");
    Refusal.ofArgument(
        () -> CrossEntropy.builder().labelSmoothingOverFinite(share),
        "labelSmoothingOverFinite = " + share + " is outside [0, 1]");
  }

  @Test
  void smoothingIsOverTheClassesThatWereNamedLast() {
    CrossEntropy finite = CrossEntropy.builder().labelSmoothingOverFinite(0.2).build();
    assertTrue(finite.smoothsFiniteAlone());
    assertEquals(0.2, finite.labelSmoothing());
    CrossEntropy.Builder both = CrossEntropy.builder().labelSmoothingOverFinite(0.2);
    assertFalse(both.labelSmoothing(0.3).build().smoothsFiniteAlone());
    assertFalse(CrossEntropy.builder().labelSmoothingOverFinite(0).build().smoothsFiniteAlone());
    assertFalse(CrossEntropy.standard().smoothsFiniteAlone());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0x1p-1074, -1, 1 / 0.0, -1 / 0.0, 0 / 0.0})
  void zLossOutsideZeroToInfinityIsRefused(double lambda) {
    Refusal.ofArgument(
        () -> CrossEntropy.builder().zLoss(lambda), "zLoss = " + lambda + " is outside [0, ∞)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0x1p-1074, -1, 1 / 0.0, -1 / 0.0, 0 / 0.0})
  void gammaOutsideZeroToInfinityIsRefused(double gamma) {
    Refusal.ofArgument(
        () -> SoftmaxFocal.builder().gamma(gamma), "gamma = " + gamma + " is outside [0, ∞)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, 1 / 0.0, 0 / 0.0})
  void logitScaleAndSoftCapThatAreNotPositiveAndFiniteAreRefused(double value) {
    CrossEntropy.Builder builder = CrossEntropy.builder();
    Refusal.ofArgument(
        () -> builder.logitScale(value), "logitScale = " + value + " is outside (0, ∞)");
    Refusal.ofArgument(() -> builder.softCap(value), "softCap = " + value + " is outside (0, ∞)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1.0000000000000002, 1 / 0.0, -1 / 0.0, 0 / 0.0})
  void epsilonBelowMinusOneIsRefused(double epsilon) {
    Refusal.ofArgument(
        () -> PolyCrossEntropy.builder().epsilon(epsilon),
        "epsilon = " + epsilon + " is outside [−1, ∞)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, 1.0000000000000002, 1 / 0.0, 0 / 0.0})
  void exponentOutsideZeroToOneIsRefused(double exponent) {
    Refusal.ofArgument(
        () -> GeneralizedCrossEntropy.builder().exponent(exponent),
        "exponent = " + exponent + " is outside (0, 1]");
  }

  @Test
  void defaultsAreThoseOfTheField() {
    double p = Math.exp(-1) / (Math.exp(-1) + Math.exp(-2) + Math.exp(-3));
    Matrix row = LOGITS.slice(0, 1);
    Labels label = Labels.of(0);
    double focal = (1 - p) * (1 - p) * -Math.log(p);
    assertEquals(focal, SoftmaxFocal.standard().forward(row, label).sum(), 1e-6);
    double poly = -Math.log(p) + (1 - p);
    assertEquals(poly, PolyCrossEntropy.standard().forward(row, label).sum(), 1e-6);
    double generalized = (1 - Math.pow(p, 0.7)) / 0.7;
    assertEquals(generalized, GeneralizedCrossEntropy.standard().forward(row, label).sum(), 1e-6);
  }

  @Test
  void smoothingAndZLossTakeTheEndsOfTheirRanges() {
    for (double share : new double[] {0, -0.0, 1}) {
      CrossEntropy loss = CrossEntropy.builder().labelSmoothing(share).zLoss(-0.0).build();
      assertEquals(2, loss.forward(LOGITS, LABELS).countedRows());
    }
  }

  @ParameterizedTest
  @MethodSource("builders")
  void classWeightsAreNamedWithIndexValueAndRange(LabelledLoss.Builder<?> builder) {
    for (float weight : new float[] {-1, -0x1p-149f, Float.NaN, 1 / 0f, -1 / 0f}) {
      Refusal.ofArgument(
          () -> builder.classWeights(1, weight, 1),
          "classWeights[1] = " + weight + " is outside [0, ∞)");
    }
  }

  @ParameterizedTest
  @MethodSource("builders")
  void missingOptionsAreNamed(LabelledLoss.Builder<?> builder) {
    Refusal.ofNull("classWeights", () -> builder.classWeights((float[]) null));
    Refusal.ofNull("divisor", () -> builder.divisor(null));
    Refusal.ofNull("emptyMean", () -> builder.emptyMean(null));
  }

  @Test
  void missingExecutionIsNamed() {
    Refusal.ofNull("execution", () -> CrossEntropy.builder().execution(null));
  }

  @Test
  void classWeightsOfAnotherNumberOfClassesAreRefused() {
    List<LabelledLoss> losses =
        List.of(
            CrossEntropy.builder().classWeights(1, 1, 1, 1).build(),
            NegativeLogLikelihood.builder().classWeights(1, 1, 1, 1).build());
    Batch batch = Batch.of(LOGITS, LABELS);
    for (LabelledLoss loss : losses) {
      float[] rowLosses = {GUARD, GUARD};
      Totals totals = loss.newTotals();
      Outputs outputs = Outputs.none().withLosses(rowLosses).withTotals(totals);
      Refusal.ofArgument(
          () -> loss.compute(batch, outputs),
          "classWeights.length = 4 is not the number of classes, 3");
      assertEquals(GUARD, rowLosses[0]);
      assertEquals(0, totals.rows());
    }
  }

  @Test
  void classWeightsAreCopied() {
    float[] weights = {1, 1, 1};
    CrossEntropy loss = CrossEntropy.builder().classWeights(weights).build();
    double before = loss.forward(LOGITS, LABELS).sum();
    weights[0] = 100;
    assertEquals(before, loss.forward(LOGITS, LABELS).sum());
  }

  @Test
  void builderMayBeUsedAgainWithoutChangingWhatItBuilt() {
    CrossEntropy.Builder builder = CrossEntropy.builder().divisor(Divisor.ONE);
    CrossEntropy sum = builder.build();
    builder.divisor(Divisor.ROWS).ignoreIndex(1).labelSmoothing(0.5).zLoss(1);
    Totals totals = sum.forward(LOGITS, LABELS);
    assertEquals(totals.sum(), totals.mean());
    assertEquals(0, totals.ignoredRows());
    assertEquals(totals.negativeLogLikelihood(), totals.sum());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void ignoreIndexMayBeAnyNumber(int ignoreIndex) {
    CrossEntropy loss = CrossEntropy.builder().ignoreIndex(ignoreIndex).build();
    assertEquals(2, loss.forward(LOGITS, Labels.of(ignoreIndex, ignoreIndex)).ignoredRows());
  }

  @Test
  void lossesAreDescribedInWords() {
    assertEquals(
        "CrossEntropy[Divisor.STANDARD, ignoreIndex -100, Execution[sequential, kernel preferred]]",
        CrossEntropy.standard().toString());
  }

  @ParameterizedTest
  @EnumSource(EmptyMean.class)
  void emptyMeanDecidesWhatAGradientOverNothingIs(EmptyMean policy) {
    CrossEntropy loss = CrossEntropy.builder().emptyMean(policy).build();
    GuardedOutputs outputs = guarded();
    Batch nothing = Batch.of(LOGITS, Labels.of(-100, -100));
    if (policy == EmptyMean.THROW) {
      Refusal.of(
          IllegalStateException.class,
          () ->
              loss.compute(
                  nothing,
                  Outputs.none().withLosses(outputs.losses).withGradient(outputs.gradient)),
          "divisor is 0");
      outputs.assertUntouched();
    } else {
      loss.compute(nothing, Outputs.none().withGradient(outputs.gradient));
      assertEquals(0, Float.floatToRawIntBits(outputs.gradient.get(1, 2)));
    }
  }

  private static GuardedOutputs guarded() {
    return new GuardedOutputs(CrossEntropy.standard(), 2, 3);
  }

  @Test
  void lossesSayWhatTheyWereBuiltWith() {
    CrossEntropy loss =
        CrossEntropy.builder().labelSmoothing(0.25).zLoss(0.5).classWeights(2, 3, 4).build();
    assertEquals(0.25, loss.labelSmoothing());
    assertEquals(0.5, loss.zLoss());
    assertEquals(4, loss.classWeight(2));
    Refusal.ofIndex(() -> loss.classWeight(3), "label = 3 is outside [0, 3)");
    assertEquals(0, CrossEntropy.standard().labelSmoothing());
    assertEquals(1, CrossEntropy.standard().classWeight(7));
  }

  @Test
  void rowsAreIgnoredByLabelOrMask() {
    LabelledLoss loss = NegativeLogLikelihood.builder().ignoreIndex(-7).build();
    Batch batch =
        Batch.of(Matrix.zeros(3, 3), Labels.of(-7, -100, 1))
            .withIgnoredRows(new boolean[] {false, false, true});
    assertTrue(loss.isIgnored(batch, 0));
    assertFalse(loss.isIgnored(batch, 1));
    assertTrue(loss.isIgnored(batch, 2));
    Refusal.ofIndex(() -> loss.isIgnored(batch, 3), "row = 3 is outside [0, 3)");
  }

  @Test
  void totalsSayWhatTheMeanDividesBy() {
    Labels labels = Labels.of(0, -100);
    CrossEntropy.Builder builder = CrossEntropy.builder().classWeights(5, 6, 7);
    assertEquals(5, builder.build().forward(LOGITS, labels).divisor());
    assertEquals(2, builder.divisor(Divisor.ROWS).build().forward(LOGITS, labels).divisor());
    assertEquals(0, builder.divisor(Divisor.COUNT).build().newTotals().divisor());
  }

  @ParameterizedTest
  @MethodSource("builders")
  void ignoreIndexMayBeAClassOrAnyOtherNumber(LabelledLoss.Builder<?> builder) {
    for (int ignored : new int[] {0, 1, 2, 1000, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      LabelledLoss loss = build(builder.ignoreIndex(ignored));
      Totals totals = loss.forward(LOGITS, Labels.of(ignored, ignored == 1 ? 2 : 1));
      assertEquals(1, totals.ignoredRows(), "ignoreIndex " + ignored);
      assertEquals(1, totals.weight(), "ignoreIndex " + ignored);
    }
  }

  private static LabelledLoss build(LabelledLoss.Builder<?> builder) {
    return switch (builder) {
      case CrossEntropy.Builder crossEntropy -> crossEntropy.build();
      case NegativeLogLikelihood.Builder likelihood -> likelihood.build();
      case SoftmaxFocal.Builder focal -> focal.build();
      case PolyCrossEntropy.Builder poly -> poly.build();
      case GeneralizedCrossEntropy.Builder generalized -> generalized.build();
      default -> throw new IllegalArgumentException(builder.toString());
    };
  }

  @Test
  void rowsWithTargetsAreIgnoredByTheMaskAlone() {
    Batch batch = Batch.of(LOGITS, LOGITS).withIgnoredRows(new boolean[] {false, true});
    CrossEntropy loss = CrossEntropy.standard();
    assertFalse(loss.isIgnored(batch, 0));
    assertTrue(loss.isIgnored(batch, 1));
  }

  @Test
  void likelihoodAddsItsGradientToWhatIsThere() {
    Matrix gradient = Matrix.of(new float[] {1, 2, 3, 4, 5, 6}, 3);
    NegativeLogLikelihood loss =
        NegativeLogLikelihood.builder().divisor(Divisor.ONE).classWeights(0.5f, 4, 1).build();
    loss.compute(
        Batch.of(LOGITS, LABELS).withSampleWeights(new float[] {3, 2}),
        Outputs.none().withGradient(Gradient.addedTo(gradient).withUpstream(2)));
    assertArrayEquals(new float[] {1 - 3, 2, 3, 4, 5 - 16, 6}, gradient.data());
  }
}
