package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What entropy takes, and that no other loss takes logits alone. */
class SoftmaxEntropyTest {
  private final Matrix logits = Matrix.of(new float[] {2, 0.5f, 0.1f, 1, 1, 1}, 3);
  private final float[] losses = {7, 7};

  @Test
  void entropyOfAWorkedExample() {
    Matrix gradient = Matrix.zeros(2, 3);
    Totals totals = SoftmaxEntropy.standard().forwardAndGradient(logits, gradient);
    double sum = 0;
    double norm = Math.exp(2) + Math.exp(0.5) + Math.exp((double) 0.1f);
    for (double x : new double[] {2, 0.5, 0.1f}) {
      double p = Math.exp(x) / norm;
      sum -= p * Math.log(p);
    }
    assertEquals((sum + Math.log(3)) / 2, totals.mean(), 1e-7);
    assertEquals(totals.mean(), SoftmaxEntropy.standard().forward(logits).mean());
    assertEquals(2, totals.weight());
    double p = Math.exp(0.5) / norm;
    assertEquals(-p * (Math.log(p) + sum) / 2, gradient.get(0, 1), 1e-8);
  }

  /** A bonus of β is taken off what is there. */
  @Test
  void bonusIsAddedToAnotherGradient() {
    Labels labels = Labels.of(0, -100);
    Matrix gradient = Matrix.zeros(2, 3);
    CrossEntropy.standard().forwardAndGradient(logits, labels, gradient);
    Matrix entropy = Matrix.zeros(2, 3);
    SoftmaxEntropy.standard().forwardAndGradient(logits, labels, entropy);
    Matrix both = Matrix.of(gradient.data().clone(), 3);
    Gradient bonus = Gradient.addedTo(both).withUpstream(-0.25);
    Outputs outputs = Outputs.none().withGradient(bonus);
    SoftmaxEntropy.standard().compute(Batch.of(logits, labels), outputs);
    for (int i = 0; i < 6; i++) {
      float expected = gradient.data()[i] - 0.25f * entropy.data()[i];
      assertEquals(expected, both.data()[i], 1e-7f, "entry " + i);
    }
  }

  @Test
  void targetsAndClassWeightsAreRefused() {
    SoftmaxEntropy loss = SoftmaxEntropy.standard();
    Outputs outputs = Outputs.none().withLosses(losses);
    SparseTargets sparse = SparseTargets.of(new int[] {1, 1}, new float[] {1, 1}, 1);
    for (Batch batch : List.of(Batch.of(logits, logits), Batch.of(logits, sparse))) {
      Refusal.ofArgument(() -> loss.compute(batch, outputs), "the batch has targets");
    }
    SoftmaxEntropy.Builder weighted = SoftmaxEntropy.builder().classWeights(1, 2, 3);
    Refusal.ofArgument(weighted::build, "classWeights");
    assertArrayEquals(new float[] {7, 7}, losses);
  }

  @Test
  void labelsOutOfRangeAndResultsOfALabelWithoutOneAreRefused() {
    SoftmaxEntropy loss = SoftmaxEntropy.standard();
    Outputs outputs = Outputs.none().withLosses(losses);
    Refusal.ofIndex(
        () -> loss.compute(Batch.of(logits, Labels.of(0, 3)), outputs),
        "labels[1] = 3 is outside [0, 3)");
    Outputs ranks = outputs.withRanks(new int[2]);
    Refusal.ofArgument(() -> loss.compute(Batch.of(logits), ranks), "needs logits and labels");
    Matrix doubles = Matrix.of(new double[6], 2, 3);
    Refusal.ofArgument(() -> loss.compute(Batch.of(doubles), outputs), "logits: ", "DOUBLE");
    assertArrayEquals(new float[] {7, 7}, losses);
  }

  @Test
  void otherLossesRefuseLogitsAlone() {
    Outputs outputs = Outputs.none().withLosses(losses);
    List<LabelledLoss> all =
        List.of(
            CrossEntropy.standard(),
            NegativeLogLikelihood.standard(),
            SoftmaxFocal.standard(),
            PolyCrossEntropy.standard(),
            GeneralizedCrossEntropy.standard(),
            SoftmaxSquaredError.standard());
    for (LabelledLoss loss : all) {
      Refusal.ofArgument(
          () -> loss.compute(Batch.of(logits), outputs),
          "neither labels nor targets",
          loss.getClass().getSimpleName());
    }
    Distillation distillation = Distillation.builder().build();
    Refusal.ofArgument(() -> distillation.compute(Batch.of(logits), outputs), "teacher");
    Hessian hessian = Hessian.of(CrossEntropy.standard());
    Refusal.ofArgument(
        () -> hessian.diagonal(Batch.of(logits), Matrix.zeros(2, 3)), "neither labels nor targets");
    assertArrayEquals(new float[] {7, 7}, losses);
  }
}
