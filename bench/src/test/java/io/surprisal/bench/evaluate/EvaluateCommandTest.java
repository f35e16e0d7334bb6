package io.surprisal.bench.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.bench.Tool;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.npy.NpyArray;
import io.surprisal.bench.npy.SavedArray;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool on files, beside the definitions written out as loops in double. */
class EvaluateCommandTest {
  private static final int ROWS = 12;
  private static final int CLASSES = 7;

  /** Eighths: exact in every type of floats, bfloat16 too. */
  private static final double[] LOGITS = new double[ROWS * CLASSES];

  private static final double[] LABELS = new double[ROWS];

  static {
    for (int i = 0; i < LOGITS.length; i++) {
      LOGITS[i] = (i * 37 % 61 - 30) / 8.0;
    }
    for (int row = 0; row < ROWS; row++) {
      LABELS[row] = row * 5 % CLASSES;
    }
  }

  @TempDir private Path folder;
  private Path logits;
  private Path labels;

  @BeforeEach
  void save() throws IOException {
    logits = save("logits", "<f4", LOGITS, ROWS, CLASSES);
    labels = save("labels", "<i8", LABELS, ROWS);
  }

  private Path save(String name, String type, double[] values, long... shape) throws IOException {
    return SavedArray.save(folder.resolve(name + ".npy"), type, values, shape);
  }

  private static JsonNode json(Object... arguments) throws IOException {
    Object[] all = Stream.concat(Stream.of("evaluate", "--json"), Stream.of(arguments)).toArray();
    Tool run = Tool.run(all);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(1, run.lines().size(), run.out());
    return new ObjectMapper().readTree(run.out());
  }

  private JsonNode evaluated(Object... options) throws IOException {
    Object[] files = {"--logits", logits, "--labels", labels};
    return json(Stream.concat(Stream.of(files), Stream.of(options)).toArray());
  }

  private void assertRefused(String reason, Object... options) {
    Object[] command = {"evaluate", "--logits", logits, "--labels", labels};
    Tool run = Tool.run(Stream.concat(Stream.of(command), Stream.of(options)).toArray());
    assertEquals(2, run.exitCode(), run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(reason), run.err());
    assertTrue(run.out().isEmpty(), run.out());
  }

