package io.surprisal;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Things that have a wire form, with numbers of every size in them. */
final class WireSamples {
  static final int CLASSES = 6;

  private WireSamples() {}

  /** What has a wire form. */
  enum Kind {
    ROW_SUMMARY,
    TOTALS,
    ELEMENT_TOTALS,
    EVALUATION,
    SHARD_SUMMARY;

    /** What is written of what was read. */
    byte[] again(byte[] bytes) {
      return switch (this) {
        case ROW_SUMMARY -> RowSummary.of(bytes).toBytes();
        case TOTALS -> Totals.of(bytes).toBytes();
        case ELEMENT_TOTALS -> ElementTotals.of(bytes).toBytes();
        case EVALUATION -> Evaluation.of(bytes).toBytes();
        case SHARD_SUMMARY -> ShardSummary.of(bytes).toBytes();
      };
    }

    /** One with numbers of every size in it. */
    byte[] sample(long seed) {
      Random random = new Random(seed);
      return switch (this) {
        case ROW_SUMMARY ->
            new RowSummary(random.nextDouble(), random.nextInt(1000) - 500, random.nextGaussian())
                .toBytes();
        case TOTALS -> computed(random).totals.toBytes();
        case ELEMENT_TOTALS -> elements(random).toBytes();
        case EVALUATION -> computed(random).evaluation.toBytes();
        case SHARD_SUMMARY -> shard(random).toBytes();
      };
    }
  }

  record Computed(Totals totals, Evaluation evaluation) {}

  static float[] logits(Random random) {
    float[] logits = new float[(1 + random.nextInt(40)) * CLASSES];
    float scale = List.of(0.1f, 3f, 300f, 1e30f).get(random.nextInt(4));
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (scale * random.nextGaussian());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      int place = random.nextInt(logits.length);
      logits[place] = random.nextBoolean() ? Float.NEGATIVE_INFINITY : logits[place];
    }
    logits[0] = random.nextInt(8) == 0 ? Float.NaN : logits[0];
    return logits;
  }

  static Labels labels(Random random, int rows) {
    int[] labels = new int[rows];
    Arrays.setAll(labels, row -> random.nextInt(9) == 0 ? -100 : random.nextInt(CLASSES));
    return Labels.of(labels);
  }

  static Computed computed(Random random) {
    Matrix logits = Matrix.of(logits(random), CLASSES);
    CrossEntropy.Builder builder = CrossEntropy.builder();
    switch (random.nextInt(5)) {
      case 0 -> builder.divisor(Divisor.of(random.nextDouble() + 1));
      case 1 -> builder.divisor(Divisor.ROWS).emptyMean(EmptyMean.ZERO);
      case 2 -> builder.divisor(Divisor.COUNT).emptyMean(EmptyMean.THROW);
      case 3 -> builder.divisor(Divisor.WEIGHTS).classWeights(1, 0.1f, 3e-20f, 0, 7, 1e20f);
      default -> builder.labelSmoothing(0.1).zLoss(0.1);
    }
    CrossEntropy loss = builder.build();
    Computed computed =
        new Computed(
            loss.newTotals(),
            Evaluation.builder().top(1 + random.nextInt(6)).bins(1 + random.nextInt(15)).build());
    loss.compute(
        Batch.of(logits, labels(random, logits.rows())),
        Outputs.none().withTotals(computed.totals).withEvaluation(computed.evaluation));
    return computed;
  }

  static ElementTotals elements(Random random) {
    Matrix logits = Matrix.of(logits(random), CLASSES);
    float[] targets = new float[logits.rows() * CLASSES];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = random.nextInt(9) == 0 ? -1 : random.nextFloat();
    }
    Divisor divisor = random.nextBoolean() ? Divisor.ROWS : Divisor.of(1 + random.nextDouble());
    BinaryCrossEntropy loss =
        BinaryCrossEntropy.builder().divisor(divisor).ignoredTarget(-1).build();
    return loss.forward(logits, Matrix.of(targets, CLASSES));
  }

  static ShardSummary shard(Random random) {
    Matrix logits = Matrix.of(logits(random), CLASSES);
    CrossEntropy loss =
        CrossEntropy.builder().labelSmoothing(random.nextBoolean() ? 0.1 : 0).build();
    return ShardedCrossEntropy.of(loss, 3 * CLASSES)
        .summarize(Batch.of(logits, labels(random, logits.rows())), random.nextInt(2 * CLASSES));
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
  }
}
