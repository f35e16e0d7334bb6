package io.surprisal;

import static io.surprisal.GuardedOutputs.GUARD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad arguments of cross-entropy and of the likelihood: named, and refused before any write. */
class LabelledLossArgumentsTest {
  private static final int ROWS = 3;
  private static final int CLASSES = 3;

  private final float[] logits = {-1, -2, -3, -3, -1, -2, -2, -3, -1};
  private final Matrix matrix = Matrix.of(logits, CLASSES);
  private final Labels labels = Labels.of(0, 1, 2);

  static List<LabelledLoss> losses() {
    return List.of(
        CrossEntropy.standard(), NegativeLogLikelihood.standard(), SoftmaxFocal.standard());
  }

  private Batch batch() {
    return Batch.of(matrix, labels);
  }

  /** The batch is refused with an exception that names the parts, and no output is touched. */
  private static void refused(LabelledLoss loss, Batch batch, String... parts) {
    GuardedOutputs outputs = new GuardedOutputs(loss, ROWS, CLASSES);
    Refusal.ofArgument(() -> loss.compute(batch, outputs.all()), parts);
    outputs.assertUntouched();
  }

  /** So it is with outputs that are changed in one respect. */
  private void refused(LabelledLoss loss, UnaryOperator<Outputs> change, String... parts) {
    GuardedOutputs outputs = new GuardedOutputs(loss, ROWS, CLASSES);
    float[] before = logits.clone();
    Refusal.ofArgument(() -> loss.compute(batch(), change.apply(outputs.all())), parts);
    outputs.assertUntouched();
    assertArrayEquals(before, logits);
  }

