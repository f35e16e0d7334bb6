package io.surprisal.bench.compare;

import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.function.DoubleSupplier;

/**
 * The memory roofline: how fast elements of the same number, from memory of the same size, can be
 * read, and read and written, on the same number of threads, if nothing is computed.
 *
 * <p>Read: a sum of ints, whose order is free, so that the compiler makes SIMD code of the plain
 * loop (it may not reorder a sum of floats). Each is changed before it is added, because C2 deems a
 * loop that only adds not worth SIMD: 3.8 instead of 15 Gel/s were read. Read and write: floats
 * multiplied in place.
 */
public final class Roofline {
  private final int[] words;
  private final float[] numbers;
  private final Parts parts;

  /** Sign changes: no value of any size grows, vanishes or becomes subnormal. */
  private final float factor;

  private final int mask;

  /** Over memory as large as the logits; writes the scratch matrix. */
  public Roofline(LogitsBatch data, int[] words, int threads, ForkJoinPool pool) {
    this.words = words;
    this.numbers = data.scratch().data();
    this.parts = new Parts(threads, pool);
    // Not constants, or the compiler would find something simpler to do.
    this.factor = -threads / (float) threads;
    this.mask = threads;
  }

  /** What a call of this traffic would be if memory were all that there is. */
  public DoubleSupplier call(Operation.Traffic traffic) {
    return switch (traffic) {
      case READ -> this::read;
      case READ_AND_WRITE -> this::readAndWrite;
    };
  }

  /** What a call would be if the arithmetic units were all that there is: {@link PortLimit}. */
  public static DoubleSupplier ports(int elements, int threads, ForkJoinPool pool) {
    return PortLimit.call(elements, new Parts(threads, pool));
  }

  private double read() {
    int[] results = new int[parts.count()];
    parts.run(part -> results[part] = sum(words, start(part), start(part + 1), mask));
    return Arrays.stream(results).sum();
  }

  private double readAndWrite() {
    parts.run(part -> scale(numbers, start(part), start(part + 1), factor));
    return numbers[0];
  }

  private int start(int part) {
    return parts.start(part, words.length);
  }

  private static int sum(int[] words, int from, int to, int mask) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += words[i] ^ mask;
    }
    return sum;
  }

  private static void scale(float[] numbers, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      numbers[i] *= factor;
    }
  }
}
