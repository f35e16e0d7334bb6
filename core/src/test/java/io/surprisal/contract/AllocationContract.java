package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.surprisal.Execution;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a call allocates in the steady state: nothing on the calling thread, at most 2 KiB on a
 * pool, whatever the shape.
 *
 * <p>The steady state is there when a whole window of calls keeps the bound; it may take the JVM's
 * compilers some windows to reach it, and a bound that no window keeps within {@link #PATIENCE} is
 * broken. Scratch memory that a call lets go instead of giving it back shows in every window.
 */
public abstract class AllocationContract extends KernelContract {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLS = 100;
  private static final int PARALLEL_CALLS = 20;
  private static final long PARALLEL_LIMIT = 2048;

  /** Nanoseconds in which the steady state must come, on a machine that others use too. */
  private static final long PATIENCE = 60_000_000_000L;

  /**
   * Every way that a kernel or the driver takes, by number of classes; both sides of each limit.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "70, 2",
    "70, 3",
    "70, 10",
    "40, 15",
    "40, 16",
    "40, 63",
    "40, 64",
    "40, 100",
    "20, 300",
    "10, 1000",
    "5, 2048",
    "5, 2049",
    "2, 16384",
    "2, 20000",
    "1, 40000"
  })
  void sequentialCallAllocatesNothing(int rows, int classes) {
    AllocationCalls.of(execution(), rows, classes)
        .forEach(
            (name, call) ->
                assertSteady(name, CALLS, 0, () -> allocatedHere(call), "on the calling thread"));
  }

  /** Batches that are shared out, on more threads than a call asks too. */
  @ParameterizedTest
  @CsvSource({
    "3000, 3, 2",
    "1500, 64, 2",
    "100, 1000, 2",
    "25, 5000, 2",
    "12, 20000, 2",
    "1, 120000, 2",
    "100, 1000, 100",
    "1, 1200000, 100"
  })
  void parallelCallAllocatesAtMostTwoKibibytes(int rows, int classes, int threads) {
    Queue<Thread> workers = new ConcurrentLinkedQueue<>();
    try (ForkJoinPool pool =
        new ForkJoinPool(threads, owner -> new Worker(owner, workers), null, false)) {
      AllocationCalls.of(Execution.on(pool).with(kernel()), rows, classes)
          .forEach(
              (name, call) ->
                  assertSteady(
                      name,
                      PARALLEL_CALLS,
                      PARALLEL_LIMIT,
                      () -> allocated(call, workers),
                      "on all threads"));
      assertTrue(!workers.isEmpty(), "no thread of the pool was asked");
    }
  }

  /** Bytes that so many calls allocate. */
  private interface Window {
    long bytes();
  }

  private static void assertSteady(
      String name, int calls, long limit, Window window, String where) {
    long deadline = System.nanoTime() + PATIENCE;
    long bytes;
    do {
      bytes = window.bytes();
    } while (bytes >= calls * (limit + 1) && System.nanoTime() < deadline);
    long found = bytes;
    assertTrue(
        found < calls * (limit + 1),
        () -> name + ": " + (double) found / calls + " bytes a call " + where);
  }

  private static long allocatedHere(Runnable call) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** On this thread and on every worker that the pool has made, new ones included. */
  private static long allocated(Runnable call, Queue<Thread> workers) {
    long before = allocatedSoFar(workers);
    for (int i = 0; i < PARALLEL_CALLS; i++) {
      call.run();
    }
    return allocatedSoFar(workers) - before;
  }

  private static long allocatedSoFar(Queue<Thread> workers) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    for (Thread worker : workers) {
      bytes += THREADS.getThreadAllocatedBytes(worker.threadId());
    }
    return bytes;
  }

  /** A thread of the pool that is measured. */
  private static final class Worker extends ForkJoinWorkerThread {
    Worker(ForkJoinPool pool, Queue<Thread> workers) {
      super(pool);
      workers.add(this);
    }
  }
}
