package io.surprisal.bench.spark;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.ShardSummary;
import io.surprisal.ShardedCrossEntropy;
import io.surprisal.Totals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Cross-entropy of a vocabulary that is cut into shards: what travels are labels, summaries and
 * merged summaries, some ten bytes a row and shard each, never logits.
 *
 * <p>The gradient's divisor is that of one block of rows; give the loss a {@code Divisor.of(rows)}
 * of all of them.
 */
public final class VocabularyShards {
  private VocabularyShards() {}

  /**
   * What a step gives.
   *
   * @param totals of all rows
   * @param gradients blocks as they came, the gradient in the place of the logits
   */
  public record Step(Totals totals, JavaRDD<ShardBlock> gradients) {}

  // recipe: begin shards
  /** Loss and gradient of blocks, which are read twice: persist them where that is dear. */
  static Step compute(
      JavaSparkContext context, JavaRDD<ShardBlock> blocks, int classes, LossFactory factory) {
    Map<Integer, ShardSummary> merged =
        blocks
            .mapToPair(block -> new Tuple2<>(block.block(), summary(block, classes, factory)))
            .groupByKey()
            .mapValues(VocabularyShards::merged)
            .collectAsMap();
    Broadcast<Map<Integer, ShardSummary>> known = context.broadcast(new HashMap<>(merged));
    Totals totals =
        blocks
            .filter(block -> block.firstClass() == 0)
            .map(block -> totals(block, known.value().get(block.block()), classes, factory))
            .treeAggregate(
                factory.loss().newTotals(), VocabularyShards::add, VocabularyShards::add);
    JavaRDD<ShardBlock> gradients =
        blocks.map(block -> gradient(block, known.value().get(block.block()), classes, factory));
    return new Step(totals, gradients);
  }

  private static ShardSummary summary(ShardBlock block, int classes, LossFactory factory) {
    return ShardedCrossEntropy.of(factory.loss(), classes)
        .summarize(block.batch(), block.firstClass());
  }

  /** In the order of the classes, whatever order they came in. */
  private static ShardSummary merged(Iterable<ShardSummary> shards) {
    List<ShardSummary> all = new ArrayList<>();
    shards.forEach(all::add);
    return ShardSummary.ofAll(all);
  }

  private static Totals totals(
      ShardBlock block, ShardSummary merged, int classes, LossFactory factory) {
    CrossEntropy loss = factory.loss();
    Totals totals = loss.newTotals();
    ShardedCrossEntropy.of(loss, classes)
        .compute(block.batch(), 0, merged, Outputs.none().withTotals(totals));
    return totals;
  }

  private static ShardBlock gradient(
      ShardBlock block, ShardSummary merged, int classes, LossFactory factory) {
    Batch batch = block.batch();
    Matrix gradient = Matrix.zeros(batch.logits().rows(), batch.logits().classes());
    ShardedCrossEntropy.of(factory.loss(), classes)
        .compute(batch, block.firstClass(), merged, Outputs.none().withGradient(gradient));
    return block.with(gradient.data());
  }

  private static Totals add(Totals totals, Totals more) {
    totals.merge(more);
    return totals;
  }
  // recipe: end shards
}
