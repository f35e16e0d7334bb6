package io.surprisal.bench.spark;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** What Spark counted: tasks, bytes of their results, bytes that went from task to task. */
final class Counters extends SparkListener {
  private final AtomicLong tasks = new AtomicLong();
  private final AtomicLong resultBytes = new AtomicLong();
  private final AtomicLong shuffleBytes = new AtomicLong();
  private final AtomicLong milliseconds = new AtomicLong();

  /** Counts from now on. */
  static Counters of(SparkContext context) {
    Counters counters = new Counters();
    context.addSparkListener(counters);
    return counters;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    if (metrics != null) {
      tasks.incrementAndGet();
      resultBytes.addAndGet(metrics.resultSize());
      shuffleBytes.addAndGet(metrics.shuffleWriteMetrics().bytesWritten());
      milliseconds.addAndGet(metrics.executorRunTime());
    }
  }

  /** Waits until everything is counted, and stops. */
  Counters stop(SparkContext context) throws TimeoutException {
    context.listenerBus().waitUntilEmpty();
    context.removeSparkListener(this);
    return this;
  }

  long tasks() {
    return tasks.get();
  }

  long resultBytes() {
    return resultBytes.get();
  }

  long shuffleBytes() {
    return shuffleBytes.get();
  }

  @Override
  public String toString() {
    return tasks
        + " tasks, "
        + milliseconds
        + " ms, "
        + resultBytes
        + " bytes of results, "
        + shuffleBytes
        + " bytes shuffled";
  }
}
