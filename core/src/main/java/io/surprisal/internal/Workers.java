package io.surprisal.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs numbered pieces of work on the threads of a pool; a worker takes the next piece when it is
 * done with one.
 *
 * <p>Who takes which piece is left to chance, so pieces must not depend on each other. Allocates
 * one task a worker, whatever the number of pieces.
 */
final class Workers {
  /** Work that consists of numbered pieces. */
  interface Pieces {
    /** Does pieces from first to last − 1 with one thread's scratch memory. */
    void run(int first, int last, Workspace workspace);

    /** Called once by each worker when no piece is left. */
    default void end(Workspace workspace) {}
  }

  private Workers() {}

  /** Runs all pieces, on the calling thread alone if there is no pool or a single piece. */
  static void run(ForkJoinPool pool, int pieces, Pieces work) {
    // The common pool has one thread less than the machine: the caller is the last worker.
    boolean callerWorks = pool == ForkJoinPool.commonPool() && isOutsideOrIn(pool);
    int threads = pool == null ? 1 : pool.getParallelism() + (callerWorks ? 1 : 0);
    int workers = Math.min(threads, pieces);
    if (workers <= 1) {
      Workspace workspace = Workspace.acquire();
      work.run(0, pieces, workspace);
      work.end(workspace);
      workspace.release();
      return;
    }
    // Some eight shares a worker: late ones find work left, and the counter is touched rarely.
    Worker first =
        new Worker(new AtomicInteger(), pieces, Math.max(1, pieces / (8 * workers)), work);
    first.others = workers - 1;
    if (callerWorks) {
      first.compute();
    } else {
      invoke(pool, first);
    }
  }

  private static void invoke(ForkJoinPool pool, Worker first) {
    try {
      pool.invoke(first);
    } catch (RejectedExecutionException e) {
      throw new RejectedExecutionException(
          "the pool of the Execution takes no work: "
              + (pool.isShutdown() ? "it is shut down" : pool),
          e);
    }
  }

  /** Whether tasks that this thread forks go to the pool. */
  private static boolean isOutsideOrIn(ForkJoinPool pool) {
    ForkJoinPool mine = ForkJoinTask.getPool();
    return mine == null || mine == pool;
  }

  private static final class Worker extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient AtomicInteger next;
    private final transient Pieces work;
    private final int pieces;
    private final int share;
    private int others;

    Worker(AtomicInteger next, int pieces, int share, Pieces work) {
      this.next = next;
      this.pieces = pieces;
      this.share = share;
      this.work = work;
    }

    @Override
    protected void compute() {
      Worker sibling = null;
      if (others > 0) {
        sibling = new Worker(next, pieces, share, work);
        sibling.others = others - 1;
        sibling.fork();
      }
      try {
        takePieces();
      } finally {
        if (sibling != null) {
          sibling.join();
        }
      }
    }

    private void takePieces() {
      Workspace workspace = Workspace.acquire();
      for (int first = next.getAndAdd(share); first < pieces; first = next.getAndAdd(share)) {
        work.run(first, Math.min(first + share, pieces), workspace);
      }
      work.end(workspace);
      workspace.release();
    }
  }
}
