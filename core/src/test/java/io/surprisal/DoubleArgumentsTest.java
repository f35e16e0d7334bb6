package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What logits in double are refused with, before anything is written. */
class DoubleArgumentsTest {
  private final Matrix doubles = Matrix.of(new double[6], 2, 3);
  private final Matrix floats = Matrix.of(new float[6], 2, 3);
  private final Labels labels = Labels.of(0, 1);
  private final CrossEntropy loss = CrossEntropy.standard();

  @Test
  void gradientOfAnotherTypeIsRefused() {
    Refusal.ofArgument(
        () -> loss.forwardAndGradient(doubles, labels, floats), "gradient", "float", "double");
    Refusal.ofArgument(
        () -> loss.forwardAndGradient(floats, labels, doubles), "gradient", "float", "double");
    Refusal.ofArgument(() -> Softmax.standard().forward(doubles, floats), "out", "float", "double");
    Refusal.ofArgument(
        () -> LogSumExp.standard().backward(floats, new float[2], doubles), "gradient", "double");
  }

  @Test
  void optionsThatTakeFloatsAloneAreNamed() {
    Refusal.ofArgument(() -> loss.forward(doubles, floats), "dense targets", "double");
    Refusal.ofArgument(() -> loss.forward(floats, doubles), "dense targets", "double");
    Batch sparse = Batch.of(doubles, SparseTargets.of(new int[2], new float[2], 1));
    Refusal.ofArgument(() -> loss.compute(sparse, Outputs.none()), "sparse targets", "double");
    Outputs outputs = Outputs.none().withEntropies(new float[2]);
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(doubles, labels), outputs), "entropies", "double");
    CrossEntropy scaled = CrossEntropy.builder().logitScale(2).build();
    Refusal.ofArgument(() -> scaled.forward(doubles, labels), "logitScale", "double");
    CrossEntropy capped = CrossEntropy.builder().softCap(2).build();
    Refusal.ofArgument(() -> capped.forward(doubles, labels), "softCap", "double");
    Refusal.ofArgument(() -> LogSumExp.standard().summaries(doubles), "summaries", "double");
  }

  @Test
  void operationsThatTakeFloatsAloneAreNamed() {
    Refusal.ofArgument(
        () -> NegativeLogLikelihood.standard().forward(doubles, labels),
        "log-probabilities",
        "double");
    Refusal.ofArgument(
        () -> Softmax.standard().backward(doubles, doubles, doubles), "upstream rows", "double");
    Refusal.ofArgument(
        () -> LogSoftmax.standard().backward(floats, doubles, floats), "upstream rows", "double");
    assertThrows(UnsupportedOperationException.class, doubles::data);
  }

  @Test
  void resultsThatOverlapTheLogitsAreRefused() {
    double[] data = new double[6];
    Matrix logits = Matrix.of(data, 2, 3);
    Outputs outputs = Outputs.none().withLosses(data);
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(logits, labels), outputs), "losses", "overlaps", "logits");
    Refusal.ofArgument(
        () -> LogSumExp.standard().forward(logits, data), "results", "overlaps", "logits");
    Refusal.ofArgument(
        () -> LogSumExp.standard().forward(logits, new double[1]), "results.length = 1");
    Matrix shifted = Matrix.strided(new double[7], 0, 2, 3, 3);
    assertEquals(3, shifted.rowStart(1));
    Gradient itself = Gradient.addedTo(logits);
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(logits, labels), Outputs.none().withGradient(itself)),
        "gradient",
        "logits");
  }
}
