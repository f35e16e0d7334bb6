package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad arguments of losses of elements: named, and refused before any write. What means divide by.
 */
class ElementLossArgumentsTest {
  private static final float UNTOUCHED = 77;

  private final float[] values = {0.5f, 0.25f, 0.75f, 0.5f, 0.125f, 1};
  private final Matrix inputs = Matrix.of(values, 3);
  private final Matrix targets = Matrix.of(new float[] {0, 1, 0.5f, 1, 0, 0.25f}, 3);

  static List<ElementLoss> losses() {
    return List.of(
        BinaryCrossEntropy.standard(),
        BinaryCrossEntropyOnProbabilities.standard(),
        KullbackLeibler.standard(),
        SigmoidFocal.builder().build(),
        SigmoidSquaredError.standard());
  }

  private static Matrix untouched() {
    Matrix matrix = Matrix.zeros(2, 3);
    Arrays.fill(matrix.data(), UNTOUCHED);
    return matrix;
  }

  private static Matrix with(Matrix matrix, int index, float value) {
    float[] changed = matrix.data().clone();
    changed[index] = value;
    return Matrix.of(changed, 3);
  }

  /** The batch is refused with an exception that names the parts, and no output is touched. */
  private static void refused(ElementLoss loss, ElementBatch batch, String... parts) {
    Matrix losses = untouched();
    Matrix gradient = untouched();
    ElementTotals totals = loss.newTotals();
    ElementOutputs outputs =
        ElementOutputs.none().withLosses(losses).withGradient(gradient).withTotals(totals);
    Refusal.ofArgument(() -> loss.compute(batch, outputs), parts);
    assertArrayEquals(untouched().data(), losses.data());
    assertArrayEquals(untouched().data(), gradient.data());
    assertEquals(0, totals.elements());
  }

