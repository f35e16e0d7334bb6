package io.surprisal.bench.compare;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs the parts of a measured call, one on each thread.
 *
 * @param count number of threads
 * @param pool with as many threads; not used for one
 */
record Parts(int count, ForkJoinPool pool) {
  void run(IntConsumer work) {
    if (count == 1) {
      work.accept(0);
      return;
    }
    pool.submit(
            () ->
                ForkJoinTask.invokeAll(
                    IntStream.range(0, count)
                        .mapToObj(part -> ForkJoinTask.adapt(() -> work.accept(part)))
                        .toList()))
        .join();
  }

  /** Where a part of so many elements begins. */
  int start(int part, int elements) {
    return (int) ((long) elements * part / count);
  }
}
