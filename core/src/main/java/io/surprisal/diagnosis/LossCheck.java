package io.surprisal.diagnosis;

import io.surprisal.Batch;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.Objects;

/**
 * Compares losses and gradients in float with a reference in double, on one's own logits and
 * labels.
 *
 * {@snippet :
 * LossReport report = LossCheck.run(loss, Batch.of(logits, labels));
 * if (!report.isWithin(4)) {
 *   throw new AssertionError(report);
 * }
 * }
 *
 * <p>For a person who looks for a fault, not for a training loop: the reference takes its time.
 * Gradient rows whose upstream number is not finite are not compared.
 */
public final class LossCheck {
  private LossCheck() {}

  /**
   * Results in float, from wherever they come.
   *
   * @param losses {@code [rows]} or longer: row losses
   * @param gradient {@code [rows × classes]}: the gradient of Σ upstream_n·loss_n
   * @param upstream {@code [rows]}: what each row's gradient was multiplied by
   */
  public record Results(float[] losses, Matrix gradient, double[] upstream) {
    /** Checks that all parts are there. */
    public Results {
      Objects.requireNonNull(losses, "losses");
      Objects.requireNonNull(gradient, "gradient");
      Objects.requireNonNull(upstream, "upstream");
    }
  }

  /**
   * Runs a loss on a batch and compares its row losses, and the gradient of its mean.
   *
   * @param loss a loss that {@link ReferenceLoss#of} knows, on whatever kernel and threads; of
   *     others {@link #compare} takes a reference of one's own
   * @param batch logits, labels, sample weights, ignored rows; read
   * @return the largest differences
   * @throws IllegalArgumentException if the batch does not fit the loss
   * @throws IndexOutOfBoundsException if a label is out of range
   */
  public static LossReport run(LabelledLoss loss, Batch batch) {
    float[] ones = new float[batch.logits().rows()];
    Arrays.fill(ones, 1);
    return run(loss, batch, ones);
  }

  /**
   * Runs a loss on a batch, its gradient times upstream numbers, and compares.
   *
   * @param loss a loss that {@link ReferenceLoss#of} knows, on whatever kernel and threads
   * @param batch logits, labels, sample weights, ignored rows; read
   * @param upstream {@code [rows]}, read; see {@link Gradient#withUpstream(float[])}
   * @return the largest differences
   * @throws IllegalArgumentException if the batch or the numbers do not fit
   * @throws IndexOutOfBoundsException if a label is out of range
   */
  public static LossReport run(LabelledLoss loss, Batch batch, float[] upstream) {
    ReferenceLoss reference = ReferenceLoss.of(loss, batch);
    Matrix logits = batch.logits();
    float[] losses = new float[logits.rows()];
    Matrix gradient = Matrix.zeros(logits.rows(), logits.classes());
    Totals totals = loss.newTotals();
    loss.compute(
        batch,
        Outputs.none()
            .withLosses(losses)
            .withGradient(Gradient.into(gradient).withUpstream(upstream))
            .withTotals(totals));
    double divisor = totals.divisor();
    double[] factors = new double[upstream.length];
    for (int row = 0; row < factors.length; row++) {
      factors[row] = divisor == 0 ? 0 : upstream[row] / divisor;
    }
    return compare(reference, logits, new Results(losses, gradient, factors));
  }

  /**
   * Compares results with a reference.
   *
   * @param reference the loss by its definition
   * @param logits {@code [rows × classes]}, read: as they were when the results were computed
   * @param results losses and gradient
   * @return the largest differences
   * @throws IllegalArgumentException if the shapes differ
   */
  public static LossReport compare(ReferenceLoss reference, Matrix logits, Results results) {
    Objects.requireNonNull(reference, "reference");
    checkShapes(logits, results);
    Comparison comparison = new Comparison(reference, logits, results);
    for (int row = 0; row < logits.rows(); row++) {
      comparison.add(row);
    }
    return comparison.report();
  }

  private static void checkShapes(Matrix logits, Results results) {
    if (results.gradient.rows() != logits.rows()
        || results.gradient.classes() != logits.classes()) {
      throw new IllegalArgumentException(
          "gradient is " + shape(results.gradient) + " but the logits are " + shape(logits));
    }
    if (results.losses.length < logits.rows() || results.upstream.length != logits.rows()) {
      throw new IllegalArgumentException(
          "losses.length = "
              + results.losses.length
              + " and upstream.length = "
              + results.upstream.length
              + " do not fit the number of rows, "
              + logits.rows());
    }
  }

  private static String shape(Matrix matrix) {
    return "[" + matrix.rows() + " × " + matrix.classes() + "]";
  }
}
