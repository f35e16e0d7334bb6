package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.GeneralizedCrossEntropy;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.PolyCrossEntropy;
import io.surprisal.Softmax;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SparseTargets;
import io.surprisal.Totals;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static final int CALLS = 200;
  private static final int PARALLEL_CALLS = 50;
  private static final long PARALLEL_LIMIT = 2048;

  /** Nanoseconds in which the steady state must come. */
  private static final long PATIENCE = 10_000_000_000L;

  /** One batch in arrays of the caller's, and the calls that are made on it. */
  private static final class Calls {
    private final Execution execution;
    private final Matrix logits;
    private final Matrix gradient;
    private final Matrix upstream;
    private final float[] losses;
    private final float[] weights;
    private final Batch batch;

    Calls(Execution execution, int rows, int classes) {
      this.execution = execution;
      logits = filled(rows, classes);
      gradient = filled(rows, classes);
      upstream = filled(rows, classes);
      losses = new float[rows];
      weights = filled(1, classes).data();
      int[] labels = new int[rows];
      for (int row = 0; row < rows; row++) {
        labels[row] = row % 5 == 4 ? -100 : row * 7 % classes;
      }
      batch = Batch.of(logits, Labels.of(labels));
    }

    private static Matrix filled(int rows, int classes) {
      Matrix matrix = Matrix.zeros(rows, classes);
      for (int i = 0; i < matrix.data().length; i++) {
        matrix.data()[i] = i * 37 % 64 / 16f;
      }
      return matrix;
    }

    Map<String, Runnable> byName() {
      Map<String, Runnable> calls = new LinkedHashMap<>();
      addCrossEntropy(calls);
      addDenseTargets(calls);
      addLikelihoodLosses(calls);
      addUnlabelled(calls);
      NegativeLogLikelihood likelihood =
          NegativeLogLikelihood.builder().classWeights(weights).build();
      Outputs all = all(likelihood.newTotals());
      calls.put("likelihood", () -> likelihood.compute(batch, all));
      return calls;
    }

    private void addCrossEntropy(Map<String, Runnable> calls) {
      CrossEntropy plain = CrossEntropy.builder().execution(execution).build();
      Outputs all = all(plain.newTotals());
      calls.put("crossEntropy", () -> plain.compute(batch, all));
      Outputs inPlace = Outputs.none().withGradient(logits);
      calls.put("crossEntropy in place", () -> plain.compute(batch, inPlace));
      CrossEntropy rich =
          CrossEntropy.builder()
              .labelSmoothing(0.1)
              .zLoss(1e-4)
              .classWeights(weights)
              .execution(execution)
              .build();
      Gradient added = Gradient.addedTo(gradient).withUpstream(losses.clone());
      Outputs richOutputs = all(rich.newTotals()).withGradient(added);
      Batch weighted = batch.withSampleWeights(losses.clone());
      calls.put("crossEntropy with options", () -> rich.compute(weighted, richOutputs));
    }

    private void addDenseTargets(Map<String, Runnable> calls) {
      Batch dense = Batch.of(logits, upstream);
      CrossEntropy plain = CrossEntropy.builder().execution(execution).build();
      Outputs all = all(plain.newTotals());
      calls.put("crossEntropy with dense targets", () -> plain.compute(dense, all));
      CrossEntropy rich =
          CrossEntropy.builder()
              .labelSmoothing(0.1)
              .classWeights(weights)
              .divisor(Divisor.WEIGHTS)
              .execution(execution)
              .build();
      Outputs richOutputs = all(rich.newTotals()).withGradient(Gradient.addedTo(gradient));
      Batch masked = dense.withIgnoredRows(new boolean[logits.rows()]);
      calls.put(
          "crossEntropy with dense targets, options", () -> rich.compute(masked, richOutputs));
      SparseTargets few = SparseTargets.of(new int[logits.rows()], losses.clone(), 1);
      Batch sparse = Batch.of(logits, few.withTail());
      calls.put("crossEntropy with sparse targets", () -> rich.compute(sparse, richOutputs));
    }

    private void addLikelihoodLosses(Map<String, Runnable> calls) {
      List<LabelledLoss> losses =
          List.of(
              SoftmaxFocal.builder().softCap(20).execution(execution).build(),
              PolyCrossEntropy.builder().execution(execution).build(),
              GeneralizedCrossEntropy.builder().execution(execution).build());
      for (LabelledLoss loss : losses) {
        Outputs all = all(loss.newTotals());
        calls.put(loss.toString(), () -> loss.compute(batch, all));
      }
    }

    private void addUnlabelled(Map<String, Runnable> calls) {
      LogSumExp logSumExp = LogSumExp.on(execution);
      calls.put("logSumExp", () -> logSumExp.forward(logits, losses));
      float[] rowUpstream = losses.clone();
      calls.put("logSumExp backward", () -> logSumExp.backward(logits, rowUpstream, gradient));
      Softmax softmax = Softmax.on(execution);
      calls.put("softmax", () -> softmax.forward(logits, gradient));
      calls.put("softmax backward", () -> softmax.backward(logits, upstream, gradient));
      LogSoftmax logSoftmax = LogSoftmax.on(execution);
      calls.put("logSoftmax", () -> logSoftmax.forward(logits, gradient));
      calls.put("logSoftmax backward", () -> logSoftmax.backward(logits, upstream, gradient));
    }

    private Outputs all(Totals totals) {
      return Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals);
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 3", "64, 100", "32, 1000", "4, 5000", "2, 20000"})
  void sequentialCallAllocatesNothing(int rows, int classes) {
    Calls calls = new Calls(execution(), rows, classes);
    calls
        .byName()
        .forEach(
            (name, call) ->
                assertSteady(name, CALLS, 0, () -> allocatedHere(call), "on the calling thread"));
  }

  @ParameterizedTest
  @CsvSource({"8, 3", "64, 100", "32, 1000", "4, 5000", "2, 20000", "4096, 16"})
  void parallelCallAllocatesAtMostTwoKibibytes(int rows, int classes) {
    Queue<Thread> workers = new ConcurrentLinkedQueue<>();
    try (ForkJoinPool pool =
        new ForkJoinPool(2, owner -> new Worker(owner, workers), null, false)) {
      Calls calls = new Calls(Execution.on(pool).with(kernel()), rows, classes);
      calls
          .byName()
          .forEach(
              (name, call) ->
                  assertSteady(
                      name,
                      PARALLEL_CALLS,
                      PARALLEL_LIMIT,
                      () -> allocated(call, workers),
                      "on all threads"));
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
