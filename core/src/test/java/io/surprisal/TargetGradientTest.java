package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the gradient of targets is of, and what it is refused with, before anything is written. */
class TargetGradientTest {
  private final Matrix logits = Matrix.of(new float[] {2, 0.5f, 0.1f, 1, 1, 1}, 3);
  private final Matrix targets = Matrix.of(new float[] {0, 1, 0, 1, 0, 0}, 3);
  private final Matrix out = Matrix.of(new float[] {7, 7, 7, 7, 7, 7}, 3);
  private final float[] losses = {7, 7};
  private final Batch dense = Batch.of(logits, targets);
  private final Outputs outputs =
      Outputs.none().withLosses(losses).withTargetGradient(Gradient.into(out));

  private void assertUntouched() {
    assertArrayEquals(new float[] {7, 7}, losses);
    assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, out.data());
  }

  @Test
  void entriesAreTheLossesOfEachClassAsLabel() {
    CrossEntropy loss = CrossEntropy.builder().divisor(Divisor.ONE).build();
    loss.compute(dense, outputs);
    assertEquals(losses[0], out.get(0, 1));
    assertEquals(losses[1], out.get(1, 0));
    float[] label = new float[2];
    loss.compute(Batch.of(logits, Labels.of(2, 2)), Outputs.none().withLosses(label));
    assertEquals(label[0], out.get(0, 2));
    assertEquals(label[1], out.get(1, 2));
  }

  @Test
  void otherTargetsAndOtherLossesHaveNone() {
    SparseTargets sparse = SparseTargets.of(new int[] {1, 1}, new float[] {1, 1}, 1);
    Batch labelled = Batch.of(logits, Labels.of(0, 1));
    CrossEntropy loss = CrossEntropy.standard();
    Refusal.ofArgument(() -> loss.compute(labelled, outputs), "needs CrossEntropy", "of targets");
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(logits, sparse), outputs), "a target for every class");
    List<LabelledLoss> others =
        List.of(
            SoftmaxFocal.standard(),
            SoftmaxSquaredError.standard(),
            Distillation.builder().build());
    for (LabelledLoss other : others) {
      String name = other.getClass().getSimpleName();
      Refusal.ofArgument(() -> other.compute(dense, outputs), "needs CrossEntropy", name);
    }
    Refusal.ofArgument(
        () -> NegativeLogLikelihood.standard().compute(labelled, outputs), "needs CrossEntropy");
    assertUntouched();
  }

  @Test
  void placeThatIsReadOrWrittenOtherwiseIsRefused() {
    CrossEntropy loss = CrossEntropy.standard();
    for (Matrix taken : List.of(logits, targets)) {
      Outputs onto = Outputs.none().withTargetGradient(Gradient.into(taken));
      Refusal.ofArgument(() -> loss.compute(dense, onto), "targetGradient", "overlap");
    }
    Refusal.ofArgument(
        () -> loss.compute(dense, outputs.withGradient(out)), "targetGradient", "gradient");
    Outputs narrow = outputs.withTargetGradient(Gradient.into(Matrix.zeros(2, 2)));
    Refusal.ofArgument(() -> loss.compute(dense, narrow), "targetGradient", "[2 × 2]");
    Outputs few =
        outputs.withTargetGradient(Gradient.into(Matrix.zeros(2, 3)).withUpstream(new float[1]));
    Refusal.ofArgument(() -> loss.compute(dense, few), "upstream");
    assertUntouched();
  }

  /** Of one class, so that an array of a number a row may be a matrix too. */
  @Test
  void arrayThatIsReadOrWrittenOtherwiseIsRefused() {
    CrossEntropy loss = CrossEntropy.standard();
    float[] taken = {7, 7, 7, 7, 7, 7};
    Gradient gradient = Gradient.into(Matrix.of(taken, 1));
    Batch tall = Batch.of(Matrix.zeros(6, 1), Matrix.zeros(6, 1));
    Outputs into = Outputs.none().withTargetGradient(gradient);
    Refusal.ofArgument(
        () -> loss.compute(tall.withSampleWeights(taken), into), "sampleWeights", "targetGradient");
    Refusal.ofArgument(
        () -> loss.compute(tall, into.withLosses(taken)), "losses", "targetGradient");
    Outputs own = into.withTargetGradient(gradient.withUpstream(taken));
    Refusal.ofArgument(() -> loss.compute(tall, own), "upstream", "targetGradient");
    Gradient other = Gradient.into(Matrix.zeros(6, 1)).withUpstream(taken);
    Refusal.ofArgument(
        () -> loss.compute(tall, into.withGradient(other)), "upstream", "targetGradient");
    assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, taken);
  }

  @Test
  void memoryThatCannotBeWrittenIsRefused() {
    CrossEntropy loss = CrossEntropy.standard();
    Arena arena = Arena.ofShared();
    Matrix closed = Matrix.of(arena.allocate(24), ElementType.FLOAT, 2, 3);
    arena.close();
    Refusal.of(
        IllegalStateException.class,
        () -> loss.compute(dense, outputs.withTargetGradient(Gradient.into(closed))),
        "targetGradient: ",
        "has been closed");
    Matrix doubles = Matrix.of(new double[6], 2, 3);
    Refusal.ofArgument(
        () -> loss.compute(dense, outputs.withTargetGradient(Gradient.into(doubles))),
        "targetGradient: ",
        "DOUBLE");
    assertUntouched();
  }

  @Test
  void emptyMeanThatIsRefusedWritesNothing() {
    CrossEntropy loss =
        CrossEntropy.builder().emptyMean(EmptyMean.THROW).divisor(Divisor.COUNT).build();
    Batch none = dense.withIgnoredRows(new boolean[] {true, true});
    Refusal.of(IllegalStateException.class, () -> loss.compute(none, outputs), "");
    assertUntouched();
  }
}
