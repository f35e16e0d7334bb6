package io.surprisal.bench.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.Kernel;
import io.surprisal.bench.Tool;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCommandTest {
  @Test
  void figuresOfEveryKernelFitTogether(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("start.json");
    Tool run =
        Tool.run("start", "--forks", "1", "--shape", "8x33", "--seconds", "1", "--json", json);
    assertEquals(0, run.exitCode(), run.out() + run.err());
    JsonNode results = new ObjectMapper().readTree(json.toFile()).get("results");
    assertEquals(2 * Kernel.names().size(), results.size());
    for (JsonNode result : results) {
      double first = result.get("firstResultMillis").doubleValue();
      double warmUp = result.get("warmUpMillis").doubleValue();
      boolean warmed = result.get("warmUp").booleanValue();
      assertTrue(first > 0 && result.get("fullSpeedMillis").doubleValue() >= first, run.out());
      assertTrue(result.get("firstCallMicros").doubleValue() > 0, run.out());
      assertTrue(result.get("steadyCallMicros").doubleValue() > 0, run.out());
      assertTrue(warmed ? warmUp > 400 && first > warmUp : warmUp < 1, run.out());
    }
  }
}
