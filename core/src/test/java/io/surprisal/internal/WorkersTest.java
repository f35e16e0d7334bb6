package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {
  private static final int[] PIECES = {0, 1, 2, 3, 7, 8, 63, 64, 65, 1000, 100_001};

  /** Counts how often each piece is done, and each workspace ended. */
  private static final class Counted implements Workers.Pieces {
    private final AtomicIntegerArray done;
    private final AtomicInteger ends = new AtomicInteger();
    private final Set<Workspace> inUse = ConcurrentHashMap.newKeySet();

    Counted(int pieces) {
      done = new AtomicIntegerArray(pieces);
    }

    @Override
    public void run(int first, int last, Workspace workspace) {
      inUse.add(workspace);
      for (int piece = first; piece < last; piece++) {
        done.incrementAndGet(piece);
      }
    }

    @Override
    public void end(Workspace workspace) {
      ends.incrementAndGet();
    }

    void assertAllDoneOnce() {
      for (int piece = 0; piece < done.length(); piece++) {
        assertEquals(1, done.get(piece), "piece " + piece + " of " + done.length());
      }
    }
  }

  @Test
  void withoutAPoolThisThreadDoesAll() {
    for (int pieces : PIECES) {
      Counted work = new Counted(pieces);
      Workers.run(null, pieces, work);
      work.assertAllDoneOnce();
      assertEquals(1, work.ends.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyPieceIsDoneOnceOnAnyNumberOfThreads(int threads) {
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      for (int pieces : PIECES) {
        Counted work = new Counted(pieces);
        Workers.run(pool, pieces, work);
        work.assertAllDoneOnce();
        assertTrue(work.ends.get() <= Math.max(1, Math.min(threads, pieces)));
        assertTrue(work.inUse.size() <= work.ends.get(), "a workspace that was not ended");
      }
    }
  }

  @Test
  void commonPoolDoesEveryPieceOnce() {
    Counted work = new Counted(1000);
    Workers.run(ForkJoinPool.commonPool(), 1000, work);
    work.assertAllDoneOnce();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7, Workers.MOST, Workers.MOST + 9})
  void callerAndThreadsOfThePoolWorkTogether(int parallelism) {
    int threads = Math.min(parallelism, Workers.MOST);
    Set<Thread> met = ConcurrentHashMap.newKeySet();
    try (ForkJoinPool pool = new ForkJoinPool(parallelism)) {
      CountDownLatch together = new CountDownLatch(threads);
      Workers.run(pool, threads, (first, last, own) -> meet(together, met));
      assertEquals(threads, met.size());
      assertTrue(met.contains(Thread.currentThread()));
    }
  }

  private static void meet(CountDownLatch together, Set<Thread> met) {
    together.countDown();
    if (awaitAll(together)) {
      met.add(Thread.currentThread());
    }
  }

  @Test
  void busyPoolIsNotWaitedFor() {
    CountDownLatch release = new CountDownLatch(1);
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      pool.execute(() -> awaitAll(release));
      pool.execute(() -> awaitAll(release));
      Counted work = new Counted(100);
      Workers.run(pool, 100, work);
      work.assertAllDoneOnce();
      assertEquals(1, work.ends.get());
      release.countDown();
    }
  }

  @Test
  void callerThatIsInterruptedWaitsForTheOthersAndStaysInterrupted() {
    CountDownLatch bothWork = new CountDownLatch(2);
    CountDownLatch callerIsDone = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    Thread caller = Thread.currentThread();
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      Workers.run(
          pool,
          2,
          (first, last, own) -> {
            bothWork.countDown();
            awaitAll(bothWork);
            if (Thread.currentThread() == caller) {
              caller.interrupt();
              callerIsDone.countDown();
            } else {
              awaitAll(callerIsDone);
              LockSupport.parkNanos(20_000_000);
            }
            done.incrementAndGet();
          });
      assertTrue(Thread.interrupted(), "the interrupt was lost");
      assertEquals(2, done.get());
    }
  }

  @Test
  void smallBatchesStayOnTheCallingThreadAndLargerOnesDoNot() {
    try (ForkJoinPool pool = new ForkJoinPool(2);
        ForkJoinPool alone = new ForkJoinPool(1)) {
      for (int[] shape : new int[][] {{1, 1}, {32, 1000}, {95, 1000}, {2000, 10}, {1, 90_000}}) {
        assertNull(Workers.worthwhile(pool, shape[0], shape[1]), Arrays.toString(shape));
      }
      for (int[] shape : new int[][] {{96, 1000}, {2400, 10}, {1, 100_000}, {1 << 30, 1 << 20}}) {
        assertSame(pool, Workers.worthwhile(pool, shape[0], shape[1]), Arrays.toString(shape));
        assertNull(Workers.worthwhile(alone, shape[0], shape[1]), "a pool of one thread");
        assertNull(Workers.worthwhile(null, shape[0], shape[1]), "no pool");
      }
    }
  }

  private static boolean awaitAll(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void threadOfThePoolItselfMayCall(int threads) {
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      Counted work = new Counted(500);
      pool.submit(() -> Workers.run(pool, 500, work)).join();
      work.assertAllDoneOnce();
    }
  }

  @Test
  void allThreadsOfThePoolMayCallAtTheSameTime() {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Counted[] works = new Counted[20];
      for (int i = 0; i < works.length; i++) {
        works[i] = new Counted(200);
      }
      Workers.run(
          pool,
          works.length,
          (first, last, workspace) -> {
            for (int piece = first; piece < last; piece++) {
              Workers.run(pool, 200, works[piece]);
            }
          });
      for (Counted work : works) {
        work.assertAllDoneOnce();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8})
  void exceptionReachesTheCaller(int threads) {
    ForkJoinPool pool = threads == 0 ? null : new ForkJoinPool(threads);
    for (int failing : new int[] {0, 50, 99}) {
      ArithmeticException thrown =
          assertThrows(
              ArithmeticException.class,
              () -> Workers.run(pool, 100, (first, last, own) -> fail(first, last, failing)));
      assertEquals("piece " + failing, thrown.getMessage());
    }
    if (pool != null) {
      Counted after = new Counted(100);
      Workers.run(pool, 100, after);
      after.assertAllDoneOnce();
      pool.shutdown();
    }
  }

  private static void fail(int first, int last, int failing) {
    if (first <= failing && failing < last) {
      throw new ArithmeticException("piece " + failing);
    }
  }

  @Test
  void exceptionOfAThreadOfThePoolReachesTheCallerWhoIsDone() {
    Thread caller = Thread.currentThread();
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      for (Throwable thrown :
          new Throwable[] {new IllegalStateException(), new StackOverflowError()}) {
        CountDownLatch together = new CountDownLatch(2);
        Throwable caught =
            assertThrows(
                thrown.getClass(),
                () ->
                    Workers.run(
                        pool, 2, (first, last, own) -> failOnOther(caller, together, thrown)));
        assertSame(thrown, caught);
      }
    }
  }

  private static void failOnOther(Thread caller, CountDownLatch together, Throwable thrown) {
    together.countDown();
    awaitAll(together);
    if (Thread.currentThread() != caller) {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    }
  }
}
