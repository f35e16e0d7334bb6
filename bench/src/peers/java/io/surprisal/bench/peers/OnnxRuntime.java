package io.surprisal.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.surprisal.bench.workload.Operation;
import java.util.Map;

/**
 * ONNX Runtime on its CPU provider: a model of LogSoftmax and one of Softmax; see {@link
 * SoftmaxSession}. Input and output lie in native memory that is made once.
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

  private static final class OrtRuns extends SoftmaxSession {
    private final OnnxTensor inputTensor;
    private final OnnxTensor outputTensor;
    private final OrtSession softmax;
    private final OrtSession logSoftmax;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    OrtRuns(NativeBatch batch, int threads) throws OrtException {
      super(batch);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      long[] shape = {batch.rows(), batch.classes()};
      inputTensor = OnnxTensor.createTensor(environment, batch.logits(), shape);
      outputTensor = OnnxTensor.createTensor(environment, output(), shape);
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
    void softmax() {
      execute(softmax);
    }

    @Override
    void logSoftmax() {
      execute(logSoftmax);
    }

    private void execute(OrtSession session) {
      try {
        session.run(inputs, outputs).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
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
