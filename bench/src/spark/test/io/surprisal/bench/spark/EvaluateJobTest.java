package io.surprisal.bench.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evaluation of tables and of SQL groups, in threads of this JVM. */
@Tag("spark")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EvaluateJobTest {
  private static final Corpus CORPUS = Corpus.of(4096 + 300, 50);
  private static final LossFactory SMOOTHED =
      () -> CrossEntropy.builder().labelSmoothing(0.1).build();

  private static SparkSession session;

  @BeforeAll
  static void start() {
    session = SparkSessions.local(2);
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @Test
  void tasksRunTheVectorKernel() {
    var names =
        new JavaSparkContext(session.sparkContext())
            .parallelize(List.of(1, 2), 2)
            .map(task -> Kernel.preferred().name())
            .collect();
    assertEquals(List.of("vector", "vector"), names);
  }

  @ParameterizedTest
  @EnumSource(LogitFormat.class)
  void parquetGivesWhatOneCallGives(LogitFormat format, @TempDir Path folder) {
    String path = folder.resolve("logits").toString();
    CORPUS.table(session, 4, format).write().parquet(path);
    Dataset<Row> table = session.read().parquet(path);
    // Files of 1,099 rows, not whole row tiles, and in any order.
    Tally tally = EvaluateJob.evaluate(table.coalesce(1), SMOOTHED);
    CrossEntropy loss = SMOOTHED.loss();
    Totals totals = loss.newTotals();
    Evaluation evaluation = Evaluation.standard();
    float[] losses = new float[CORPUS.rows()];
    loss.compute(
        Batch.of(CORPUS.logits(), Labels.of(CORPUS.labels())),
        Outputs.none().withTotals(totals).withEvaluation(evaluation).withLosses(losses));
    assertEquals(totals.mean(), tally.totals().mean(), 1e-15 * totals.mean());
    assertEquals(totals.perplexity(), tally.totals().perplexity(), 1e-14 * totals.perplexity());
    assertEquals(totals.rows(), tally.totals().rows());
    assertEquals(totals.ignoredRows(), tally.totals().ignoredRows());
    assertArrayEquals(evaluation.toBytes(), tally.evaluation().toBytes());
    checkClassLosses(losses, tally.classes());
  }

  private static void checkClassLosses(float[] losses, ClassLosses classes) {
    double[] sums = new double[CORPUS.logits().classes()];
    int[] rows = new int[sums.length];
    for (int row = 0; row < losses.length; row++) {
      int label = CORPUS.labels()[row];
      if (label >= 0) {
        sums[label] += losses[row];
        rows[label]++;
      }
    }
    assertEquals(sums.length, classes.classes());
    for (int label = 0; label < sums.length; label++) {
      assertEquals(rows[label], classes.rows(label));
      assertEquals(sums[label] / rows[label], classes.mean(label), 1e-9);
    }
  }

  @Test
  void partitionsOfWholeRowTilesGiveTheSameBits() {
    Corpus corpus = Corpus.of(8192, 20);
    Tally two = EvaluateJob.evaluate(corpus.table(session, 2, LogitFormat.FLOATS), SMOOTHED);
    Tally eight = EvaluateJob.evaluate(corpus.table(session, 8, LogitFormat.FLOATS), SMOOTHED);
    Totals once = SMOOTHED.loss().forward(corpus.logits(), Labels.of(corpus.labels()));
    assertArrayEquals(once.toBytes(), two.totals().toBytes());
    assertArrayEquals(once.toBytes(), eight.totals().toBytes());
  }

  @Test
  void rowsOfAnotherWidthAreRefused() {
    Dataset<Row> mixed =
        Corpus.of(3, 4)
            .table(session, 1, LogitFormat.FLOATS)
            .union(Corpus.of(3, 5).table(session, 1, LogitFormat.FLOATS))
            .coalesce(1);
    String message =
        assertThrows(Exception.class, () -> EvaluateJob.evaluate(mixed, SMOOTHED)).getMessage();
    assertTrue(message.contains("a row has 5 logits, another one before it 4"), message);
  }

  @Test
  void otherColumnsAreRefused() {
    Dataset<Row> doubles = session.sql("select array(1.0D, 2.0D) as logits, 0 as label");
    String message =
        assertThrows(IllegalArgumentException.class, () -> EvaluateJob.evaluate(doubles, SMOOTHED))
            .getMessage();
    assertTrue(message.contains("array<double>"), message);
    Dataset<Row> holes =
        session.sql("select array(cast(1 as float), cast(null as float)) as logits, 0 as label");
    String hole =
        assertThrows(Exception.class, () -> EvaluateJob.evaluate(holes, SMOOTHED)).getMessage();
    assertTrue(hole.contains("a logit is null"), hole);
  }

  @Test
  void sqlKnowsCrossEntropy() {
    CORPUS.table(session, 3, LogitFormat.FLOATS).createOrReplaceTempView("observed");
    // recipe: begin sql
    CrossEntropyFunction.register(session, SMOOTHED);
    double all =
        session.sql("select cross_entropy(logits, label) from observed").first().getDouble(0);
    List<Row> groups =
        session
            .sql("select part, cross_entropy(logits, label) from observed group by part")
            .collectAsList();
    // recipe: end sql
    double expected = SMOOTHED.loss().forward(CORPUS.logits(), Labels.of(CORPUS.labels())).mean();
    assertEquals(expected, all, 1e-14 * expected);
    assertEquals(3, groups.size());
    double sum = 0;
    long rows = 0;
    for (Row group : groups) {
      long counted = 0;
      for (int row = group.getInt(0); row < CORPUS.rows(); row += 3) {
        counted += CORPUS.labels()[row] < 0 ? 0 : 1;
      }
      sum += group.getDouble(1) * counted;
      rows += counted;
    }
    assertEquals(expected, sum / rows, 1e-13 * expected);
  }
}
