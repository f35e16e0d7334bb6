package io.surprisal.bench.peers;

import io.surprisal.bench.accuracy.UlpError;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;

/**
 * Whether a library computes what the others compute, against a computation in double.
 *
 * <p>Peers compute in float with sums of float, so this asks for the same thing, not for the same
 * digits; {@link UlpError} says how many digits there are.
 *
 * @param library its name
 * @param shape of the batch
 * @param threads that computed
 * @param lossError of the row losses
 * @param lossDistance largest difference of a loss, relative to max(1, loss); the mean's counts too
 * @param gradientDistance largest relative difference of an entry of the gradient; of a label's
 *     entry, which is p − 1, relative to max(p, 1 − p)
 */
record Agreement(
    String library,
    Shape shape,
    int threads,
    UlpError lossError,
    double lossDistance,
    double gradientDistance) {

  /** Some thousand float roundings. */
  private static final double TOLERANCE = 2e-4;

  /**
   * And what a float sum may lose for each class, in 16 lanes one after the other: 2^−24 for each
   * of classes / 16 additions. Of 4 194 304 classes PyTorch and ONNX Runtime lost 4.3e-4.
   */
  private static final double TOLERANCE_PER_CLASS = 0x1p-28;

  /** Entries below it may be flushed to 0 on the way. */
  private static final double SMALLEST = 1e-30;

  /** Runs both operations once and looks at all that they computed. */
  static Agreement of(Library library, Session session, NativeBatch batch, int threads) {
    ExactLosses exact = new ExactLosses(batch.heap());
    float[] losses = session.losses();
    double lossDistance = lossDistance(session.run(Operation.FORWARD), exact.meanLoss());
    for (int row = 0; row < losses.length; row++) {
      lossDistance = worse(lossDistance, lossDistance(losses[row], exact.loss(row)));
    }
    double withGradient = session.run(Operation.FORWARD_AND_GRADIENT);
    if (!library.isBound(Operation.FORWARD_AND_GRADIENT)) {
      lossDistance = worse(lossDistance, lossDistance(withGradient, exact.meanLoss()));
    }
    return new Agreement(
        library.name(),
        batch.heap().shape(),
        threads,
        UlpError.of(losses, exact::loss),
        lossDistance,
        gradientDistance(session, exact, batch.classes()));
  }

  private static double lossDistance(double actual, double expected) {
    return Math.abs(actual - expected) / Math.max(1, expected);
  }

  private static double gradientDistance(Session session, ExactLosses exact, int classes) {
    double largest = 0;
    for (int row = 0; row < exact.rows(); row++) {
      for (int i = 0; i < classes; i++) {
        double expected = exact.gradientOfSum(row, i);
        double scale = exact.isLabel(row, i) ? Math.max(-expected, 1 + expected) : expected;
        double distance = Math.abs(session.gradientOfSum(row * classes + i) - expected);
        largest = worse(largest, distance < SMALLEST ? 0 : distance / scale);
      }
    }
    return largest;
  }

  private static double worse(double distance, double other) {
    return Double.isNaN(other) ? Double.POSITIVE_INFINITY : Math.max(distance, other);
  }

  boolean agrees() {
    double tolerance = TOLERANCE + TOLERANCE_PER_CLASS * shape.classes();
    return lossDistance <= tolerance && gradientDistance <= tolerance;
  }
}
