package io.surprisal.bench.steady;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.bench.Tool;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteadyCommandTest {
  @Test
  void slowestJvmIsHeldAgainstTheMedianOne() {
    SteadyFigure steady = figure(3, 2, 2.2, 2.5, 2.4);
    assertEquals(2.4, steady.median());
    assertEquals(1.25, steady.ratio(), 1e-9);
    assertTrue(steady.isSteady());
    assertFalse(figure(2, 2, 2, 2, 2.7).isSteady());
  }

  private static SteadyFigure figure(double... nanos) {
    return new SteadyFigure(
        new Shape(3, 4), Operation.FORWARD, Arrays.stream(nanos).boxed().toList());
  }

  @Test
  void everyForkIsInTheReportAndTheExitCodeIsTheVerdict(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("steady.json");
    Tool run =
        Tool.run(
            "steady",
            "--quick",
            "--forks",
            "2",
            "--shapes",
            "8x33",
            "--operations",
            "forward",
            "--json",
            json);
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    JsonNode result = report.get("results").get(0);
    assertEquals("8x33", result.get("shape").textValue());
    assertEquals(2, result.get("gigaElementsPerSecond").size());
    double first = result.get("gigaElementsPerSecond").get(0).doubleValue();
    double second = result.get("gigaElementsPerSecond").get(1).doubleValue();
    double median = (1 / first + 1 / second) / 2;
    double expected = 1 / Math.min(first, second) / median;
    assertEquals(expected, result.get("slowestToMedian").doubleValue(), 1e-3 * expected);
    assertEquals(expected <= SteadyFigure.TARGET ? 0 : 1, run.exitCode(), run.out() + run.err());
    List<String> lines = run.lines();
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("8x33")), run.out());
  }
}
