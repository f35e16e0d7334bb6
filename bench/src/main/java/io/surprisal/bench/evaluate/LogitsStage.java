package io.surprisal.bench.evaluate;

import io.surprisal.ElementType;
import io.surprisal.Matrix;
import io.surprisal.bench.console.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Rows of a file, chunk by chunk: a view of the mapped file, but for doubles, which are rounded to
 * floats in an array that is used again, by all threads: by one alone this would take longer than
 * the loss itself.
 */
final class LogitsStage {
  private static final int PIECE = 1 << 16;

  private final LogitsFile logits;
  private final ElementType type;
  private final MemorySegment data;
  private final ByteOrder order;
  private final ForkJoinPool pool;

  /** Null where rows are used where they lie. */
  private final float[] floats;

  LogitsStage(LogitsFile logits, int mostRows, ForkJoinPool pool) throws InputException {
    this.logits = logits;
    this.type = logits.format().type();
    this.data = logits.array().data();
    this.order = logits.array().header().order();
    this.pool = pool;
    boolean rounds = type == ElementType.DOUBLE;
    floats = rounds ? allocate(logits, Math.multiplyExact(mostRows, logits.classes())) : null;
  }

  private static float[] allocate(LogitsFile logits, int length) throws InputException {
    try {
      return new float[length];
    } catch (OutOfMemoryError e) {
      throw new InputException(
          logits.array().file()
              + ": a row of "
              + logits.classes()
              + " classes, rounded to floats, does not fit into memory",
          e);
    }
  }

  /** Rows {@code [from, from + count)}, until the next are asked for. */
  Matrix rows(long from, int count) {
    long first = from * logits.classes();
    if (floats != null) {
      round(first, count * logits.classes());
      return Matrix.of(floats, count, logits.classes());
    }
    long length = (long) count * logits.classes() * type.bytes();
    MemorySegment chunk = data.asSlice(first * type.bytes(), length);
    return Matrix.of(chunk, type, count, logits.classes()).withByteOrder(order);
  }

  private void round(long first, int length) {
    int pieces = Math.ceilDiv(length, PIECE);
    pool.submit(() -> IntStream.range(0, pieces).parallel().forEach(i -> round(first, i, length)))
        .join();
  }

  /**
   * One piece. The layout is a constant and bytes are swapped afterwards: with a layout that is a
   * variable each element takes many times as long.
   */
  private void round(long first, int piece, int length) {
    boolean swapped = order != ByteOrder.nativeOrder();
    int start = piece * PIECE;
    int end = start + Math.min(PIECE, length - start);
    for (int i = start; i < end; i++) {
      long bits = data.get(ValueLayout.JAVA_LONG_UNALIGNED, (first + i) * Double.BYTES);
      floats[i] = (float) Double.longBitsToDouble(swapped ? Long.reverseBytes(bits) : bits);
    }
  }
}
