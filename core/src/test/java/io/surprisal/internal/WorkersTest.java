package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

  @Test
  void allThreadsOfThePoolWork() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(4);
    AtomicInteger met = new AtomicInteger();
    try (ForkJoinPool pool = new ForkJoinPool(4)) {
      Workers.run(
          pool,
          4,
          (first, last, workspace) -> {
            together.countDown();
            met.addAndGet(awaitAll(together) ? 1 : 0);
          });
    }
    assertEquals(4, met.get());
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
  void exceptionOfAWorkerReachesTheCaller(int threads) {
    ForkJoinPool pool = threads == 0 ? null : new ForkJoinPool(threads);
    for (int failing : new int[] {0, 50, 99}) {
      ArithmeticException thrown =
          assertThrows(
              ArithmeticException.class,
              () -> Workers.run(pool, 100, (first, last, own) -> fail(first, last, failing)));
      assertEquals("piece " + failing, original(thrown).getMessage());
    }
    if (pool != null) {
      Counted after = new Counted(100);
      Workers.run(pool, 100, after);
      after.assertAllDoneOnce();
      pool.shutdown();
    }
  }

  /** What was thrown: each thread that it passes makes a copy, with the one before as cause. */
  private static Throwable original(Throwable thrown) {
    return thrown.getCause() == null ? thrown : original(thrown.getCause());
  }

  private static void fail(int first, int last, int failing) {
    if (first <= failing && failing < last) {
      throw new ArithmeticException("piece " + failing);
    }
  }
}
