package io.surprisal.bench.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine that fails in the middle of a stage. */
@Tag("spark")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WorkerLossTest {
  private static final LossFactory STANDARD = CrossEntropy::standard;

  @Test
  void killedWorkerChangesNothing(@TempDir Path home) throws Exception {
    Corpus corpus = Corpus.of(8192, 30);
    Totals once = CrossEntropy.standard().forward(corpus.logits(), Labels.of(corpus.labels()));
    try (LoopbackCluster cluster = new LoopbackCluster(home, 2);
        SparkSession session = SparkSessions.on(cluster)) {
      Path marker = home.resolve("stuck");
      JavaRDD<InternalRow> rows = stuckOnce(corpus.table(session, 8, LogitFormat.FLOATS), marker);
      CompletableFuture<Tally> running =
          CompletableFuture.supplyAsync(
              () -> EvaluateJob.evaluate(rows, LogitFormat.FLOATS, STANDARD));
      while (!Files.exists(marker) && !running.isDone()) {
        Thread.sleep(50);
      }
      assertTrue(!running.isDone(), "the job was to wait");
      cluster.killWorkerOf(Long.parseLong(Files.readString(marker)));
      Tally tally = running.get(4, TimeUnit.MINUTES);
      assertArrayEquals(once.toBytes(), tally.totals().toBytes());
    }
  }

  /** The rows of a table, of which one task in its first attempt gives some and then no more. */
  private static JavaRDD<InternalRow> stuckOnce(Dataset<Row> table, Path marker) {
    var classic = (org.apache.spark.sql.classic.Dataset<Row>) table.select("logits", "label");
    String file = marker.toString();
    return classic
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(
            part -> {
              TaskContext task = TaskContext.get();
              boolean sticks = task.partitionId() == 5 && task.attemptNumber() == 0;
              return sticks ? stuck(part, Path.of(file)) : part;
            });
  }

  private static Iterator<InternalRow> stuck(Iterator<InternalRow> rows, Path marker) {
    return new Iterator<>() {
      private int given;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public InternalRow next() {
        if (++given == 100) {
          waitToBeKilled(marker);
        }
        return rows.next();
      }
    };
  }

  /** Says which process this is, all at once, and does not go on. */
  private static void waitToBeKilled(Path marker) {
    try {
      Path written = Path.of(marker + ".new");
      Files.writeString(written, Long.toString(ProcessHandle.current().pid()));
      Files.move(written, marker, StandardCopyOption.ATOMIC_MOVE);
      TimeUnit.MINUTES.sleep(9);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
