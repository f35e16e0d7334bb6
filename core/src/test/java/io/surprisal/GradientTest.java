package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where gradients go and what multiplies them; and which outputs are refused. */
class GradientTest {
  private static final Matrix LOGITS = Matrix.of(new float[] {1, 2, 3, 3, 1, 2}, 3);
  private static final Batch BATCH = Batch.of(LOGITS, Labels.of(0, 1));

  @Test
  void missingOutputsAreNamed() {
    Refusal.ofNull("gradient", () -> Gradient.into(null));
    Refusal.ofNull("gradient", () -> Gradient.addedTo(null));
    Refusal.ofNull("upstream", () -> Gradient.into(LOGITS).withUpstream((float[]) null));
    Refusal.ofNull("gradient", () -> Outputs.none().withGradient((Gradient) null));
    Refusal.ofNull("gradient", () -> Outputs.none().withGradient((Matrix) null));
    Refusal.ofNull("losses", () -> Outputs.none().withLosses((float[]) null));
    Refusal.ofNull("totals", () -> Outputs.none().withTotals(null));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1 / 0.0, -1 / 0.0, 0 / 0.0})
  void upstreamFactorThatIsNotFiniteIsRefused(double factor) {
    Gradient gradient = Gradient.into(LOGITS);
    Refusal.ofArgument(
        () -> gradient.withUpstream(factor), "upstream = " + factor + " is not finite");
  }

  @Test
  void keepsItsMatrix() {
    assertSame(LOGITS, Gradient.into(LOGITS).withUpstream(2).matrix());
  }

  @Test
  void areDescribedInWords() {
    Gradient added = Gradient.addedTo(LOGITS).withUpstream(2).withUpstream(new float[2]);
    assertEquals(
        "Gradient[added to Matrix[2 × 3, rowStride 3], upstream 2.0, upstream a row]",
        added.toString());
    assertEquals("Outputs[]", Outputs.none().toString());
    Outputs all =
        Outputs.none()
            .withLosses(new float[2])
            .withGradient(LOGITS)
            .withTotals(CrossEntropy.standard().newTotals());
    assertEquals(
        "Outputs[losses, Gradient[into Matrix[2 × 3, rowStride 3]], totals]", all.toString());
  }

  @Test
  void bothUpstreamFactorsMultiply() {
    float[] plain = gradient(Gradient.into(Matrix.zeros(2, 3)));
    Gradient scaled = Gradient.into(Matrix.zeros(2, 3)).withUpstream(new float[] {2, -4});
    float[] both = gradient(scaled.withUpstream(8));
    for (int i = 0; i < plain.length; i++) {
      assertEquals(plain[i] * (i < 3 ? 16 : -32), both[i]);
    }
  }

  @Test
  void addedGradientKeepsItsFactorAndWhatWasThere() {
    float[] plain = gradient(Gradient.into(Matrix.zeros(2, 3)));
    Matrix ones = Matrix.of(new float[] {1, 1, 1, 1, 1, 1}, 3);
    float[] added = gradient(Gradient.addedTo(ones).withUpstream(2));
    for (int i = 0; i < plain.length; i++) {
      assertEquals(1 + 2 * plain[i], added[i]);
    }
  }

  private static float[] gradient(Gradient gradient) {
    CrossEntropy.standard().compute(BATCH, Outputs.none().withGradient(gradient));
    return gradient.matrix().data();
  }
}
