package io.surprisal.bench.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.bench.Surprisal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of 4 GB in a heap of 256 MB: {@code mvn -Plarge}. They are sparse, all zeros. */
@Tag("large")
class LargeFileTest {
  @TempDir private Path folder;

  /** A file whose elements are holes: numpy.lib.format.open_memmap makes the same. */
  private Path zeros(String name, String type, long dataBytes, String shape) throws IOException {
    String dictionary =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    String text = dictionary + " ".repeat(117 - dictionary.length()) + "\n";
    Path file = folder.resolve(name);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(("\u0093NUMPY\u0001\0v\0" + text).getBytes(StandardCharsets.ISO_8859_1));
      out.setLength(out.length() + dataBytes);
    }
    return file;
  }

  private JsonNode evaluatedIn256Megabytes(Path logits, Path labels, String... options)
      throws IOException, InterruptedException {
    int exitCode = runIn256Megabytes(logits, labels, options);
    assertEquals(0, exitCode, Files.readString(folder.resolve("err")));
    return new ObjectMapper().readTree(folder.resolve("out").toFile());
  }

  private int runIn256Megabytes(Path logits, Path labels, String... options)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder tool =
        new ProcessBuilder(
            java.toString(),
            "-Xmx256m",
            "--add-modules=jdk.incubator.vector",
            "--class-path",
            System.getProperty("java.class.path"),
            Surprisal.class.getName(),
            "evaluate",
            "--json",
            "--logits",
            logits.toString(),
            "--labels",
            labels.toString());
    tool.command().addAll(List.of(options));
    long start = System.nanoTime();
    tool.redirectOutput(folder.resolve("out").toFile());
    tool.redirectError(folder.resolve("err").toFile());
    Process process = tool.start();
    int exitCode = process.waitFor();
    System.out.printf(
        "%s %s in %.1f s%n",
        logits.getFileName(), Files.size(logits), (System.nanoTime() - start) / 1e9);
    return exitCode;
  }

  @Test
  void fourGigabytesAreEvaluatedInSmallHeap() throws IOException, InterruptedException {
    Path logits = zeros("logits.npy", "<f4", 1L << 32, "(1024, 1024, 1024)");
    Path labels = zeros("labels.npy", "<i8", 1L << 23, "(1024, 1024)");
    Path rows = folder.resolve("rows.npy");
    JsonNode found = evaluatedIn256Megabytes(logits, labels, "--out", rows.toString());
    assertEquals(1L << 20, found.get("countedRows").longValue());
    assertEquals(Math.log(1024), found.get("loss").doubleValue(), 1e-6);
    assertEquals(1, found.get("accuracy").doubleValue());
    assertTrue(Files.size(rows) > 4 << 20);
  }

  @Test
  void moreElementsThanAnArrayHoldsAreEvaluatedInSmallHeap()
      throws IOException, InterruptedException {
    Path logits = zeros("logits.npy", "<f2", 10L << 30, "(536870912, 10)");
    Path labels = zeros("labels.npy", "|u1", 1L << 29, "(536870912,)");
    JsonNode found = evaluatedIn256Megabytes(logits, labels);
    assertEquals(1L << 29, found.get("countedRows").longValue());
    assertEquals(Math.log(10), found.get("loss").doubleValue(), 1e-6);
  }

  @Test
  void rowOfMillionsOfClassesIsEvaluatedInSmallHeap() throws IOException, InterruptedException {
    Path logits = zeros("logits.npy", "<f4", 1L << 32, "(64, 16777216)");
    Path labels = zeros("labels.npy", "<i4", 256, "(64,)");
    JsonNode found = evaluatedIn256Megabytes(logits, labels);
    assertEquals(Math.log(1 << 24), found.get("loss").doubleValue(), 1e-5);
  }

  @Test
  void widestRowIsEvaluatedInSmallHeap() throws IOException, InterruptedException {
    Path logits = zeros("logits.npy", "<f2", 2L * Integer.MAX_VALUE, "(2147483647,)");
    Path labels = zeros("labels.npy", "<i4", 4, "()");
    JsonNode found = evaluatedIn256Megabytes(logits, labels);
    assertEquals(Math.log(Integer.MAX_VALUE), found.get("loss").doubleValue(), 1e-5);
  }

  @Test
  void rowOfDoublesThatFitsNoArrayIsRefused() throws IOException, InterruptedException {
    Path logits = zeros("logits.npy", "<f8", 8L * Integer.MAX_VALUE, "(2147483647,)");
    Path labels = zeros("labels.npy", "<i4", 4, "()");
    assertEquals(2, runIn256Megabytes(logits, labels));
    String refusal = Files.readString(folder.resolve("err"));
    assertTrue(
        refusal.endsWith("2147483647 classes, rounded to floats, does not fit into memory\n"),
        refusal);
  }
}
