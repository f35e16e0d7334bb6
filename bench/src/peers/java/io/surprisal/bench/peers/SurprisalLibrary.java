package io.surprisal.bench.peers;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.Operation;
import java.util.concurrent.ForkJoinPool;

/** Ours, through the public API, with the kernel that an application gets. */
final class SurprisalLibrary implements Library {
  static final String NAME = "surprisal";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "CrossEntropy with kernel " + Kernel.preferred().name();
  }

  @Override
  public boolean isBound(Operation operation) {
    return false;
  }

  @Override
  public Session open(NativeBatch batch, int threads) {
    return new OurSession(batch, threads);
  }

  private static final class OurSession implements Session {
    private final NativeBatch batch;
    private final ForkJoinPool pool;
    private final Calls calls;

    OurSession(NativeBatch batch, int threads) {
      this.batch = batch;
      pool = new ForkJoinPool(threads);
      calls = new Calls(batch.heap(), threads == 1 ? Execution.sequential() : Execution.on(pool));
    }

    @Override
    public double run(Operation operation) {
      return calls.run(operation);
    }

    @Override
    public float[] losses() {
      calls.forward();
      return calls.rowResults().clone();
    }

    @Override
    public double gradientOfSum(int index) {
      return (double) batch.heap().scratch().data()[index] * batch.rows();
    }

    @Override
    public void close() {
      pool.close();
    }
  }
}
