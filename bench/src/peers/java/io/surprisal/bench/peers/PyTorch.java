package io.surprisal.bench.peers;

import io.surprisal.bench.workload.Operation;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's own {@code cross_entropy}, through JavaCPP.
 *
 * <p>forward: the mean loss without autograd. forwardAndGradient: the mean loss of a tensor that
 * requires its gradient, and {@code backward}; the last call's gradient is dropped first, as {@code
 * zero_grad} does.
 */
final class PyTorch implements Library {
  /** Of {@code at::Reduction}. */
  private static final long NO_REDUCTION = 0;

  /** Its default {@code ignore_index}. */
  private static final long IGNORE_INDEX = -100;

  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public String description() throws PeerException {
    try {
      torch.init_num_threads();
      // JavaCPP's version of it: PyTorch's, then the presets'.
      String version = torch.class.getPackage().getImplementationVersion();
      return "PyTorch " + version + ", cross_entropy and autograd";
    } catch (LinkageError | RuntimeException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public boolean isBound(Operation operation) {
    return false;
  }

  @Override
  public Session open(NativeBatch batch, int threads) throws PeerException {
    NativeThreads.set(NativeThreads.PYTORCH, threads);
    return new TorchSession(batch);
  }

  private static final class TorchSession implements Session {
    private final int rows;
    private final FloatPointer logitsData;
    private final LongPointer labelsData;
    private final Tensor logits;
    private final Tensor parameter;
    private final Tensor labels;
    private FloatBuffer gradient;

    TorchSession(NativeBatch batch) {
      rows = batch.rows();
      logitsData = new FloatPointer(batch.logits());
      labelsData = new LongPointer(rows);
      for (int row = 0; row < rows; row++) {
        labelsData.put(row, batch.heap().labels().get(row));
      }
      logits = torch.from_blob(logitsData, rows, batch.classes());
      parameter = logits.detach();
      parameter.requires_grad_(true);
      try (TensorOptions type = new TensorOptions(torch.kLong())) {
        labels = torch.from_blob(labelsData, new long[] {rows}, type);
      }
    }

    @Override
    public double run(Operation operation) {
      return switch (operation) {
        case FORWARD -> forward();
        case FORWARD_AND_GRADIENT -> forwardAndGradient();
        default -> throw new IllegalArgumentException("no peer has " + operation);
      };
    }

    private double forward() {
      try (NoGradGuard _ = new NoGradGuard();
          Tensor loss = torch.cross_entropy_loss(logits, labels)) {
        return loss.item_float();
      }
    }

    private double forwardAndGradient() {
      gradient = null;
      try (Tensor last = parameter.mutable_grad()) {
        last.reset();
      }
      try (Tensor loss = torch.cross_entropy_loss(parameter, labels)) {
        loss.backward();
        return loss.item_float();
      }
    }

    @Override
    public float[] losses() {
      float[] losses = new float[rows];
      try (NoGradGuard _ = new NoGradGuard();
          TensorOptional noWeights = new TensorOptional();
          Tensor all =
              torch.cross_entropy_loss(logits, labels, noWeights, NO_REDUCTION, IGNORE_INDEX, 0)) {
        all.data_ptr_float().get(losses);
      }
      return losses;
    }

    @Override
    public double gradientOfSum(int index) {
      if (gradient == null) {
        try (Tensor current = parameter.grad()) {
          gradient = current.data_ptr_float().capacity(current.numel()).asBuffer();
        }
      }
      return (double) gradient.get(index) * rows;
    }

    @Override
    public void close() {
      labels.close();
      parameter.close();
      logits.close();
      labelsData.close();
      logitsData.close();
    }
  }
}
