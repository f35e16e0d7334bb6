package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.surprisal.spi.Tile;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which threads a pass over a batch runs on, seen by its kernel. */
class SharedPassTest {
  /** Holds its callers until so many threads have come, or nobody comes any more. */
  private static final class Meeting extends KernelsForTests.Wrapped {
    private final Set<Thread> met = ConcurrentHashMap.newKeySet();
    private final CountDownLatch expected;

    Meeting(int threads) {
      expected = new CountDownLatch(threads);
    }

    @Override
    public void reduce(Tile tile) {
      if (met.add(Thread.currentThread())) {
        expected.countDown();
      }
      try {
        expected.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      super.reduce(tile);
    }
  }

  private static void run(
      KernelsForTests.Wrapped kernel, ForkJoinPool pool, int rows, int classes) {
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = kernel;
    pass.head = SoftmaxHead.SOFTMAX;
    pass.rows = rows;
    pass.classes = classes;
    pass.logits.set(new float[rows * classes], null, 0, classes);
    pass.out.set(new float[rows * classes], null, 0, classes);
    pass.run(pool);
    pass.release();
  }

  @ParameterizedTest
  @CsvSource({"3000, 2", "6000, 5", "200, 1000", "30, 5000", "20, 20000", "1, 120000", "5, 40000"})
  void largeBatchRunsOnAllThreads(int rows, int classes) {
    for (int threads = 2; threads <= 3; threads++) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Meeting meeting = new Meeting(threads);
        run(meeting, pool, rows, classes);
        assertEquals(threads, meeting.met.size());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2000, 2", "2000, 10", "32, 1000", "90, 1000", "1, 90000", "3, 30000"})
  void smallBatchRunsOnTheCallingThread(int rows, int classes) {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Meeting meeting = new Meeting(1);
      run(meeting, pool, rows, classes);
      assertEquals(Set.of(Thread.currentThread()), meeting.met);
      assertEquals(0, pool.getPoolSize(), "threads that were started");
    }
  }

  @ParameterizedTest
  @CsvSource({"200, 1000", "1, 120000"})
  void exceptionOfAnotherThreadsKernelReachesTheCaller(int rows, int classes) {
    Thread caller = Thread.currentThread();
    Meeting meeting = new Meeting(2);
    KernelsForTests.Wrapped failing =
        new KernelsForTests.Wrapped() {
          @Override
          public void reduce(Tile tile) {
            meeting.reduce(tile);
            if (Thread.currentThread() != caller) {
              throw new ArithmeticException("not here");
            }
          }
        };
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      assertThrows(ArithmeticException.class, () -> run(failing, pool, rows, classes));
    }
  }
}
