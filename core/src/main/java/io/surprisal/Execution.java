package io.surprisal;

import java.util.Objects;
import java.util.concurrent.ForkJoinPool;

/**
 * Where a loss runs: on the calling thread alone or with those of a pool, and by which kernel.
 *
 * <p>The results have the same bits on any number of threads. The calling thread always computes
 * too. A pool's threads are asked to help from some 100,000 logits on; a smaller batch is done
 * before they would have woken up. A call asks 31 of them at most, waits for those only that began,
 * and allocates at most 2 KiB. An exception on one of them reaches the caller. Immutable and
 * thread-safe.
 *
 * {@snippet :
 * CrossEntropy loss = CrossEntropy.builder().execution(Execution.parallel()).build();
 * Softmax softmax = Softmax.on(Execution.sequential().with(Kernel.named("scalar")));
 * }
 */
public final class Execution {
  private static final Execution SEQUENTIAL = new Execution(null, null);

  private final ForkJoinPool pool;
  private final Kernel kernel;

  private Execution(ForkJoinPool pool, Kernel kernel) {
    this.pool = pool;
    this.kernel = kernel;
  }

  /**
   * On the calling thread alone.
   *
   * @return the execution that losses have by default
   */
  public static Execution sequential() {
    return SEQUENTIAL;
  }

  /**
   * On the calling thread and those of the common pool.
   *
   * @return the execution
   */
  public static Execution parallel() {
    return on(ForkJoinPool.commonPool());
  }

  /**
   * On the calling thread and those of a pool of the caller's: as many in all as the pool's
   * parallelism. More threads than the machine has processors make it slower. A call that shares a
   * batch out to a pool that was shut down throws a {@link
   * java.util.concurrent.RejectedExecutionException}.
   *
   * @param pool the pool; not shut down by the library
   * @return the execution
   */
  public static Execution on(ForkJoinPool pool) {
    return new Execution(Objects.requireNonNull(pool, "pool"), null);
  }

  /**
   * The same, by a certain kernel instead of the preferred one.
   *
   * @param kernel the kernel
   * @return the execution
   */
  public Execution with(Kernel kernel) {
    return new Execution(pool, Objects.requireNonNull(kernel, "kernel"));
  }

  /**
   * The kernel that serves.
   *
   * @return the one asked for, else {@link Kernel#preferred()}
   */
  public Kernel kernel() {
    return kernel == null ? Kernel.preferred() : kernel;
  }

  /** The pool, or null on the calling thread. */
  ForkJoinPool pool() {
    return pool;
  }

  @Override
  public String toString() {
    return "Execution["
        + (pool == null ? "sequential" : "on a pool of " + pool.getParallelism())
        + ", kernel "
        + (kernel == null ? "preferred" : kernel.name())
        + "]";
  }
}
