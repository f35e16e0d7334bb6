package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {
  private final AtomicInteger made = new AtomicInteger();

  /** What is lent: it knows whether somebody has it. */
  private static final class Loan {
    private final AtomicBoolean lent = new AtomicBoolean();

    /** False where somebody else has it. */
    boolean take() {
      return lent.compareAndSet(false, true);
    }

    void giveBack() {
      lent.set(false);
    }
  }

  private final Pool<Loan> pool =
      new Pool<>(
          () -> {
            made.incrementAndGet();
            return new Loan();
          });

  @Test
  void whatWasGivenBackIsLentAgain() {
    Loan first = pool.acquire();
    pool.release(first);
    assertSame(first, pool.acquire());
    assertEquals(1, made.get());
  }

  @Test
  void whatIsLentIsNotLentTwice() {
    assertNotSame(pool.acquire(), pool.acquire());
    assertEquals(2, made.get());
  }

  @Test
  void moreThanThePoolHoldsAreDropped() {
    List<Loan> loans = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      loans.add(pool.acquire());
    }
    loans.forEach(pool::release);
    made.set(0);
    Set<Loan> again = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 1000; i++) {
      again.add(pool.acquire());
    }
    assertEquals(1000, again.size());
    assertTrue(made.get() > 0 && made.get() < 1000, () -> made + " made again");
  }

  @Test
  void threadsNeverHoldTheSameObject() throws InterruptedException {
    AtomicInteger clashes = new AtomicInteger();
    CountDownLatch together = new CountDownLatch(8);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.ofPlatform().start(() -> lendAndGiveBack(together, clashes)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, clashes.get());
    assertTrue(made.get() <= 8, () -> made + " made for 8 threads");
  }

  private void lendAndGiveBack(CountDownLatch together, AtomicInteger clashes) {
    together.countDown();
    while (together.getCount() > 0) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 5000; i++) {
      Loan loan = pool.acquire();
      if (!loan.take()) {
        clashes.incrementAndGet();
      }
      // Held for a while, so that other threads come by.
      for (int spin = 0; spin < 100; spin++) {
        Thread.onSpinWait();
      }
      loan.giveBack();
      pool.release(loan);
    }
  }
}
