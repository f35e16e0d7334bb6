package io.surprisal.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs numbered pieces of work on the calling thread and on threads of a pool; a worker takes the
 * next pieces when it is done with some.
 *
 * <p>The pool's threads are invited, not waited for: the caller begins at once, and when no piece
 * is left it waits for those alone that have begun. A pool that sleeps or is busy so costs an
 * invitation and no more, and threads of a pool that call each other cannot lock up.
 *
 * <p>Who takes which piece is left to chance, so pieces must not depend on each other. Allocates
 * one invitation a worker, whatever the number of pieces.
 */
final class Workers {
  /**
   * A batch of less work than this stays on the calling thread: some 20 µs of the SIMD kernel.
   *
   * <p>Measured on two cores at 1,000, 10 and 2 classes, forward and with the gradient: with
   * threads of the pool that are awake (called again and again) sharing out costs 1 to 2 µs beyond
   * half the time, with threads that sleep (1 ms between calls) 5 to 9 µs, of a pool of one's own
   * as of the common one. It pays from 10 to 20 µs on. {@code ForkBenchmark} of bench measures it.
   */
  static final int LEAST_WORK = 3 << 15;

  /** What a row costs beside its elements, in elements: its place, its logarithm, its totals. */
  private static final int ROW_WORK = 32;

  /**
   * More threads are not asked: a call may allocate 2 KiB, and wide rows need twice the invitations
   * of 24 bytes. So many read more than memory delivers.
   */
  static final int MOST = 32;

  /** The same where a call shares out work so many times, two or more. */
  static int most(int times) {
    return MOST * 2 / times;
  }

  /** Work that consists of numbered pieces. */
  interface Pieces {
    /** Does pieces from first to last − 1 with one thread's scratch memory. */
    void run(int first, int last, Workspace workspace);

    /** Called once by each worker when no piece is left. */
    default void end(Workspace workspace) {}
  }

  private Workers() {}

  /**
   * The pool, or null where sharing out a batch would cost more than it saves: decided by the
   * batch's shape alone, and by whether there is anyone to share with.
   */
  static ForkJoinPool worthwhile(ForkJoinPool pool, int rows, int classes) {
    long work = (long) rows * (classes + ROW_WORK);
    return work < LEAST_WORK || threads(pool) == 1 ? null : pool;
  }

  /** How many threads compute at most, the calling one among them. */
  static int threads(ForkJoinPool pool) {
    if (pool == null) {
      return 1;
    }
    // The common pool has one thread less than the machine.
    int caller = pool == ForkJoinPool.commonPool() ? 1 : 0;
    return Math.min(pool.getParallelism() + caller, MOST);
  }

  /** Runs all pieces, on the calling thread alone if there is no pool or a single piece. */
  static void run(ForkJoinPool pool, int pieces, Pieces work) {
    run(pool, threads(pool), pieces, work);
  }

  /** Runs all pieces, on so many threads at most. */
  static void run(ForkJoinPool pool, int most, int pieces, Pieces work) {
    int workers = Math.min(most, pieces);
    if (workers <= 1) {
      Workspace workspace = Workspace.acquire();
      work.run(0, pieces, workspace);
      work.end(workspace);
      workspace.release();
    } else {
      new Call(pool, workers, pieces, work).run();
    }
  }

  /** One call that is shared out. */
  private static final class Call {
    /** Added to {@link #inside} when nobody is let in any more. */
    private static final int CLOSED = Integer.MIN_VALUE;

    /** About as long as a piece takes; to park and be woken takes longer. */
    private static final int SPINS = 500;

    private final ForkJoinPool pool;
    private final Pieces work;
    private final int workers;
    private final int pieces;
    private final Thread caller = Thread.currentThread();

    /** The next piece to be taken. */
    private final AtomicInteger next = new AtomicInteger();

    /** How many may still be invited. */
    private final AtomicInteger uninvited;

    /** How many have come and not gone, the caller not counted. */
    private final AtomicInteger inside = new AtomicInteger();

    /** What one of the others threw. */
    private volatile Throwable thrown;

    Call(ForkJoinPool pool, int workers, int pieces, Pieces work) {
      this.pool = pool;
      this.workers = workers;
      this.pieces = pieces;
      this.work = work;
      uninvited = new AtomicInteger(workers - 1);
    }

    void run() {
      try {
        inviteFirst();
        takePieces();
      } finally {
        close();
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown != null) {
        throw (RuntimeException) thrown;
      }
    }

    private void inviteFirst() {
      try {
        invite();
      } catch (RejectedExecutionException e) {
        throw new RejectedExecutionException(
            "the pool of the Execution takes no work: "
                + (pool.isShutdown() ? "it is shut down" : pool),
            e);
      }
    }

    /** Invites two: each of them does the same, so that nobody has to wake up all. */
    private void invite() {
      boolean inPool = ForkJoinTask.getPool() == pool;
      for (int i = 0; i < 2 && uninvited.getAndDecrement() > 0; i++) {
        Invitation invitation = new Invitation(this);
        if (inPool) {
          invitation.fork();
        } else {
          pool.execute(invitation);
        }
      }
    }

    /** What a thread of the pool does that has taken an invitation. */
    void help() {
      if (enter()) {
        try {
          inviteMore();
          takePieces();
        } catch (RuntimeException | Error e) {
          thrown = e;
        } finally {
          leave();
        }
      }
    }

    /** A pool that was shut down in the meantime has fewer threads to help, and no more. */
    private void inviteMore() {
      try {
        invite();
      } catch (RejectedExecutionException e) {
        uninvited.set(0);
      }
    }

    /**
     * In shares that get smaller: the counter, for which all contend, is touched rarely, and at the
     * end nobody is left alone with more than a piece.
     */
    private void takePieces() {
      Workspace workspace = Workspace.acquire();
      for (int first = next.get(); first < pieces; first = next.get()) {
        int share = Math.max(1, (pieces - first) / (4 * workers));
        if (next.compareAndSet(first, first + share)) {
          work.run(first, first + share, workspace);
        }
      }
      work.end(workspace);
      workspace.release();
    }

    private boolean enter() {
      int count = inside.get();
      while (count >= 0 && !inside.compareAndSet(count, count + 1)) {
        count = inside.get();
      }
      return count >= 0;
    }

    private void leave() {
      if (inside.decrementAndGet() == CLOSED) {
        LockSupport.unpark(caller);
      }
    }

    /** Lets nobody in any more and waits for those who are. */
    private void close() {
      inside.addAndGet(CLOSED);
      boolean interrupted = false;
      for (int i = 0; inside.get() != CLOSED; i++) {
        if (i < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          interrupted |= Thread.interrupted();
        }
      }
      if (interrupted) {
        caller.interrupt();
      }
    }
  }

  /** A thread of the pool is welcome; one that comes too late goes at once. */
  private static final class Invitation extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient Call call;

    Invitation(Call call) {
      this.call = call;
    }

    @Override
    protected void compute() {
      call.help();
    }
  }
}
