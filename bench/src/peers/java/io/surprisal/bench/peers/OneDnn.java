package io.surprisal.bench.peers;

import io.surprisal.bench.workload.Operation;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** oneDNN's softmax, through JavaCPP; see {@link SoftmaxSession}. */
final class OneDnn implements Library {
  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public String description() throws PeerException {
    try {
      dnnl_version_t version = dnnl.version();
      return "oneDNN "
          + version.major()
          + "."
          + version.minor()
          + "."
          + version.patch()
          + ", softmax_log + gather; softmax + scatter";
    } catch (LinkageError | RuntimeException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public boolean isBound(Operation operation) {
    return operation == Operation.FORWARD_AND_GRADIENT;
  }

  /** The number of threads is set first: a primitive is made for it. */
  @Override
  public Session open(NativeBatch batch, int threads) throws PeerException {
    NativeThreads.set(NativeThreads.OPEN_MP, threads);
    return new DnnlSession(batch);
  }

  private static final class DnnlSession extends SoftmaxSession {
    private final Deque<Pointer> owned = new ArrayDeque<>();
    private final stream queue;
    private final IntMemoryMap arguments = own(new IntMemoryMap());
    private final softmax_forward softmax;
    private final softmax_forward logSoftmax;

    DnnlSession(NativeBatch batch) {
      super(batch);
      engine cpu = own(new engine(dnnl.dnnl_cpu, 0));
      queue = own(new stream(cpu));
      memory.desc layout =
          own(
              new memory.desc(
                  new long[] {batch.rows(), batch.classes()},
                  memory.data_type.f32,
                  memory.format_tag.ab));
      argument(dnnl.DNNL_ARG_SRC, batch.logits(), layout, cpu);
      argument(dnnl.DNNL_ARG_DST, output(), layout, cpu);
      softmax = primitive(dnnl.dnnl_softmax_accurate, layout, cpu);
      logSoftmax = primitive(dnnl.dnnl_softmax_log, layout, cpu);
    }

    private <T extends Pointer> T own(T pointer) {
      owned.push(pointer);
      return pointer;
    }

    private void argument(int name, FloatBuffer data, memory.desc layout, engine cpu) {
      FloatPointer address = own(new FloatPointer(data));
      arguments.put(name, own(new memory(layout, cpu, address)));
    }

    private softmax_forward primitive(int algorithm, memory.desc layout, engine cpu) {
      try (softmax_forward.primitive_desc description =
          new softmax_forward.primitive_desc(
              cpu, dnnl.dnnl_forward_inference, algorithm, layout, layout, 1)) {
        return own(new softmax_forward(description));
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

    private void execute(softmax_forward primitive) {
      primitive.execute(queue, arguments);
      queue._wait();
    }

    @Override
    public void close() {
      owned.forEach(Pointer::close);
    }
  }
}
