package io.surprisal.bench.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.Tool;
import io.surprisal.bench.console.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever bytes a file has: it is an array, or there is one line that says why not. */
class NpyFuzzTest {
  private static final byte[] LOGITS =
      SavedArray.bytes(
          1, SavedArray.dictionary("<f4", 4, 3), SavedArray.data("<f4", new double[12]));
  private static final byte[] LABELS =
      SavedArray.bytes(2, SavedArray.dictionary("<i2", 4), SavedArray.data("<i2", 0, 1, 2, -100));

  /** What a header is made of, and what it must not be made of. */
  private static final List<String> WORDS =
      List.of(
          "{",
          "}",
          "(",
          ")",
          "[",
          "]",
          ",",
          ":",
          "'",
          "\"",
          " ",
          "\n",
          "\\",
          "\0",
          "-",
          "L",
          "1",
          "3",
          "0",
          "99999999999",
          "9223372036854775807",
          "'descr'",
          "'fortran_order'",
          "'shape'",
          "False",
          "True",
          "None",
          "'<f4'",
          "'>u8'",
          "'|O'",
          "'<f4', ",
          "(3, 4)",
          "(3,)",
          "é");

  private static Path folder;

  @BeforeContainer
  static void createFolder() throws IOException {
    folder = Files.createTempDirectory("npy-fuzz");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /**
   * One change of a file.
   *
   * @param place where, taken modulo its length
   * @param value a byte
   * @param kind 0 replaces, 1 inserts, 2 deletes, 3 cuts off, 4 repeats the rest
   */
  record Change(int place, byte value, int kind) {
    byte[] of(byte[] file) {
      int at = file.length == 0 ? 0 : place % file.length;
      byte[] head = Arrays.copyOf(file, at);
      byte[] tail = Arrays.copyOfRange(file, at, file.length);
      byte[] rest = tail.length == 0 ? tail : Arrays.copyOfRange(tail, 1, tail.length);
      byte[] one = {value};
      return switch (kind) {
        case 0 -> join(head, one, rest);
        case 1 -> join(head, one, tail);
        case 2 -> join(head, rest);
        case 3 -> head;
        default -> join(head, tail, tail);
      };
    }

    private static byte[] join(byte[]... parts) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] part : parts) {
        all.writeBytes(part);
      }
      return all.toByteArray();
    }
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Byte> bytes =
        Arbitraries.oneOf(
            Arbitraries.bytes(), Arbitraries.of((byte) '9', (byte) '(', (byte) '\'', (byte) 0));
    Arbitrary<Integer> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(1, 4)));
    return Combinators.combine(Arbitraries.integers().between(0, 200), bytes, kinds)
        .as(Change::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(WORDS).list().ofMaxSize(30).map(words -> String.join("", words));
  }

  private static byte[] changed(byte[] file, List<Change> changes) {
    byte[] bytes = file;
    for (Change change : changes) {
      bytes = change.of(bytes);
    }
    return bytes;
  }

  private static Path file(String name, byte[] bytes) {
    try {
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 1000)
  void changedFileIsAnArrayOrRefused(@ForAll("changes") List<Change> changes) {
    assertReadOrRefused(changed(LOGITS, changes));
    assertReadOrRefused(changed(LABELS, changes));
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of("<f4", ">f8", "|u1", "<u8", "|V2", "|O", "<c16", "=i2");
  }

  @Provide
  Arbitrary<long[]> shapes() {
    return Arbitraries.of(0L, 1L, 2L, 4L, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE)
        .array(long[].class)
        .ofMaxSize(4);
  }

  /** Products that overflow may come to any number, to the right one too. */
  @Property(tries = 1000)
  void shapeOfAnySizeIsReadOrRefused(
      @ForAll("types") String type,
      @ForAll("shapes") long[] shape,
      @ForAll @IntRange(max = 16) int bytes) {
    String dictionary = SavedArray.dictionary(type, shape);
    assertReadOrRefused(SavedArray.bytes(1, dictionary, new byte[bytes & -2]));
  }

  @Property(tries = 1000)
  void headerOfAnyWordsIsReadOrRefused(@ForAll("texts") String text) {
    assertReadOrRefused(SavedArray.bytes(2, text, new byte[12]));
  }

  private static void assertReadOrRefused(byte[] bytes) {
    Path file = file("array.npy", bytes);
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(file, arena);
      BigInteger elements =
          array.shape().stream()
              .map(BigInteger::valueOf)
              .reduce(BigInteger.ONE, BigInteger::multiply);
      BigInteger size = BigInteger.valueOf(array.header().element().bytes()).multiply(elements);
      assertEquals(size, BigInteger.valueOf(array.data().byteSize()));
      assertEquals(bytes.length, array.header().dataStart() + array.header().dataBytes());
      for (long i = 0; i < array.data().byteSize(); i++) {
        array.data().get(ValueLayout.JAVA_BYTE, i);
      }
    } catch (InputException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().length() < 400 + file.toString().length(), e.getMessage());
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void toolEvaluatesChangedFilesOrSaysWhyNot(
      @ForAll("changes") List<Change> ofLogits, @ForAll("changes") List<Change> ofLabels) {
    Path logits = file("logits.npy", LOGITS);
    Path labels = file("labels.npy", LABELS);
    assertEvaluatedOrRefused(file("changed.npy", changed(LOGITS, ofLogits)), labels);
    assertEvaluatedOrRefused(logits, file("changed.npy", changed(LABELS, ofLabels)));
  }

  private static void assertEvaluatedOrRefused(Path logits, Path labels) {
    Tool run = Tool.run("evaluate", "--logits", logits, "--labels", labels, "--threads", 1);
    assertTrue(run.exitCode() == 0 || run.exitCode() == 2, () -> "exit " + run.exitCode());
    assertEquals(run.exitCode() == 0 ? 0 : 1, run.err().lines().count(), run.err());
    assertEquals(run.exitCode() == 0, !run.out().isEmpty(), run.out());
  }
}
