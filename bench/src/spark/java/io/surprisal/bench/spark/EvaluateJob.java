package io.surprisal.bench.spark;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Loss, accuracy and calibration of logits that lie in a table, each partition in one task by the
 * kernel of the machine that it runs on.
 *
 * <p>Totals have the same bits for any number of partitions, as long as each is a multiple of the
 * row tile (1,024 rows, or 16,384 / classes where that is less); everything else always.
 */
public final class EvaluateJob {
  /** Merging in two levels: some √partitions tallies reach the driver. */
  private static final int DEPTH = 2;

  private EvaluateJob() {}

  /** Evaluates the columns {@code logits} and {@code label} of a table. */
  public static Tally evaluate(Dataset<Row> table, LossFactory factory) {
    LogitFormat format = LogitFormat.of(table.schema().apply("logits").dataType());
    var chosen =
        (org.apache.spark.sql.classic.Dataset<Row>)
            table.selectExpr("logits", "cast(label as int)");
    return evaluate(chosen.queryExecution().toRdd().toJavaRDD(), format, factory);
  }

  // recipe: begin evaluate
  /** Evaluates rows of two columns, logits and label, in Spark's own format. */
  static Tally evaluate(JavaRDD<InternalRow> rows, LogitFormat format, LossFactory factory) {
    return rows.mapPartitions(part -> List.of(tally(part, format, factory.loss())).iterator())
        .treeAggregate(Tally.of(factory.loss()), Tally::merge, Tally::merge, DEPTH);
  }

  /** One partition, in batches of whole row tiles. */
  private static Tally tally(Iterator<InternalRow> rows, LogitFormat format, CrossEntropy loss) {
    Tally tally = Tally.of(loss);
    LogitBatch batch = null;
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (batch == null) {
        batch = new LogitBatch(format, format.classes(row, 0));
      }
      batch.add(row);
      if (batch.isFull() || !rows.hasNext()) {
        count(loss, batch, tally);
        batch.clear();
      }
    }
    return tally;
  }

  private static void count(CrossEntropy loss, LogitBatch rows, Tally tally) {
    Matrix logits = Matrix.of(rows.logits(), rows.size(), rows.classes());
    Batch batch = Batch.of(logits, Labels.of(rows.labels(), 0, rows.size()));
    loss.compute(
        batch,
        Outputs.none()
            .withTotals(tally.totals())
            .withEvaluation(tally.evaluation())
            .withLosses(rows.losses()));
    for (int i = 0; i < rows.size(); i++) {
      if (!loss.isIgnored(batch, i)) {
        tally.classes().add(rows.labels()[i], rows.losses()[i]);
      }
    }
  }
  // recipe: end evaluate
}
