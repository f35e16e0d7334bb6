package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What distillation takes and refuses. */
class DistillationTest {
  private final Matrix student = Matrix.of(new float[] {1, 2, 3, 3, 2, 1}, 3);
  private final Matrix teacher = Matrix.of(new float[] {0, 2, 3, 3, 2, 0}, 3);
  private final Labels labels = Labels.of(0, 1);

  private static void compute(LabelledLoss loss, Batch batch) {
    loss.compute(batch, Outputs.none().withTotals(loss.newTotals()));
  }

  @Test
  void labelsWithoutATeacherAreRefused() {
    Distillation loss = Distillation.builder().build();
    Refusal.ofArgument(() -> compute(loss, Batch.of(student, labels)), "no logits of a teacher");
  }

  @Test
  void hardLossNeedsLabels() {
    Distillation loss = Distillation.builder().hardLoss(0.5).build();
    Refusal.ofArgument(
        () -> compute(loss, Batch.of(student, teacher)), "hard loss of weight 0.5 needs labels");
  }

  @Test
  void labelsBesideTargetsAreRefusedByOtherLosses() {
    Batch both = Batch.of(student, teacher).withLabels(labels);
    Refusal.ofArgument(
        () -> compute(CrossEntropy.standard(), both),
        "labels beside other targets, but CrossEntropy takes one of them");
  }

  @Test
  void classWeightsWithoutAHardLossAreRefused() {
    Refusal.ofArgument(
        () -> Distillation.builder().classWeights(1, 2, 3).build(),
        "classWeights weigh the hard loss");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void temperatureIsPositiveAndFinite(double temperature) {
    Refusal.ofArgument(
        () -> Distillation.builder().temperature(temperature),
        "temperature = " + temperature + " is outside (0, ∞)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.5, Double.NaN})
  void shareOfTheTeacherIsBetweenZeroAndOne(double share) {
    Refusal.ofArgument(
        () -> Distillation.builder().jensenShannon(share),
        "beta = " + share + " is outside (0, 1)");
  }

  @Test
  void meanDividesByRowsOrByTheWeightsOfLabels() {
    Distillation soft = Distillation.builder().build();
    assertEquals(2, soft.forward(student, teacher).divisor());
    Distillation mixed = Distillation.builder().hardLoss(0.5).classWeights(3, 4, 5).build();
    Totals totals = mixed.newTotals();
    mixed.compute(Batch.of(student, teacher).withLabels(labels), Outputs.none().withTotals(totals));
    assertEquals(7, totals.divisor());
    assertEquals(Double.NaN, soft.forward(student, teacher).negativeLogLikelihood());
  }
}
