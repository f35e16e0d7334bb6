package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;

/** Losses, gradient and totals of one call. */
record LossResults(float[] losses, Matrix gradient, Totals totals) {
  static LossResults of(LabelledLoss loss, Batch batch) {
    int rows = batch.logits().rows();
    Matrix gradient = Matrix.zeros(rows, batch.logits().classes());
    LossResults results = new LossResults(new float[rows], gradient, loss.newTotals());
    loss.compute(
        batch,
        Outputs.none()
            .withLosses(results.losses)
            .withGradient(gradient)
            .withTotals(results.totals));
    return results;
  }

  /** What is written in place of a problem's logits, or added to them, is what is written apart. */
  static void assertGradientPlaces(LabelledLoss loss, Batch batch, Problem problem) {
    Matrix logits = batch.logits();
    LossResults apart = of(loss, batch);
    GuardedMatrix sum = GuardedMatrix.copyOf(problem.logits(), 3, 2);
    loss.compute(batch, Outputs.none().withGradient(Gradient.addedTo(sum.matrix())));
    float[] losses = new float[problem.rows()];
    loss.compute(batch, Outputs.none().withLosses(losses));
    Bits.assertSame(apart.losses, losses, "losses alone of " + problem);
    loss.compute(batch, Outputs.none().withGradient(logits));
    Bits.assertSame(apart.gradient, logits, "gradient in place of " + problem);
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] += problem.logits().data()[i];
    }
    Bits.assertSame(logits, sum.matrix(), "added gradient of " + problem);
    sum.assertGuardsUntouched("added gradient");
  }
}
