package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What merges, as bytes: nothing is lost on the way, and no other bytes are taken for it. */
class WireFormTest {
  private static final int CLASSES = 6;

  /** What has a wire form. */
  private enum Kind {
    ROW_SUMMARY,
    TOTALS,
    EVALUATION,
    SHARD_SUMMARY;

    /** What is written of what was read. */
    byte[] again(byte[] bytes) {
      return switch (this) {
        case ROW_SUMMARY -> RowSummary.of(bytes).toBytes();
        case TOTALS -> Totals.of(bytes).toBytes();
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
        case EVALUATION -> computed(random).evaluation.toBytes();
        case SHARD_SUMMARY -> shard(random).toBytes();
      };
    }
  }

  private record Computed(Totals totals, Evaluation evaluation) {}

  private static float[] logits(Random random) {
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

  private static Labels labels(Random random, int rows) {
    int[] labels = new int[rows];
    Arrays.setAll(labels, row -> random.nextInt(9) == 0 ? -100 : random.nextInt(CLASSES));
    return Labels.of(labels);
  }

  private static Computed computed(Random random) {
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

  private static ShardSummary shard(Random random) {
    Matrix logits = Matrix.of(logits(random), CLASSES);
    CrossEntropy loss =
        CrossEntropy.builder().labelSmoothing(random.nextBoolean() ? 0.1 : 0).build();
    return ShardedCrossEntropy.of(loss, 3 * CLASSES)
        .summarize(Batch.of(logits, labels(random, logits.rows())), random.nextInt(2 * CLASSES));
  }

  @Provide
  Arbitrary<RowSummary> summaries() {
    return Combinators.combine(
            Arbitraries.oneOf(
                Arbitraries.doubles().greaterOrEqual(0),
                Arbitraries.of(Double.POSITIVE_INFINITY, Double.NaN)),
            Arbitraries.integers().between(-(1 << 28), 1 << 28),
            Arbitraries.doubles())
        .as(RowSummary::new);
  }

  @Property
  void rowSummariesMergeAfterTheJourneyAsBefore(
      @ForAll("summaries") RowSummary one, @ForAll("summaries") RowSummary other) {
    assertEquals(one, RowSummary.of(one.toBytes()));
    assertEquals(
        one.merge(other), RowSummary.of(one.toBytes()).merge(RowSummary.of(other.toBytes())));
  }

  @Property(tries = 300)
  void everythingIsWrittenAgainAsItWasRead(@ForAll Kind kind, @ForAll long seed) {
    byte[] bytes = kind.sample(seed);
    assertArrayEquals(bytes, kind.again(bytes));
  }

  @Property(tries = 300)
  void totalsMergeAfterTheJourneyAsBefore(@ForAll long seed, @ForAll long more) {
    CrossEntropy loss = CrossEntropy.builder().classWeights(1, 0.1f, 3, 0, 7, 1e-20f).build();
    Totals one = totals(loss, seed);
    Totals other = totals(loss, more);
    Totals travelled = Totals.of(one.toBytes());
    travelled.merge(Totals.of(other.toBytes()));
    one.merge(other);
    assertEquals(one.sum(), travelled.sum());
    assertEquals(one.mean(), travelled.mean());
    assertEquals(one.perplexity(), travelled.perplexity());
    assertEquals(one.weight(), travelled.weight());
    assertEquals(one.divisor(), travelled.divisor());
    assertEquals(one.rows(), travelled.rows());
    assertEquals(one.ignoredRows(), travelled.ignoredRows());
    assertArrayEquals(one.toBytes(), travelled.toBytes());
  }

  private static Totals totals(CrossEntropy loss, long seed) {
    Random random = new Random(seed);
    Matrix logits = Matrix.of(logits(random), CLASSES);
    return loss.forward(logits, labels(random, logits.rows()));
  }

  @Property(tries = 200)
  void evaluationsMergeAfterTheJourneyAsBefore(@ForAll long seed, @ForAll long more) {
    Evaluation one = evaluation(seed);
    Evaluation other = evaluation(more);
    Evaluation travelled = Evaluation.of(one.toBytes());
    travelled.merge(Evaluation.of(other.toBytes()));
    one.merge(other);
    assertEquals(one.toString(), travelled.toString());
    assertArrayEquals(one.toBytes(), travelled.toBytes());
    for (int bin = 0; bin < one.bins(); bin++) {
      assertEquals(one.binConfidence(bin), travelled.binConfidence(bin));
    }
  }

  private static Evaluation evaluation(long seed) {
    Random random = new Random(seed);
    Matrix logits = Matrix.of(logits(random), CLASSES);
    Evaluation evaluation = Evaluation.standard();
    CrossEntropy.standard()
        .compute(
            Batch.of(logits, labels(random, logits.rows())),
            Outputs.none().withEvaluation(evaluation));
    return evaluation;
  }

  @Property(tries = 500)
  void bytesThatWereCutShortOrGoOnAreRefused(
      @ForAll Kind kind, @ForAll long seed, @ForAll @IntRange(min = 0, max = 1000) int length) {
    byte[] bytes = kind.sample(seed);
    byte[] cut = Arrays.copyOf(bytes, length % bytes.length);
    Refusal.ofArgument(() -> kind.again(cut), "the bytes of");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + length);
    Refusal.ofArgument(() -> kind.again(longer), "go on after the last field");
  }

  /** What was changed is refused as an argument, or is the wire form of something else. */
  @Property(tries = 2000)
  void changedBytesAreRefusedOrMeanWhatTheySay(
      @ForAll Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 1000) int place,
      @ForAll byte value) {
    byte[] bytes = kind.sample(seed);
    bytes[place % bytes.length] = value;
    assertReadOrRefused(kind, bytes);
  }

