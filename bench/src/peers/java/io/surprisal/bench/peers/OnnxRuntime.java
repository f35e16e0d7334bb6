package io.surprisal.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.surprisal.bench.workload.Operation;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * ONNX Runtime on its CPU provider.
 *
 * <p>forward: a model of LogSoftmax, of whose result Java picks each label's entry.
 * forwardAndGradient: a model of Softmax, of whose result Java lessens each label's entry by 1;
 * that is the gradient of the sum without any loss, so only a bound. Input and output lie in native
 * memory that is made once.
 */
final class OnnxRuntime implements Library {
  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public String description() throws PeerException {
    try {
      return "ONNX Runtime "
          + OrtEnvironment.getEnvironment().getVersion()
          + ", LogSoftmax + gather; Softmax + scatter";
    } catch (LinkageError | RuntimeException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public boolean isBound(Operation operation) {
    return operation == Operation.FORWARD_AND_GRADIENT;
  }

  @Override
  public Session open(NativeBatch batch, int threads) throws PeerException {
    try {
      return new OrtRuns(batch, threads);
    } catch (OrtException e) {
      throw new PeerException(e);
    }
  }

  private static final class OrtRuns implements Session {
    private final LabelColumn labels;
    private final FloatBuffer output;
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final OrtSession softmax;
    private final OrtSession logSoftmax;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    OrtRuns(NativeBatch batch, int threads) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      long[] shape = {batch.rows(), batch.classes()};
      labels = new LabelColumn(batch);
      output = batch.newFloats();
      inputTensor = OnnxTensor.createTensor(environment, batch.logits(), shape);
      outputTensor = OnnxTensor.createTensor(environment, output, shape);
      softmax = session("Softmax", environment, threads);
      logSoftmax = session("LogSoftmax", environment, threads);
      inputs = Map.of(OnnxModel.INPUT, inputTensor);
      outputs = Map.of(OnnxModel.OUTPUT, outputTensor);
    }

    private static OrtSession session(String operator, OrtEnvironment environment, int threads)
        throws OrtException {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        return environment.createSession(OnnxModel.of(operator), options);
      }
    }

    @Override
    public double run(Operation operation) {
      return switch (operation) {
        case FORWARD -> {
          execute(logSoftmax);
          yield labels.meanLoss(output);
        }
        case FORWARD_AND_GRADIENT -> {
          execute(softmax);
          yield labels.toGradient(output);
        }
        default -> throw new IllegalArgumentException("no peer has " + operation);
      };
    }

    private void execute(OrtSession session) {
      try {
        session.run(inputs, outputs).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public float[] losses() {
      execute(logSoftmax);
      return labels.losses(output);
    }

    @Override
    public double gradientOfSum(int index) {
      return output.get(index);
    }

    @Override
    public void close() {
      outputTensor.close();
      inputTensor.close();
      try {
        softmax.close();
        logSoftmax.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
