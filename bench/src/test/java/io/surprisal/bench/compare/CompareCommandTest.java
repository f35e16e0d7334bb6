package io.surprisal.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.Kernel;
import io.surprisal.bench.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One short run of all that {@code compare} does, on tiny shapes. */
class CompareCommandTest {
  @TempDir private static Path folder;

  private static Tool run;
  private static JsonNode report;

  @BeforeAll
  static void compare() throws IOException {
    Path json = folder.resolve("new/folder/compare.json");
    run =
        Tool.run(
            "compare", "--quick", "--shapes", "64x33,2x17000", "--threads", "1,2", "--json", json);
    assertEquals(0, run.exitCode(), run.out() + run.err());
    report = new ObjectMapper().readTree(json.toFile());
  }

  private static List<String> kernels() {
    return Kernel.names().stream().filter(List.of("scalar", "vector")::contains).toList();
  }

  @Test
  void reportHasOneResultForEachShapeOperationThreadsAndKernel() {
    Set<String> cells = new HashSet<>();
    for (JsonNode result : report.get("results")) {
      cells.add(
          result.get("shape").textValue()
              + result.get("operation").textValue()
              + result.get("threads").intValue()
              + result.get("kernel").textValue());
    }
    assertEquals(report.get("results").size(), cells.size());
    assertEquals(2 * 2 * 2 * kernels().size(), cells.size());
    for (String kernel : kernels()) {
      assertTrue(cells.contains("64x33forward1" + kernel));
      assertTrue(cells.contains("2x17000forwardAndGradient2" + kernel));
    }
  }

  @Test
  void figuresOfTheReportFitTogether() {
    for (JsonNode result : report.get("results")) {
      double giga = result.get("gigaElementsPerSecond").doubleValue();
      assertTrue(giga > 0 && giga < 1000, result::toString);
      assertEquals(
          giga / scalarFigure(result),
          result.get("ratioToScalar").doubleValue(),
          1e-3 * giga / scalarFigure(result));
      assertTrue(result.get("rooflineFraction").doubleValue() > 0, result::toString);
      boolean ports =
          result.get("portFraction").doubleValue() > result.get("rooflineFraction").doubleValue();
      assertEquals(ports ? "ports" : "memory", result.get("binds").textValue());
      double ulp = result.get("maxUlp").doubleValue();
      assertTrue(ulp >= 0 && ulp <= Agreement.LIMIT, result::toString);
    }
  }

  private static double scalarFigure(JsonNode result) {
    for (JsonNode other : report.get("results")) {
      if (other.get("kernel").textValue().equals("scalar")
          && other.get("shape").equals(result.get("shape"))
          && other.get("operation").equals(result.get("operation"))
          && other.get("threads").equals(result.get("threads"))) {
        return other.get("gigaElementsPerSecond").doubleValue();
      }
    }
    throw new AssertionError("no scalar figure for " + result);
  }

  @Test
  void machineIsDescribedWithoutPaths() {
    JsonNode machine = report.get("machine");
    for (String name : List.of("cpu", "jdk", "os", "commit", "date")) {
      assertTrue(machine.get(name).isTextual() && !machine.get(name).textValue().isEmpty(), name);
    }
    assertTrue(machine.get("cores").intValue() >= 1);
    assertTrue(machine.get("maxHeapBytes").longValue() > 0);
    assertTrue(machine.get("flags").isArray());
    assertEquals(Set.copyOf(Kernel.names()), fieldNames(machine.get("kernels")));
    assertTrue(!machine.toString().contains(System.getProperty("user.dir")), machine::toString);
  }

  private static Set<String> fieldNames(JsonNode node) {
    Set<String> names = new HashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void tableFitsInto100ColumnsOfAscii() {
    List<String> table = run.lines().subList(run.lines().indexOf(""), run.lines().size());
    assertTrue(table.size() > 8, run.out());
    for (String line : table) {
      assertTrue(line.startsWith("Written: ") || line.length() <= 100, line);
      assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 127), line);
    }
  }

  @Test
  void logHasNoProgressBar() {
    assertTrue(!run.out().contains("\r"), run.out());
    assertTrue(run.err().isEmpty(), run.err());
  }

  @Test
  void pageStandsBesideTheFiguresItIsMadeOf() throws IOException {
    Path report = folder.resolve("new/folder");
    for (String name : List.of("errors.json", "digests.json")) {
      if (name.equals("errors.json") || kernels().contains("vector")) {
        assertTrue(Files.exists(report.resolve(name)), name);
      }
    }
    String page = Files.readString(report.resolve("index.html"));
    for (String shape : List.of("64 × 33", "2 × 17000")) {
      assertTrue(page.contains(shape), shape);
    }
    assertTrue(page.contains("id=\"errors\"") && page.contains("id=\"roofline\""));
  }

  @Test
  void tableEndsWithASentence() {
    if (kernels().contains("vector")) {
      String summary = run.lines().get(run.lines().size() - 3);
      assertTrue(summary.startsWith("On 1 thread vector is "), summary);
      assertTrue(summary.endsWith(" ulp at most."), summary);
    }
  }
}