  private static double sumOfExps(int row) {
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      sum += Math.exp(LOGITS[row * CLASSES + c]);
    }
    return sum;
  }

  private static double logitOfLabel(int row) {
    return LOGITS[row * CLASSES + (int) LABELS[row]];
  }

  private static double loss(int row) {
    return Math.log(sumOfExps(row)) - logitOfLabel(row);
  }

  /** How many logits are greater than the label's. */
  private static int rank(int row) {
    int rank = 0;
    for (int c = 0; c < CLASSES; c++) {
      rank += LOGITS[row * CLASSES + c] > logitOfLabel(row) ? 1 : 0;
    }
    return rank;
  }

  private static double confidence(int row) {
    double[] logitsOfRow = Arrays.copyOfRange(LOGITS, row * CLASSES, (row + 1) * CLASSES);
    return Math.exp(Arrays.stream(logitsOfRow).max().orElseThrow()) / sumOfExps(row);
  }

  private static double calibrationError() {
    double[] surplus = new double[15];
    for (int row = 0; row < ROWS; row++) {
      double confidence = confidence(row);
      int bin = (int) Math.ceil(confidence * 15) - 1;
      surplus[bin] += (rank(row) == 0 ? 1 : 0) - confidence;
    }
    return Arrays.stream(surplus).map(Math::abs).sum() / ROWS;
  }

  @Test
  void figuresAreThoseOfTheDefinitions() throws IOException {
    JsonNode found = evaluated("--top-k", "3,1");
    double sum = 0;
    double[] within = new double[CLASSES + 1];
    for (int row = 0; row < ROWS; row++) {
      sum += loss(row);
      for (int k = rank(row) + 1; k <= CLASSES; k++) {
        within[k] += 1.0 / ROWS;
      }
    }
    double mean = sum / ROWS;
    assertEquals(mean, found.get("loss").doubleValue(), 1e-6);
    assertEquals(Math.exp(mean), found.get("perplexity").doubleValue(), 1e-5);
    assertEquals(mean / Math.log(2), found.get("bits").doubleValue(), 1e-6);
    assertEquals(within[1], found.get("accuracy").doubleValue(), 1e-12);
    assertEquals(within[1], found.at("/topAccuracy/1").doubleValue(), 1e-12);
    assertEquals(within[3], found.at("/topAccuracy/3").doubleValue(), 1e-12);
    assertEquals(2, found.get("topAccuracy").size());
    assertEquals(calibrationError(), found.get("calibrationError").doubleValue(), 1e-6);
    assertEquals(ROWS, found.get("rows").intValue());
    assertEquals(CLASSES, found.get("classes").intValue());
  }

  @Test
  void textSaysTheSame() {
    Tool run = Tool.run("evaluate", "--logits", logits, "--labels", labels);
    assertEquals(0, run.exitCode(), run.err());
    double mean = IntStream.range(0, ROWS).mapToDouble(row -> loss(row)).average().orElseThrow();
    String line = String.format(Locale.ROOT, "loss %26.6f nats", mean);
    assertTrue(run.lines().contains(line), run.out());
    assertTrue(run.out().contains("float32 (12, 7)"), run.out());
    assertTrue(run.out().contains("top 5"), run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f2", ">f2", ">f4", "<f8", ">f8"})
  void everyTypeOfFloatsGivesTheSameBits(String type) throws IOException {
    JsonNode expected = evaluated();
    save("logits", type, LOGITS, ROWS, CLASSES);
    assertEquals(expected, evaluated());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<u2", ">u2", "|V2", "<V2"})
  void bfloat16IsTheUpperHalfOfAFloat(String type) throws IOException {
    JsonNode expected = evaluated();
    double[] halves =
        Arrays.stream(LOGITS).map(x -> Float.floatToRawIntBits((float) x) >>> 16).toArray();
    save("logits", type, halves, ROWS, CLASSES);
    assertEquals(expected, evaluated("--bf16"));
    assertRefused("--bf16 says that they are bfloat16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|i1", "|u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", ">i8", "<u8", ">u8"
      })
  void everyTypeOfLabelsGivesTheSameBits(String type) throws IOException {
    double[] some = LABELS.clone();
    some[4] = 100;
    save("labels", "<i8", some, ROWS);
    JsonNode expected = evaluated("--ignore-index", 100);
    assertEquals(1, expected.get("ignoredRows").intValue());
    save("labels", type, some, ROWS);
    assertEquals(expected, evaluated("--ignore-index", 100));
  }

  @Test
  void ignoredRowsDoNotCount() throws IOException, InputException {
    double[] some = LABELS.clone();
    some[4] = -100;
    save("labels", "<i2", some, ROWS);
    Path out = folder.resolve("rows.npy");
    JsonNode found = evaluated("--out", out);
    assertEquals(ROWS - 1, found.get("countedRows").intValue());
    assertEquals(0, rows(out, List.of((long) ROWS))[4]);
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += row == 4 ? 0 : loss(row);
    }
    assertEquals(sum / (ROWS - 1), found.get("loss").doubleValue(), 1e-6);
  }

  private static float[] rows(Path file, List<Long> shape) throws InputException {
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(file, arena);
      assertEquals(shape, array.shape());
      return array.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }

  @Test
  void rowLossesHaveTheShapeOfTheLabels() throws IOException, InputException {
    save("logits", "<f4", LOGITS, 3, 4, CLASSES);
    save("labels", "|u1", LABELS, 3, 4);
    Path out = folder.resolve("rows.npy");
    evaluated("--out", out);
    float[] losses = rows(out, List.of(3L, 4L));
    for (int row = 0; row < ROWS; row++) {
      assertEquals(loss(row), losses[row], 1e-6);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(3, files.count(), "a file was left behind");
    }
  }

  @Test
  void oneRowIsAVectorAndANumber() throws IOException, InputException {
    save("logits", "<f4", Arrays.copyOf(LOGITS, CLASSES), CLASSES);
    save("labels", "<i4", new double[] {LABELS[0]});
    Path out = folder.resolve("row.npy");
    assertEquals(loss(0), evaluated("--out", out).get("loss").doubleValue(), 1e-6);
    assertEquals(1, rows(out, List.of()).length);
  }

  @Test
  void noRowsHaveNoFigures() throws IOException {
    save("logits", "<f4", new double[0], 0, CLASSES);
    save("labels", "<i4", new double[0], 0);
    JsonNode found = evaluated();
    assertEquals(0, found.get("rows").intValue());
    assertTrue(found.get("loss").isNull());
  }

  @Test
  void rowsWithoutProbabilitiesAreCounted() throws IOException {
    double[] some = LOGITS.clone();
    some[0] = Double.NaN;
    save("logits", "<f2", some, ROWS, CLASSES);
    JsonNode found = evaluated();
    assertEquals(1, found.get("undefinedRows").intValue());
    assertTrue(found.get("loss").isNull());
    Tool run = Tool.run("evaluate", "--logits", logits, "--labels", labels);
    assertTrue(run.out().contains("Undefined rows have a logit of NaN"), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          <i8; 7  ; labels[1, 2] = 7 is outside [0, 7) and not the ignore index -100
          <i8; -1 ; labels[1, 2] = -1 is outside [0, 7)
          <u8; 18446744073709549568; labels[1, 2] = 18446744073709549568 is outside
          <i8; 4294967297; labels[1, 2] = 4294967297 is outside
          |i1; -99; labels[1, 2] = -99 is outside
          |u1; 156; labels[1, 2] = 156 is outside
          """)
  void labelsOutOfRangeAreRefusedByPlace(String type, double label, String reason)
      throws IOException {
    double[] some = LABELS.clone();
    some[6] = label;
    save("logits", "<f4", LOGITS, 3, 4, CLASSES);
    save("labels", type, some, 3, 4);
    Path out = folder.resolve("rows.npy");
    assertRefused(reason, "--out", out);
    assertFalse(Files.exists(out));
  }

  @Test
  void hugeLabelIsNotTheNegativeThatLooksLikeIt() throws IOException {
    double[] some = LABELS.clone();
    some[6] = 0x1p64 - 2048;
    save("labels", "<u8", some, ROWS);
    assertRefused("labels[6] = 18446744073709549568 is outside", "--ignore-index", -2048);
  }

  @Test
  void arraysThatAreNoLogitsOrLabelsAreRefused() throws IOException {
    save("labels", "<f4", LABELS, ROWS);
    assertRefused("labels of float32 are no integers");
    save("labels", "<i4", LABELS, 3, 4);
    assertRefused("labels of shape (3, 4) for logits of shape (12, 7), which need (12,)");
    save("logits", "<f4", new double[0], ROWS, 0);
    assertRefused("its last axis has 0 classes");
    save("logits", "<f4", new double[] {1});
    assertRefused("a single number has no classes");
    save("logits", "<i4", LOGITS, ROWS, CLASSES);
    assertRefused("logits of int32 are no floats");
    save("logits", "<f4", LOGITS, ROWS, CLASSES);
    assertRefused("logits of float32 are no bfloat16", "--bf16");
  }

  @Test
  void optionsOutOfRangeAreRefused() throws IOException {
    assertRefused("--top-k: 8 is outside [1, 7]", "--top-k", "1,8");
    assertRefused("--top-k: 0 is outside [1, 7]", "--top-k", "0");
    assertRefused("--threads = 0 is outside [1, 4096]", "--threads", 0);
    assertRefused("there is no folder", "--out", folder.resolve("none").resolve("rows.npy"));
    assertRefused("is no regular file", "--out", folder);
  }

  @Test
  void inputIsNeverWrittenOver() throws IOException {
    byte[] before = Files.readAllBytes(logits);
    Path link = Files.createSymbolicLink(folder.resolve("link.npy"), logits);
    assertRefused("is the file of the logits or labels", "--out", logits);
    assertRefused("is the file of the logits or labels", "--out", link);
    assertArrayEquals(before, Files.readAllBytes(logits));
  }
}
