package io.surprisal.bench.evaluate;

import io.surprisal.Matrix;
import io.surprisal.bench.console.InputException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Rows of a file as floats on the heap, one chunk at a time in an array that is used again.
 *
 * <p>The elements are brought there by all threads: by one alone this would take longer than the
 * loss itself.
 */
final class LogitsStage {
  private static final int PIECE = 1 << 16;

  private final LogitsFile logits;
  private final ForkJoinPool pool;
  private final float[] floats;

  LogitsStage(LogitsFile logits, int mostRows, ForkJoinPool pool) throws InputException {
    this.logits = logits;
    this.pool = pool;
    floats = allocate(logits, Math.multiplyExact(mostRows, logits.classes()));
  }

  private static float[] allocate(LogitsFile logits, int length) throws InputException {
    try {
      return new float[length];
    } catch (OutOfMemoryError e) {
      throw new InputException(
          logits.array().file()
              + ": a row of "
              + logits.classes()
              + " classes does not fit into memory",
          e);
    }
  }

  /** Rows {@code [from, from + count)}, until the next are asked for. */
  Matrix rows(long from, int count) {
    int length = count * logits.classes();
    long first = from * logits.classes();
    int pieces = Math.ceilDiv(length, PIECE);
    pool.submit(() -> IntStream.range(0, pieces).parallel().forEach(i -> read(first, i, length)))
        .join();
    return Matrix.of(floats, count, logits.classes());
  }

  private void read(long first, int piece, int length) {
    int start = piece * PIECE;
    int end = start + Math.min(PIECE, length - start);
    logits
        .format()
        .read(logits.array().data(), logits.array().header().order(), first, floats, start, end);
  }
}
