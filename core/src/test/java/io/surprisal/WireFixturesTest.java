package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the first version wrote is read for ever. */
class WireFixturesTest {
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
    ElementTotals elements = ElementTotals.of(kept("element-totals"));
    assertEquals(FIRST_ELEMENTS_SUM, elements.sum());
    assertEquals(FIRST_ELEMENTS_SUM / 2.5, elements.mean());
    assertEquals(4, elements.elements());
    assertEquals(1, elements.ignoredElements());
    Evaluation evaluation = Evaluation.of(kept("evaluation"));
    assertEquals(3, evaluation.rows());
    assertEquals(1, evaluation.correctRows());
    assertEquals(3, evaluation.topRows(2));
    assertEquals(3, evaluation.bins());
    assertEquals(FIRST_CONFIDENCE, evaluation.binConfidence(1));
    ShardSummary shard = ShardSummary.of(kept("shard-summary"));
    assertEquals("ShardSummary[4 rows, classes 2 to 4]", shard.toString());
    assertArrayEquals(first().totals().toBytes(), kept("totals"));
    assertArrayEquals(firstElements().toBytes(), kept("element-totals"));
    assertArrayEquals(first().evaluation().toBytes(), kept("evaluation"));
    assertArrayEquals(firstShard().toBytes(), kept("shard-summary"));
  }

  private static final double FIRST_SUM = 0.8425479389162813;
  private static final double FIRST_ELEMENTS_SUM = 1.9887770116329193;
  private static final double FIRST_CONFIDENCE = 0.47536689043045044;
  private static final Labels FIRST_LABELS = Labels.of(1, -100, 3, 0);
  private static final float[] FIRST_LOGITS = {0, 1, 0, 0, 9, 9, 9, 9, 2, 0, 0, 0, 800, 0, 801, 0};

  private static WireSamples.Computed first() {
    CrossEntropy loss =
        CrossEntropy.builder().classWeights(0.5f, 0.25f, 1, 0).divisor(Divisor.of(2.5)).build();
    WireSamples.Computed computed =
        new WireSamples.Computed(loss.newTotals(), Evaluation.builder().top(2).bins(3).build());
    loss.compute(
        Batch.of(Matrix.of(FIRST_LOGITS, 4), FIRST_LABELS),
        Outputs.none().withTotals(computed.totals()).withEvaluation(computed.evaluation()));
    return computed;
  }

  private static ElementTotals firstElements() {
    BinaryCrossEntropy loss =
        BinaryCrossEntropy.builder().divisor(Divisor.of(2.5)).ignoredTarget(-1).build();
    return loss.forward(
        Matrix.of(new float[] {3, -1, 0.5f, 2}, 2), Matrix.of(new float[] {1, 0, -1, 0.25f}, 2));
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
    try (var in = WireFixturesTest.class.getResourceAsStream("/wire/1/" + name + ".hex")) {
      return WireSamples.hex(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    }
  }
}
