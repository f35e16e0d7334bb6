package io.surprisal.bench.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Totals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jobs on a master and two workers in JVMs of their own. */
@Tag("spark")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClusterTest {
  private static final int CELL = 16_384;
  private static final LossFactory SMOOTHED =
      () -> CrossEntropy.builder().labelSmoothing(0.1).build();

  private static LoopbackCluster cluster;
  private static SparkSession session;
  private static JavaSparkContext context;

  @BeforeAll
  static void start(@TempDir Path home) throws Exception {
    cluster = new LoopbackCluster(home, 2);
    session = SparkSessions.on(cluster);
    context = new JavaSparkContext(session.sparkContext());
  }

  @AfterAll
  static void stop() {
    if (session != null) {
      session.stop();
    }
    cluster.close();
  }

  @Test
  void tasksRunInOtherProcessesByTheVectorKernel() {
    List<String> seen =
        context
            .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8)
            .map(
                task -> {
                  // Long enough that one worker does not take the other's tasks too.
                  Thread.sleep(200);
                  return Kernel.preferred().name() + " " + ProcessHandle.current().pid();
                })
            .collect();
    Set<String> processes = new HashSet<>(seen);
    assertEquals(2, processes.size(), processes.toString());
    long own = ProcessHandle.current().pid();
    for (String process : processes) {
      assertTrue(process.startsWith("vector "), process);
      assertNotEquals("vector " + own, process);
    }
  }

  @Test
  void totalsHaveTheSameBitsForTwoNumbersOfPartitions() throws Exception {
    Corpus corpus = Corpus.of(16_384, 100);
    Totals once = SMOOTHED.loss().forward(corpus.logits(), Labels.of(corpus.labels()));
    for (int partitions : new int[] {2, 16}) {
      Counters counters = Counters.of(session.sparkContext());
      Tally tally =
          EvaluateJob.evaluate(corpus.table(session, partitions, LogitFormat.FLOATS), SMOOTHED);
      counters.stop(session.sparkContext());
      assertArrayEquals(once.toBytes(), tally.totals().toBytes());
      System.out.println("evaluate, " + partitions + " partitions: " + counters);
      // docs/scale.md: from a tree of depth 2 the driver gets √partitions tallies.
      assertEquals(partitions == 2 ? 2 : 16 + 4, counters.tasks());
      assertTrue(counters.resultBytes() < 6000 * counters.tasks(), counters.toString());
    }
  }

  @Test
  void shardsOfTheVocabularyGiveTheBitsOfAllClassesAtOnce() throws Exception {
    int blocks = 4;
    int rows = 64;
    int classes = 3 * CELL + 1000;
    LossFactory factory =
        () ->
            CrossEntropy.builder()
                .labelSmoothing(0.1)
                .zLoss(1e-4)
                .classWeights(weights(classes))
                .divisor(Divisor.of(blocks * rows))
                .build();
    Corpus corpus = Corpus.of(blocks * rows, classes);
    Matrix whole = Matrix.zeros(corpus.rows(), classes);
    Totals once =
        factory.loss().forwardAndGradient(corpus.logits(), Labels.of(corpus.labels()), whole);
    for (int partitions : new int[] {3, 8}) {
      JavaRDD<ShardBlock> shards = context.parallelize(shards(corpus, rows), partitions);
      Counters counters = Counters.of(session.sparkContext());
      VocabularyShards.Step step = VocabularyShards.compute(context, shards, classes, factory);
      counters.stop(session.sparkContext());
      assertArrayEquals(once.toBytes(), step.totals().toBytes());
      List<Integer> found =
          step.gradients().map(block -> Arrays.hashCode(block.logits())).collect();
      List<Integer> expected = new ArrayList<>();
      for (ShardBlock block : shards(new Corpus(whole, corpus.labels()), rows)) {
        expected.add(Arrays.hashCode(block.logits()));
      }
      assertEquals(expected, found);
      System.out.printf(
          "shards, %d partitions, %d rows × %d shards: %s%n",
          partitions, corpus.rows(), 4, counters);
      double perRow = (double) counters.shuffleBytes() / corpus.rows() / 4;
      // docs/scale.md: 18 with label smoothing, and 4 for the label's logit in one of four shards.
      assertTrue(perRow > 9 && perRow < 26, perRow + " bytes shuffled for a row and a shard");
    }
  }

  /** What a step of shards pays twice beside its kernels: docs/scale.md. */
  @Test
  void emptyStageTakesMilliseconds() {
    JavaRDD<Integer> tasks = context.parallelize(List.of(1, 2), 2);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 40; i++) {
      long start = System.nanoTime();
      assertEquals(2, tasks.count());
      least = Math.min(least, 1e-6 * (System.nanoTime() - start));
    }
    System.out.printf("an empty stage of two tasks: %.1f ms%n", least);
  }

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      weights[i] = i % 7 == 3 ? 0 : (i * 31 % 17) / 8f;
    }
    return weights;
  }

  /** Shards of one cell of columns each, of blocks of rows, in no particular order. */
  private static List<ShardBlock> shards(Corpus corpus, int rows) {
    List<ShardBlock> shards = new ArrayList<>();
    int classes = corpus.logits().classes();
    for (int block = 0; block < corpus.rows() / rows; block++) {
      for (int first = 0; first < classes; first += CELL) {
        int columns = Math.min(CELL, classes - first);
        float[] logits = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
          int start = corpus.logits().rowStart(block * rows + row) + first;
          System.arraycopy(corpus.logits().data(), start, logits, row * columns, columns);
        }
        int[] labels = Arrays.copyOfRange(corpus.labels(), block * rows, (block + 1) * rows);
        shards.add(new ShardBlock(block, first, logits, labels));
      }
    }
    Collections.shuffle(shards, new Random(7));
    return shards;
  }
}
