package io.surprisal.bench.peers;

import io.surprisal.bench.workload.Operation;
import java.nio.FloatBuffer;

/**
 * Calls of a library that has softmax and log-softmax but no loss: forward is log-softmax, of which
 * Java picks each label's entry; forwardAndGradient is softmax, of which Java lessens each label's
 * entry by 1. That is the gradient of the sum without any loss, so only a bound.
 */
abstract class SoftmaxSession implements Session {
  private final LabelColumn labels;
  private final FloatBuffer output;

  SoftmaxSession(NativeBatch batch) {
    labels = new LabelColumn(batch);
    output = batch.newFloats();
  }

  /** {@code [rows × classes]}, where the library is to write. */
  final FloatBuffer output() {
    return output;
  }

  /** Writes the softmax of the batch. */
  abstract void softmax();

  /** Writes the log-softmax of the batch. */
  abstract void logSoftmax();

  @Override
  public final double run(Operation operation) {
    return switch (operation) {
      case FORWARD -> {
        logSoftmax();
        yield labels.meanLoss(output);
      }
      case FORWARD_AND_GRADIENT -> {
        softmax();
        yield labels.toGradient(output);
      }
      default -> throw new IllegalArgumentException("no peer has " + operation);
    };
  }

  @Override
  public final float[] losses() {
    logSoftmax();
    return labels.losses(output);
  }

  @Override
  public final double gradientOfSum(int index) {
    return output.get(index);
  }
}
