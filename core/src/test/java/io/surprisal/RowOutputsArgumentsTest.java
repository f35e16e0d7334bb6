package io.surprisal;

import java.lang.foreign.MemorySegment;
import java.nio.IntBuffer;
import org.junit.jupiter.api.Test;

/** Arrays for row results that do not fit are refused before anything is written. */
class RowOutputsArgumentsTest {
  private final Matrix logits = Matrix.zeros(3, 2);
  private final int[] labelData = {0, 1, 0};
  private final Batch batch = Batch.of(logits, Labels.of(labelData));
  private final CrossEntropy loss = CrossEntropy.standard();

  private void refused(Outputs outputs, String... parts) {
    GuardedOutputs guarded = new GuardedOutputs(loss, 3, 2);
    Outputs all = outputs.withLosses(guarded.losses).withTotals(guarded.totals);
    Refusal.ofArgument(() -> loss.compute(batch, all.withGradient(guarded.gradient)), parts);
    guarded.assertUntouched();
  }

  @Test
  void arrayThatIsTooShortIsNamed() {
    Outputs none = Outputs.none();
    String shorter = ".length = 2 is less than the number of rows, 3";
    refused(none.withLogSumExps(new float[2]), "logSumExps" + shorter);
    refused(none.withLogProbabilities(new float[2]), "logProbabilities" + shorter);
    refused(none.withEntropies(new float[2]), "entropies" + shorter);
    refused(none.withConfidences(new float[2]), "confidences" + shorter);
    refused(none.withBrierScores(new float[2]), "brierScores" + shorter);
    refused(none.withPredictions(new int[2]), "predictions" + shorter);
    refused(none.withRanks(new int[2]), "ranks" + shorter);
  }

  @Test
  void arrayOfSomethingElseIsRefused() {
    Outputs none = Outputs.none();
    float[] values = new float[3];
    refused(none.withEntropies(values).withConfidences(values), "entropies and confidences");
    refused(none.withEntropies(logits.data()), "entropies [0, 3) overlaps logits [0, 6)");
    refused(none.withRanks(labelData), "ranks and labels are one array");
    int[] numbers = new int[3];
    refused(none.withRanks(numbers).withPredictions(numbers), "predictions and ranks");
    Outputs losses = none.withLosses(values).withBrierScores(values);
    Refusal.ofArgument(() -> loss.compute(batch, losses), "brierScores and losses");
    Matrix gradient = Matrix.of(new float[6], 2);
    Outputs over = none.withGradient(gradient).withLogSumExps(gradient.data());
    Refusal.ofArgument(() -> loss.compute(batch, over), "logSumExps [0, 3) overlaps gradient");
  }

  @Test
  void memoryOfSomethingElseIsRefusedBehindWhateverView() {
    Outputs none = Outputs.none();
    int[] numbers = new int[6];
    Matrix over = Matrix.of(MemorySegment.ofArray(numbers), ElementType.FLOAT, 3, 2);
    Outputs ranks = none.withRanks(numbers);
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(over, Labels.of(labelData)), ranks), "ranks [0, 3) overlaps");
    Refusal.ofArgument(
        () -> loss.compute(batch, ranks.withGradient(over)), "ranks [0, 3) overlaps gradient");
    Labels readOnly = Labels.of(IntBuffer.wrap(labelData).asReadOnlyBuffer());
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(logits, readOnly), none.withPredictions(labelData)),
        "predictions and labels are one array");
  }

  @Test
  void rowsWithoutLabelsOrLogitsHaveNoSuchResults() {
    Outputs outputs = Outputs.none().withEntropies(new float[3]);
    Batch dense = Batch.of(logits, Matrix.zeros(3, 2));
    Refusal.ofArgument(() -> loss.compute(dense, outputs), "Outputs[entropies]", "CrossEntropy");
    NegativeLogLikelihood given = NegativeLogLikelihood.standard();
    Outputs evaluated = Outputs.none().withEvaluation(Evaluation.standard());
    Refusal.ofArgument(
        () -> given.compute(batch, evaluated), "Outputs[evaluation]", "NegativeLogLikelihood");
  }

  @Test
  void missingArraysAreNamed() {
    Refusal.ofNull("entropies", () -> Outputs.none().withEntropies(null));
    Refusal.ofNull("ranks", () -> Outputs.none().withRanks(null));
    Refusal.ofNull("evaluation", () -> Outputs.none().withEvaluation(null));
  }

  @Test
  void evaluationsOfAnotherShapeDoNotMerge() {
    Evaluation standard = Evaluation.standard();
    Refusal.ofArgument(
        () -> standard.merge(Evaluation.builder().top(5).bins(10).build()), "10 bins", "15");
    Refusal.ofArgument(
        () -> standard.merge(Evaluation.builder().top(1).bins(15).build()), "top 1", "top 5");
    Refusal.ofNull("other", () -> standard.merge(null));
    Refusal.ofArgument(() -> Evaluation.builder().top(0).bins(1).build(), "top = 0 is less than 1");
    Refusal.ofArgument(
        () -> Evaluation.builder().top(1).bins(-2).build(), "bins = -2 is less than 1");
    Refusal.ofArgument(() -> standard.topAccuracy(6), "k = 6 is outside [1, 5]");
    Refusal.ofIndex(() -> standard.binRows(15), "bin = 15 is outside [0, 15)");
  }
}
