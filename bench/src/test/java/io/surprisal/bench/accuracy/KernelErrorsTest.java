package io.surprisal.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.Kernel;
import io.surprisal.bench.report.Machine;
import org.junit.jupiter.api.Test;

class KernelErrorsTest {
  @Test
  void everyKernelKeepsWhatIsPromisedWhereTheUsualLossDoesNot() {
    JsonNode results = KernelErrors.measure(Kernel.names()).document(Machine.here()).get("results");
    assertEquals(6 * (Kernel.names().size() + 1), results.size());
    double usual = 0;
    for (JsonNode result : results) {
      double loss = result.get("loss").get("maxUlp").doubleValue();
      double rms = result.get("loss").get("rmsUlp").doubleValue();
      if (result.get("computedBy").textValue().equals(UsualLoss.NAME)) {
        usual = Math.max(usual, loss);
      } else {
        assertTrue(loss > 0 && loss <= 4 && rms <= 0.5, result::toString);
        assertTrue(result.get("gradient").get("maxUlp").doubleValue() <= 4, result::toString);
      }
    }
    assertTrue(usual > 1e5, "the usual loss was only " + usual + " ulp wrong");
  }
}