  private static void assertReadOrRefused(Kind kind, byte[] bytes) {
    byte[] again;
    try {
      again = kind.again(bytes);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage().length() > 10, e.getMessage());
      return;
    }
    assertArrayEquals(again, kind.again(again));
  }

  @Property(tries = 2000)
  void noiseIsRefused(@ForAll Kind kind, @ForAll byte[] noise) {
    assertThrowsExactly(IllegalArgumentException.class, () -> kind.again(noise));
    byte[] bytes = Arrays.copyOf(kind.sample(1), 4 + noise.length);
    System.arraycopy(noise, 0, bytes, 4, noise.length);
    assertReadOrRefused(kind, bytes);
  }

  @Test
  void otherKindsAndVersionsAreNamed() {
    byte[] totals = Kind.TOTALS.sample(3);
    Refusal.ofArgument(() -> RowSummary.of(totals), "RowSummary are not the wire form", "SUR");
    Refusal.ofArgument(() -> Evaluation.of(totals), "SUE");
    Refusal.ofArgument(() -> ShardSummary.of(totals), "SUV");
    totals[3] = 2;
    Refusal.ofArgument(() -> Totals.of(totals), "version 2", "version 1 is read");
    totals[0] = 'X';
    Refusal.ofArgument(() -> Totals.of(totals), "do not begin with SUT");
    Refusal.ofArgument(() -> Totals.of(new byte[0]), "end within mark, after 0");
    Refusal.ofNull("bytes", () -> Totals.of(null));
  }

  @Test
  void lyingLengthsAreRefusedBeforeTheyAllocate() {
    Refusal.ofArgument(
        () -> ShardSummary.of(hex("53 55 56 01 00 06 00 ff ff ff ff 07")),
        "rows = 2147483647",
        "more than 5");
    Refusal.ofArgument(
        () -> Evaluation.of(hex("53 55 45 01 ff ff ff ff 07 01 00 00 00")), "ranks = 2147483647");
    Refusal.ofArgument(
        () -> ShardSummary.of(hex("53 55 56 01 01 ff ff ff ff 07 00 00")), "classes = 2147483647");
    Refusal.ofArgument(() -> ShardSummary.of(hex("53 55 56 01 00 00 00 00")), "have no classes");
  }

  @Test
  void countsThatNoRowsGiveAreRefused() {
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 00 00 01 02 00 00 00 00")), "ignored rows = 2", "than 1");
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 00 00 ff ff ff ff ff ff ff ff ff 01 00 00 00 00 00")),
        "more than 63 bits as rows");
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 00 00 80 00 00 00 00 00 00")), "idle bytes as rows");
    // One rank, one bin, one row: right twice; in no bin; sure beyond certainty; right and absent.
    String head = "53 55 45 01 01 01 ";
    Refusal.ofArgument(
        () -> Evaluation.of(hex(head + "01 02 00 01 01 00 00 00 00 00 00")),
        "rows that are right = 2");
    Refusal.ofArgument(
        () -> Evaluation.of(hex(head + "01 01 00 01 00 00 00 00 00 00 00")), "in no bin");
    Refusal.ofArgument(
        () -> Evaluation.of(hex(head + "01 01 00 01 01 01 80 80 80 04 00 00 00 01")), "above 1");
    Refusal.ofArgument(
        () -> Evaluation.of(hex(head + "01 01 00 01 01 00 00 00 00 00 00")),
        "1 rows that are right and in no bin");
    Refusal.ofArgument(
        () -> Evaluation.of(hex("53 55 45 01 00 01 00 00 00 00 00 00 00 00 00")), "no ranks");
  }

  @Test
  void numbersThatNoSumHasAreRefused() {
    byte[] summary = new RowSummary(1, 2, 3).toBytes();
    byte[] negative = summary.clone();
    negative[4] |= (byte) 0x80;
    Refusal.ofArgument(() -> RowSummary.of(negative), "sum = -1.0 is negative");
    byte[] infinite = summary.clone();
    Arrays.fill(infinite, 16, 24, (byte) 0xFF);
    Refusal.ofArgument(() -> RowSummary.of(infinite), "origin = NaN is not finite");
    byte[] far = summary.clone();
    far[8 + 4] = 0x7F;
    Refusal.ofArgument(() -> RowSummary.of(far), "exponent = ");
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 04 7f f8 00 00 00 00 00 00 00 00 00 00 00 00 00")),
        "divisor = NaN");
    Refusal.ofArgument(() -> Totals.of(hex("53 55 54 01 05")), "the divisor = 5", "[0, 5)");
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 00 00 00 00 01 42 03")), "the length of the sum of");
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 00 00 00 00 01 20 01 00 00 00 00 00 00 00")), "digits");
    Refusal.ofArgument(
        () -> Totals.of(hex("53 55 54 01 00 00 00 00 01 43 01 80 00 00 00 00 00 00")), "digits");
  }

  @Test
  void rowsOfShardsThatNoLogitsGiveAreRefused() {
    String head = "53 55 56 01 00 01 00 01 ";
    Refusal.ofArgument(() -> ShardSummary.of(hex(head + "04")), "4 as the state of a row");
    Refusal.ofArgument(() -> ShardSummary.of(hex(head + "07")), "the state of a row = 7");
    Refusal.ofArgument(
        () -> ShardSummary.of(hex(head + "01 bf f0 00 00 00 00 00 00 00")), "sum -1.0");
    Refusal.ofArgument(
        () -> ShardSummary.of(hex(head + "05 3f f0 00 00 00 00 00 00 00 7f 80 00 00")), "origin");
    Refusal.ofArgument(
        () -> ShardSummary.of(hex(head + "01 3f f0 00 00 00 00 00 00 ff ff ff ff 7f")),
        "exponent of a row");
  }

  @Property(tries = 100)
  void javaSerializationShipsTheWireForm(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Computed computed = computed(random);
    RowSummary summary = new RowSummary(random.nextDouble(), 7, 1.5);
    ShardSummary shard = shard(random);
    assertEquals(summary, shipped(summary));
    assertArrayEquals(computed.totals.toBytes(), ((Totals) shipped(computed.totals)).toBytes());
    assertArrayEquals(
        computed.evaluation.toBytes(), ((Evaluation) shipped(computed.evaluation)).toBytes());
    assertArrayEquals(shard.toBytes(), ((ShardSummary) shipped(shard)).toBytes());
  }

  private static Object shipped(Object object) throws IOException, ClassNotFoundException {
    return read(written(object));
  }

  private static byte[] written(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  @Test
  void streamsOfBadBytesAreRefused() throws IOException {
    Totals totals = computed(new Random(1)).totals;
    byte[] stream = written(totals);
    int mark = stream.length - totals.toBytes().length;
    stream[mark + 3] = 9;
    String message =
        assertThrowsExactly(InvalidObjectException.class, () -> read(stream)).getMessage();
    assertTrue(message.contains("version 9"), message);
  }

  @Test
  void formsOfTheFirstVersionAreReadForEver() throws IOException {
    RowSummary summary = RowSummary.of(kept("row-summary"));
    assertEquals(new RowSummary(1.25, -40, 300.5), summary);
    Totals totals = Totals.of(kept("totals"));
    assertEquals(FIRST_SUM, totals.sum());
    assertEquals(FIRST_SUM / 2.5, totals.mean());
    assertEquals(4, totals.rows());
    assertEquals(1, totals.ignoredRows());
    assertEquals(0.75, totals.weight());
    Evaluation evaluation = Evaluation.of(kept("evaluation"));
    assertEquals(3, evaluation.rows());
    assertEquals(1, evaluation.correctRows());
    assertEquals(3, evaluation.topRows(2));
    assertEquals(3, evaluation.bins());
    assertEquals(FIRST_CONFIDENCE, evaluation.binConfidence(1));
    ShardSummary shard = ShardSummary.of(kept("shard-summary"));
    assertEquals("ShardSummary[4 rows, classes 2 to 4]", shard.toString());
    assertArrayEquals(first().totals.toBytes(), kept("totals"));
    assertArrayEquals(first().evaluation.toBytes(), kept("evaluation"));
    assertArrayEquals(firstShard().toBytes(), kept("shard-summary"));
  }

  private static final double FIRST_SUM = 0.8425479389162813;
  private static final double FIRST_CONFIDENCE = 0.47536689043045044;
  private static final Labels FIRST_LABELS = Labels.of(1, -100, 3, 0);
  private static final float[] FIRST_LOGITS = {0, 1, 0, 0, 9, 9, 9, 9, 2, 0, 0, 0, 800, 0, 801, 0};

  private static Computed first() {
    CrossEntropy loss =
        CrossEntropy.builder().classWeights(0.5f, 0.25f, 1, 0).divisor(Divisor.of(2.5)).build();
    Computed computed = new Computed(loss.newTotals(), Evaluation.builder().top(2).bins(3).build());
    loss.compute(
        Batch.of(Matrix.of(FIRST_LOGITS, 4), FIRST_LABELS),
        Outputs.none().withTotals(computed.totals).withEvaluation(computed.evaluation));
    return computed;
  }

  private static ShardSummary firstShard() {
    float[] right = new float[8];
    for (int i = 0; i < 8; i++) {
      right[i] = FIRST_LOGITS[4 * (i / 2) + 2 + i % 2];
    }
    CrossEntropy loss = CrossEntropy.builder().labelSmoothing(0.5).build();
    return ShardedCrossEntropy.of(loss, 4)
        .summarize(Batch.of(Matrix.of(right, 2), FIRST_LABELS), 2);
  }

  /** Bytes as hexadecimal digits in a file that no test writes. */
  private static byte[] kept(String name) throws IOException {
    try (var in = WireFormTest.class.getResourceAsStream("/wire/1/" + name + ".hex")) {
      return hex(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
  }
}
