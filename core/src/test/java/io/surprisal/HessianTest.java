package io.surprisal;

import org.junit.jupiter.api.Test;

/** What second derivatives take and refuse. */
class HessianTest {
  private final Matrix logits = Matrix.of(new float[] {1, 2, 3}, 3);

  @Test
  void lossesWithOtherSecondDerivativesAreRefused() {
    Refusal.ofArgument(() -> Hessian.of(CrossEntropy.builder().zLoss(0.1).build()), "zLoss = 0.1");
    Refusal.ofArgument(
        () -> Hessian.of(CrossEntropy.builder().softCap(30).build()), "softCap = 30.0");
    Refusal.ofArgument(
        () -> Hessian.of(CrossEntropy.builder().labelSmoothingOverFinite(0.1).build()),
        "labelSmoothingOverFinite = 0.1");
  }

  @Test
  void shapesAreChecked() {
    Hessian hessian = Hessian.of(CrossEntropy.standard());
    Batch batch = Batch.of(logits, Labels.of(1));
    Matrix narrow = Matrix.zeros(1, 2);
    Refusal.ofArgument(() -> hessian.product(batch, narrow, Matrix.zeros(1, 3)), "direction");
    Refusal.ofArgument(() -> hessian.diagonal(batch, narrow), "[1 × 2]");
    SparseTargets sparse = SparseTargets.of(new int[] {1}, new float[] {1}, 1);
    Refusal.ofArgument(
        () -> hessian.diagonal(Batch.of(logits, sparse), Matrix.zeros(1, 3)), "sparse targets");
  }
}
