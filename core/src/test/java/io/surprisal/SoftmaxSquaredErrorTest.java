package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What squared error of probabilities takes. */
class SoftmaxSquaredErrorTest {
  @Test
  void sparseTargetsAreRefused() {
    Matrix logits = Matrix.zeros(1, 3);
    SparseTargets targets = SparseTargets.of(new int[] {1}, new float[] {1}, 1);
    SoftmaxSquaredError loss = SoftmaxSquaredError.standard();
    Totals totals = loss.newTotals();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> loss.compute(Batch.of(logits, targets), Outputs.none().withTotals(totals)))
            .getMessage();
    assertTrue(message.contains("sparse targets"), message);
  }
}
