package io.surprisal.bench.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Kernel;
import io.surprisal.bench.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  private static byte[] zipped;
  private static List<String> lines;

  @TempDir private Path folder;

  @BeforeAll
  static void readGoldenFile() throws IOException {
    try (InputStream file =
        CheckCommandTest.class.getResourceAsStream("/golden/pytorch-2.13-seed1.json.gz")) {
      zipped = file.readAllBytes();
    }
    try (InputStream file = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      lines = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static String lastLine(Tool run) {
    return run.lines().getLast();
  }

  @Test
  void everyGoldenCasePassesOnEveryKernel() throws IOException {
    Tool run = Tool.run("check", write("golden.json.gz", zipped));
    assertEquals("cases=1642 failed=0 skipped=0", lastLine(run), run.out());
    assertEquals(0, run.exitCode());
    for (String kernel : Kernel.names()) {
      assertTrue(run.out().contains("kernel " + kernel + ":"), run.out());
    }
  }

  @Test
  void plainJsonIsReadAndFilesAddUp() throws IOException {
    Path plain = Files.write(folder.resolve("golden.json"), lines);
    Path twice = write("golden.json.gz", zipped);
    Tool run = Tool.run("check", plain, twice);
    assertEquals("cases=3284 failed=0 skipped=0", lastLine(run), run.out());
  }

  /** Only the output of one case is changed: any number in it that is not what it should be. */
  @Test
  void oneWrongNumberFailsOneCase() throws IOException {
    List<String> corrupted = new ArrayList<>(lines);
    String right = "\"out\":[51.31035201996565,";
    corrupted.replaceAll(
        line ->
            line.startsWith("{\"op\":\"cross_entropy\",\"problem\":0,")
                ? line.replace(right, "\"out\":[51.31035301996565,")
                : line);
    Path file = Files.write(folder.resolve("corrupted.json"), corrupted);
    Tool run = Tool.run("check", file);
    assertEquals("cases=1642 failed=1 skipped=0", lastLine(run), run.out());
    assertEquals(1, run.exitCode());
    assertTrue(
        run.out()
            .contains(
                "corrupted.json case 0 cross_entropy (one dominates), what the file says against"
                    + " the documented rule, out[0]: expected 51.3103520199656"),
        run.out());
  }

  @Test
  void otherInputThanTheResultsBelongToFailsOnEveryKernel() throws IOException {
    String line = lines.get(indexOfFirstCase());
    Path file =
        Files.writeString(
            folder.resolve("one.json"),
            "{\"cases\": [" + line.replaceAll(",$", "").replace("51.203556", "50.203556") + "]}");
    Tool run = Tool.run("check", file);
    assertEquals("cases=1 failed=1 skipped=0", lastLine(run), run.out());
    assertEquals(1, run.exitCode());
  }

  @Test
  void inputThatIsNotFiniteIsNamedWhereACaseFails() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("masked.json"),
            "{\"cases\": [{\"op\": \"softmax\", \"n\": 1, \"c\": 3, \"input\": [1, 1,"
                + " \"-Infinity\"], \"out\": [0.5, 0.25, 0], \"grad_output\": [0, 0, 0], \"grad\":"
                + " [0, 0, 0]}]}");
    Tool run = Tool.run("check", file);
    assertEquals("cases=1 failed=1 skipped=0", lastLine(run), run.out());
    assertTrue(run.out().contains("; input: row 0 class 2 is -Infinity"), run.out());
  }

  private static int indexOfFirstCase() {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("{\"op\"")) {
        return i;
      }
    }
    throw new AssertionError("no case");
  }

  @Test
  void truncatedFilesAreUnreadable() throws IOException {
    assertUnreadable(write("cut.json.gz", Arrays.copyOf(zipped, zipped.length / 2)));
    byte[] plain = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    assertUnreadable(write("cut.json", Arrays.copyOf(plain, plain.length / 2)));
    assertUnreadable(write("end.json", Arrays.copyOf(plain, plain.length - 2)));
    assertUnreadable(write("empty.json", new byte[0]));
  }

  @Test
  void otherFilesAreUnreadable() throws IOException {
    assertUnreadable(write("text.json", "no golden file".getBytes(StandardCharsets.UTF_8)));
    assertUnreadable(write("list.json", "[1, 2]".getBytes(StandardCharsets.UTF_8)));
    assertUnreadable(write("object.json", "{\"meta\": {}}".getBytes(StandardCharsets.UTF_8)));
    assertUnreadable(write("cases.json", "{\"cases\": 3}".getBytes(StandardCharsets.UTF_8)));
    assertUnreadable(
        write("case.json", "{\"cases\": [{\"op\": {}}]}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void fieldThatDoesNotFitTheShapeIsNamed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("short.json"),
            "{\"cases\": [{\"op\": \"softmax\", \"n\": 1, \"c\": 2, \"input\": [1],"
                + " \"out\": [1, 2], \"grad_output\": [1, 2], \"grad\": [1, 2]}]}");
    Tool run = Tool.run("check", file);
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("case 0: 'input' has 1 values, not 2"), run.err());
  }

  private static void assertUnreadable(Path file) {
    Tool run = Tool.run("check", file);
    assertEquals(2, run.exitCode(), file + run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("surprisal: " + file + ": cannot be read: "), run.err());
  }

  @Test
  void kindOfFileIsSeenInItsBytesNotItsName() throws IOException {
    Path file = folder.resolve("zipped.json");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("{\"cases\": []}".getBytes(StandardCharsets.UTF_8));
    }
    // It is read, and nothing in it could have failed.
    Tool run = Tool.run("check", file);
    assertEquals("surprisal: " + file + ": no cases", run.err().strip());
    assertEquals(2, run.exitCode());
  }
}
