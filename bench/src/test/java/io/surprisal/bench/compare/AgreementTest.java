package io.surprisal.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Kernel;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final float FLOOR = 0x1p-103f;

  private static double ulps(float expected, float actual) {
    return Agreement.ulps(new float[] {expected}, new float[] {actual}, FLOOR);
  }

  @Test
  void neighbouringFloatsAreOneUlpApart() {
    assertEquals(1, ulps(1, Math.nextUp(1f)));
    assertEquals(3, ulps(1000, 1000 + 3 * Math.ulp(1000f)));
    assertEquals(0.5, ulps(1, Math.nextDown(1f)));
  }

  @Test
  void whatUnderflowsIsAtMostOneUlp() {
    assertEquals(1, ulps(Float.MIN_NORMAL, 0));
    assertTrue(ulps(Float.MIN_VALUE, 0) < 1e-6);
  }

  @Test
  void sameSpecialValuesAgreeAndOthersAreInfinitelyFar() {
    assertEquals(0, ulps(Float.NaN, Float.NaN));
    assertEquals(0, ulps(Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, ulps(1, Float.NaN));
    assertEquals(Double.POSITIVE_INFINITY, ulps(Float.NaN, 1));
    assertEquals(Double.POSITIVE_INFINITY, ulps(1, Float.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, ulps(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY));
  }

  @Test
  void everyKernelAgreesWithScalarOnEveryOperation() {
    LogitsBatch data = LogitsBatch.gaussian(new Shape(50, 777));
    for (String kernel : Kernel.names()) {
      Map<Operation, Double> found =
          new Agreement(Kernel.named("scalar"), Kernel.named(kernel))
              .differences(data, List.of(Operation.values()));
      assertEquals(Operation.values().length, found.size());
      found.forEach(
          (operation, ulps) ->
              assertTrue(ulps <= Agreement.LIMIT, kernel + " " + operation + ": " + ulps));
    }
  }

  @Test
  void textBatchHasFiniteLogitsAndTheNextByteAsLabel() {
    byte[] text = "the quick brown fox".getBytes(StandardCharsets.US_ASCII);
    LogitsBatch data = Agreement.textBatch(text);
    assertEquals(new Shape(18, 256), data.shape());
    for (int row = 0; row < 18; row++) {
      assertEquals(text[row + 1], data.labels().get(row));
      assertEquals((float) Math.log(0.5), data.logits().get(row, 0));
    }
    assertEquals((float) Math.log(1.5), data.logits().get(0, 'h'));
  }
}
