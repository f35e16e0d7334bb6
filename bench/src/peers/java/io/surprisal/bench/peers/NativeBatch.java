package io.surprisal.bench.peers;

import io.surprisal.bench.workload.LogitsBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A batch with a copy of its logits in native memory, which all peers read. */
final class NativeBatch implements AutoCloseable {
  /** Of a cache line: no peer is slowed down by its data's address. */
  private static final int ALIGNMENT = 64;

  private final Arena arena = Arena.ofConfined();
  private final LogitsBatch heap;
  private final FloatBuffer logits;

  NativeBatch(LogitsBatch heap) {
    this.heap = heap;
    logits = newFloats();
    logits.put(0, heap.logits().data());
  }

  /** The same batch on the heap, where ours reads it. */
  LogitsBatch heap() {
    return heap;
  }

  int rows() {
    return heap.shape().rows();
  }

  int classes() {
    return heap.shape().classes();
  }

  /** {@code [rows × classes]}, never written. */
  FloatBuffer logits() {
    return logits;
  }

  /** Room for as many numbers as there are logits, until this batch is closed. */
  FloatBuffer newFloats() {
    MemorySegment segment =
        arena.allocate(heap.shape().elements() * ValueLayout.JAVA_FLOAT.byteSize(), ALIGNMENT);
    return segment.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void close() {
    arena.close();
  }
}