  private static void refusedLabel(LabelledLoss loss, Batch batch, String... parts) {
    GuardedOutputs outputs = new GuardedOutputs(loss, ROWS, CLASSES);
    Refusal.ofIndex(() -> loss.compute(batch, outputs.all()), parts);
    outputs.assertUntouched();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void missingArgumentsAreNamed(LabelledLoss loss) {
    Refusal.ofNull("batch", () -> loss.compute(null, Outputs.none()));
    Refusal.ofNull("outputs", () -> loss.compute(batch(), null));
    Refusal.ofNull("logits", () -> loss.forward(null, labels));
    Refusal.ofNull("labels", () -> loss.forward(matrix, null));
    Refusal.ofNull("logits", () -> loss.forwardAndGradient(null, labels, matrix));
    Refusal.ofNull("labels", () -> loss.forwardAndGradient(matrix, null, matrix));
    Refusal.ofNull("gradient", () -> loss.forwardAndGradient(matrix, labels, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, 50257, -99, -101, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void labelOutOfRangeNamesRowValueAndRange(int label) {
    Batch bad = Batch.of(matrix, Labels.of(0, 1, label));
    for (LabelledLoss loss : losses()) {
      refusedLabel(loss, bad, "labels[2] = " + label + " is outside [0, 3)", "ignoreIndex -100");
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void labelsWithinALongerArrayAreNamedByRow(LabelledLoss loss) {
    Labels inside = Labels.of(new int[] {99, 99, 0, 3, 1, 99}, 2, ROWS);
    refusedLabel(loss, Batch.of(matrix, inside), "labels[1] = 3 is outside [0, 3)");
    Labels fits = Labels.of(new int[] {99, 99, 0, 2, 1, 99}, 2, ROWS);
    assertEquals(ROWS, loss.forward(matrix, fits).countedRows());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void labelOfAMaskedRowIsNotLookedAt(LabelledLoss loss) {
    boolean[] ignored = {false, true, false};
    Batch masked = Batch.of(matrix, Labels.of(0, 7, 2)).withIgnoredRows(ignored);
    GuardedOutputs outputs = new GuardedOutputs(loss, ROWS, CLASSES);
    loss.compute(masked, outputs.all());
    assertEquals(0, Float.floatToRawIntBits(outputs.losses[1]));
    ignored[1] = false;
    refusedLabel(loss, masked, "labels[1] = 7 is outside [0, 3)");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesThatAreTooShortAreRefused(LabelledLoss loss) {
    float[] tooShort = {GUARD, GUARD};
    refused(
        loss,
        outputs -> outputs.withLosses(tooShort),
        "losses.length = 2 is less than the number of rows, 3");
    assertArrayEquals(new float[] {GUARD, GUARD}, tooShort);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesMayBeLonger(LabelledLoss loss) {
    float[] longer = {0, 0, 0, GUARD, GUARD};
    loss.compute(batch(), Outputs.none().withLosses(longer));
    assertArrayEquals(new float[] {GUARD, GUARD}, new float[] {longer[3], longer[4]});
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientOfAnotherShapeIsRefused(LabelledLoss loss) {
    Matrix fewer = Matrix.zeros(2, CLASSES);
    refused(loss, outputs -> outputs.withGradient(fewer), "gradient is [2 × 3]", "[3 × 3]");
    Matrix wider = Matrix.zeros(ROWS, 4);
    refused(loss, outputs -> outputs.withGradient(wider), "gradient is [3 × 4]", "[3 × 3]");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesInTheArrayOfAMatrixAreRefused(LabelledLoss loss) {
    refused(loss, outputs -> outputs.withLosses(logits), "losses", "logits", "[0, 3)", "[0, 9)");
    float[] shared = new float[ROWS * CLASSES];
    Matrix gradient = Matrix.of(shared, CLASSES);
    refused(
        loss,
        outputs -> outputs.withGradient(gradient).withLosses(shared),
        "losses",
        "gradient",
        "[0, 3)",
        "[0, 9)");
    assertArrayEquals(new float[ROWS * CLASSES], shared);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesThatReachIntoTheGradientAreRefused(LabelledLoss loss) {
    float[] shared = new float[ROWS + ROWS * CLASSES];
    Matrix gradient = Matrix.strided(shared, ROWS - 1, ROWS, CLASSES, CLASSES);
    refused(
        loss,
        outputs -> outputs.withGradient(gradient).withLosses(shared),
        "losses [0, 3) overlaps gradient [2, 11)");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesMayLieInFrontOfTheGradient(LabelledLoss loss) {
    float[] shared = new float[ROWS + ROWS * CLASSES];
    Matrix behind = Matrix.strided(shared, ROWS, ROWS, CLASSES, CLASSES);
    loss.compute(batch(), Outputs.none().withLosses(shared).withGradient(behind));
    GuardedOutputs apart = new GuardedOutputs(loss, ROWS, CLASSES);
    loss.compute(batch(), apart.all());
    for (int row = 0; row < ROWS; row++) {
      assertEquals(apart.losses[row], shared[row]);
      assertEquals(apart.gradient.get(row, 1), behind.get(row, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void upstreamRowsOfAnotherLengthAreRefused(LabelledLoss loss) {
    GuardedOutputs outputs = new GuardedOutputs(loss, ROWS, CLASSES);
    for (int length : new int[] {0, 2, 4}) {
      Gradient gradient = Gradient.into(outputs.gradient).withUpstream(new float[length]);
      refused(
          loss,
          all -> all.withGradient(gradient),
          "upstream.length = " + length + " is not the number of rows, 3");
    }
    outputs.assertUntouched();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void rowNumbersInTheArrayOfTheGradientAreRefused(LabelledLoss loss) {
    float[] shared = {1, 1, 1};
    Matrix logits = Matrix.of(new float[] {-1, -2, -3}, 1);
    Batch batch = Batch.of(logits, Labels.of(0, 0, 0));
    Gradient gradient = Gradient.into(Matrix.of(shared, 1));
    Outputs withUpstream = Outputs.none().withGradient(gradient.withUpstream(shared));
    Refusal.ofArgument(() -> loss.compute(batch, withUpstream), "upstream", "gradient");
    Batch weighted = batch.withSampleWeights(shared);
    Outputs plain = Outputs.none().withGradient(gradient);
    Refusal.ofArgument(() -> loss.compute(weighted, plain), "sampleWeights", "gradient");
    assertArrayEquals(new float[] {1, 1, 1}, shared);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void totalsOfAnotherLossAreRefused(LabelledLoss loss) {
    Totals byRows = CrossEntropy.builder().divisor(Divisor.ROWS).build().newTotals();
    refused(loss, outputs -> outputs.withTotals(byRows), "Divisor.ROWS", "Divisor.STANDARD");
    Totals zero = CrossEntropy.builder().emptyMean(EmptyMean.ZERO).build().newTotals();
    refused(loss, outputs -> outputs.withTotals(zero), "EmptyMean.ZERO", "EmptyMean.NAN");
    assertEquals(0, byRows.rows() + zero.rows());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void sampleWeightsAreNamedWithIndexValueAndRange(LabelledLoss loss) {
    for (float weight : new float[] {-1, -0x1p-149f, Float.NaN, 1 / 0f, -1 / 0f}) {
      Batch bad = batch().withSampleWeights(new float[] {1, 1, weight});
      refused(loss, bad, "sampleWeights[2] = " + weight + " is outside [0, ∞)");
    }
    Batch fits = batch().withSampleWeights(new float[] {0, -0.0f, Float.MAX_VALUE});
    loss.compute(fits, new GuardedOutputs(loss, ROWS, CLASSES).all());
  }
}