  private void refusedOutputs(ElementLoss loss, ElementOutputs outputs, String... parts) {
    float[] before = values.clone();
    Refusal.ofArgument(() -> loss.compute(ElementBatch.of(inputs, targets), outputs), parts);
    assertArrayEquals(before, values);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1e-30f, 1.0000001f, Float.NaN, Float.NEGATIVE_INFINITY, -100})
  void targetOutOfRangeNamesRowClassAndValue(float wrong) {
    for (ElementLoss loss : losses()) {
      if (!(loss instanceof KullbackLeibler) || !(wrong > 1)) {
        ElementBatch batch = ElementBatch.of(inputs, with(targets, 4, wrong));
        refused(loss, batch, "targets[1, 1] = " + wrong, "is outside [0, ");
      }
    }
  }

  @Test
  void targetOutOfRangeBetweenGapsIsFoundAndGapsAreNot() {
    float[] strided = new float[20];
    Arrays.fill(strided, Float.NaN);
    Matrix between = Matrix.strided(strided, 1, 2, 3, 7);
    for (int row = 0; row < 2; row++) {
      Arrays.fill(strided, between.rowStart(row), between.rowStart(row) + 3, 0.5f);
    }
    for (ElementLoss loss : losses()) {
      assertEquals(6, loss.forward(inputs, between).elements());
    }
    strided[between.rowStart(1) + 2] = -2;
    for (ElementLoss loss : losses()) {
      refused(loss, ElementBatch.of(inputs, between), "targets[1, 2] = -2.0");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1.5f, Float.NaN, Float.POSITIVE_INFINITY})
  void probabilityOutOfRangeNamesRowClassAndValue(float wrong) {
    refused(
        BinaryCrossEntropyOnProbabilities.standard(),
        ElementBatch.of(with(inputs, 2, wrong), targets),
        "inputs[0, 2] = " + wrong + " is outside [0, 1]");
  }

  @Test
  void divergenceTakesAnyTargetThatIsNotNegative() {
    KullbackLeibler loss = KullbackLeibler.standard();
    assertTrue(loss.forward(inputs, with(targets, 0, 9)).sum() > 0);
    refused(loss, ElementBatch.of(inputs, with(targets, 0, Float.POSITIVE_INFINITY)), "[0, 0]");
    KullbackLeibler ofLogs =
        KullbackLeibler.builder().targets(KullbackLeibler.Targets.LOG_PROBABILITIES).build();
    assertEquals(6, ofLogs.forward(inputs, with(targets, 0, -100)).elements());
  }

  @Test
  void targetOfNegativeZeroIsZero() {
    for (ElementLoss loss : losses()) {
      double expected = loss.forward(inputs, targets).sum();
      assertEquals(expected, loss.forward(inputs, with(targets, 0, -0f)).sum());
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, Float.NaN, Float.POSITIVE_INFINITY})
  void weightOutOfRangeNamesRowClassAndValue(float wrong) {
    for (ElementLoss loss : losses()) {
      ElementBatch batch = ElementBatch.of(inputs, targets).withWeights(with(targets, 3, wrong));
      refused(loss, batch, "weights[1, 0] = " + wrong + " is outside [0, ∞)");
    }
  }

  @Test
  void shapesMustAgree() {
    Matrix other = Matrix.zeros(3, 2);
    Refusal.ofArgument(() -> ElementBatch.of(inputs, other), "targets is [3 × 2]", "[2 × 3]");
    ElementBatch batch = ElementBatch.of(inputs, targets);
    Refusal.ofArgument(() -> batch.withWeights(other), "weights is [3 × 2]");
    for (ElementLoss loss : losses()) {
      ElementOutputs none = ElementOutputs.none();
      refusedOutputs(loss, none.withLosses(other), "losses is [3 × 2]");
      refusedOutputs(loss, none.withGradient(other), "gradient is [3 × 2]");
      Gradient gradient = Gradient.into(untouched());
      refusedOutputs(loss, none.withGradient(gradient.withUpstream(other)), "upstream is [3 × 2]");
      refusedOutputs(
          loss, none.withGradient(gradient.withUpstream(new float[3])), "upstream.length = 3");
    }
    BinaryCrossEntropy weighted = BinaryCrossEntropy.builder().positiveWeights(1, 2).build();
    refused(weighted, batch, "positiveWeights.length = 2", "classes, 3");
  }

  @Test
  void outputsMayNotLieOverWhatIsRead() {
    Matrix shifted = Matrix.strided(values, 1, 1, 3, 3);
    ElementLoss loss = BinaryCrossEntropy.standard();
    ElementOutputs none = ElementOutputs.none();
    refusedOutputs(loss, none.withLosses(inputs), "losses", "overlaps inputs");
    refusedOutputs(loss, none.withLosses(targets), "losses", "overlaps targets");
    refusedOutputs(loss, none.withGradient(targets), "gradient", "overlaps targets");
    refusedOutputs(loss, none.withGradient(Gradient.addedTo(inputs)), "overlaps inputs");
    Matrix out = untouched();
    refusedOutputs(loss, none.withLosses(out).withGradient(out), "losses", "overlaps gradient");
    Gradient upstream = Gradient.into(out).withUpstream(out);
    refusedOutputs(loss, none.withGradient(upstream), "gradient", "overlaps upstream");
    Matrix row = inputs.slice(0, 1);
    Refusal.ofArgument(
        () -> loss.compute(ElementBatch.of(row, targets.slice(0, 1)), none.withGradient(shifted)),
        "overlaps inputs",
        "in part");
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    Refusal.ofArgument(() -> BinaryCrossEntropy.builder().labelSmoothing(1.5), "1.5", "[0, 1]");
    Refusal.ofArgument(() -> BinaryCrossEntropy.builder().positiveWeights(1, -2), "[1] = -2.0");
    Refusal.ofArgument(() -> BinaryCrossEntropy.builder().ignoredTarget(Float.NaN), "NaN");
    Refusal.ofArgument(() -> SigmoidFocal.builder().gamma(-1), "gamma = -1.0", "[0, ∞)");
    Refusal.ofArgument(() -> SigmoidFocal.builder().alpha(2), "alpha = 2.0", "[0, 1]");
  }

  @Test
  void lossesOfRowsRefuseAnUpstreamMatrix() {
    Gradient gradient = Gradient.into(untouched()).withUpstream(targets);
    Refusal.ofArgument(
        () ->
            CrossEntropy.standard()
                .compute(Batch.of(inputs, Labels.of(0, 1)), Outputs.none().withGradient(gradient)),
        "upstream is a matrix",
        "one factor a row");
    assertArrayEquals(untouched().data(), gradient.matrix().data());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void missingArgumentsAreNamed(ElementLoss loss) {
    Refusal.ofNull("batch", () -> loss.compute(null, ElementOutputs.none()));
    ElementBatch batch = ElementBatch.of(inputs, targets);
    Refusal.ofNull("outputs", () -> loss.compute(batch, null));
    Refusal.ofNull("inputs", () -> loss.forward(null, targets));
    Refusal.ofNull("targets", () -> loss.forward(inputs, null));
    Refusal.ofNull("gradient", () -> loss.forwardAndGradient(inputs, targets, null));
  }

  private static BinaryCrossEntropy by(Divisor divisor) {
    return BinaryCrossEntropy.builder().divisor(divisor).ignoredTarget(-1).build();
  }

  @Test
  void meanAndGradientAreDividedByWhatIsAskedFor() {
    Matrix some = with(targets, 1, -1);
    Matrix weights = Matrix.of(new float[] {1, 9, 2, 0.5f, 1, 1}, 3);
    ElementBatch batch = ElementBatch.of(inputs, some).withWeights(weights);
    Divisor[] divisors = {Divisor.COUNT, Divisor.ROWS, Divisor.WEIGHTS, Divisor.of(7)};
    double[] numbers = {5, 2, 5.5, 7};
    Matrix plain = Matrix.zeros(2, 3);
    ElementTotals sum = by(Divisor.ONE).newTotals();
    by(Divisor.ONE).compute(batch, ElementOutputs.none().withGradient(plain).withTotals(sum));
    for (int i = 0; i < divisors.length; i++) {
      BinaryCrossEntropy loss = by(divisors[i]);
      Matrix gradient = Matrix.zeros(2, 3);
      ElementTotals totals = loss.newTotals();
      loss.compute(batch, ElementOutputs.none().withGradient(gradient).withTotals(totals));
      assertEquals(sum.sum() / numbers[i], totals.mean(), 1e-15);
      for (int k = 0; k < 6; k++) {
        assertEquals(plain.data()[k] / numbers[i], gradient.data()[k], 1e-7);
      }
    }
    assertEquals(5.5, sum.weight());
    assertEquals(1, sum.ignoredElements());
  }

  @Test
  void meanOfNothingIsWhatThePolicySays() {
    Matrix none = Matrix.of(new float[] {-1, -1, -1, -1, -1, -1}, 3);
    BinaryCrossEntropy.Builder builder = BinaryCrossEntropy.builder().ignoredTarget(-1);
    Matrix gradient = untouched();
    assertEquals(Double.NaN, builder.build().forwardAndGradient(inputs, none, gradient).mean());
    assertArrayEquals(new float[6], gradient.data());
    BinaryCrossEntropy zero = builder.emptyMean(EmptyMean.ZERO).build();
    assertEquals(0, zero.forward(inputs, none).mean());
    assertEquals(0, zero.forward(Matrix.zeros(0, 3), Matrix.zeros(0, 3)).mean());
    BinaryCrossEntropy strict = builder.emptyMean(EmptyMean.THROW).build();
    Matrix kept = untouched();
    Refusal.of(
        IllegalStateException.class,
        () -> strict.forwardAndGradient(inputs, none, kept),
        "the mean is empty");
    assertArrayEquals(untouched().data(), kept.data());
  }

  @Test
  void totalsOfAnotherDivisorAreRefused() {
    ElementTotals rows = by(Divisor.ROWS).newTotals();
    Refusal.ofArgument(() -> rows.merge(by(Divisor.COUNT).newTotals()), "ROWS", "COUNT");
    refusedOutputs(by(Divisor.COUNT), ElementOutputs.none().withTotals(rows), "do not add");
  }

  @Test
  void totalsOfCallsAddUpAndAreClearedTogether() {
    BinaryCrossEntropy loss = by(Divisor.COUNT);
    ElementTotals twice = loss.forward(inputs, targets);
    double once = twice.sum();
    loss.compute(ElementBatch.of(inputs, targets), ElementOutputs.none().withTotals(twice));
    assertEquals(2 * once, twice.sum());
    assertEquals(12, twice.countedElements());
    assertEquals(4, twice.rows());
    assertEquals(once / 6, twice.mean(), 1e-15);
    twice.clear();
    assertEquals(0, twice.sum());
    assertEquals(0, twice.elements());
    assertEquals(0, twice.weight());
  }
}
