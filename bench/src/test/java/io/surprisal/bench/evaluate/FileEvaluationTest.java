package io.surprisal.bench.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.npy.NpyArray;
import io.surprisal.bench.npy.NpyWriter;
import io.surprisal.bench.npy.SavedArray;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes of a file has the bits of what comes of the same numbers in one array. */
class FileEvaluationTest {
  private static final int IGNORED = -100;

  @TempDir private Path folder;

  private static double[] logistic(int length) {
    SplittableRandom random = new SplittableRandom(7);
    return random.doubles(length).map(u -> 4 * Math.log(u / (1 - u))).toArray();
  }

  private static int[] labels(int rows, int classes) {
    SplittableRandom random = new SplittableRandom(8);
    return random.ints(rows, 0, classes).map(y -> y % 7 == 3 ? IGNORED : y).toArray();
  }

  /** Widths whose row tile divides 1,024, does not, is a single row, and is less than a row. */
  @ParameterizedTest
  @CsvSource({
    "2500, 10, 1",
    "2500, 10, 20000",
    "2500, 10, 1000000",
    "301, 3001, 1",
    "301, 3001, 100000",
    "7, 16385, 1",
    "7, 16385, 50000",
    "3, 131075, 1",
    "3, 131075, 300000"
  })
  void chunksAndThreadsDoNotShowInTheBits(int rows, int classes, int chunkLogits)
      throws IOException, InputException {
    double[] values = logistic(rows * classes);
    int[] labels = labels(rows, classes);
    Path logitsFile = folder.resolve("logits.npy");
    Path labelsFile = folder.resolve("labels.npy");
    SavedArray.save(logitsFile, "<f4", values, rows, classes);
    SavedArray.save(labelsFile, "<i8", Arrays.stream(labels).asDoubleStream().toArray(), rows);

    CrossEntropy loss = CrossEntropy.builder().ignoreIndex(IGNORED).build();
    float[] losses = new float[rows];
    Totals totals = loss.newTotals();
    Evaluation evaluation = Evaluation.builder().top(5).bins(15).build();
    loss.compute(
        Batch.of(Matrix.of(floats(values), rows, classes), Labels.of(labels)),
        Outputs.none().withLosses(losses).withTotals(totals).withEvaluation(evaluation));

    Path out = folder.resolve("rows.npy");
    for (int threads : new int[] {1, 2, 5}) {
      try (Arena arena = Arena.ofShared();
          ForkJoinPool pool = new ForkJoinPool(threads)) {
        LogitsFile saved = new LogitsFile(NpyArray.map(logitsFile, arena), false);
        LabelsFile savedLabels = new LabelsFile(NpyArray.map(labelsFile, arena), saved);
        FileEvaluation found =
            new FileEvaluation(saved, savedLabels, IGNORED, 5, pool, chunkLogits);
        try (NpyWriter writer = NpyWriter.create(out, List.of((long) rows))) {
          found.run(writer);
          writer.finish();
        }
        assertArrayEquals(
            losses, NpyArray.map(out, arena).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
        assertEquals(totals.sum(), found.totals().sum());
        assertEquals(totals.mean(), found.totals().mean());
        assertEquals(totals.perplexity(), found.totals().perplexity());
        assertEquals(totals.ignoredRows(), found.totals().ignoredRows());
        assertEquals(evaluation.toString(), found.evaluation().toString());
      }
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a mapped file cannot be cut there")
  void fileThatIsCutMeanwhileIsSaidToBeAndLeavesNoResult() throws IOException, InputException {
    int rows = 20_000;
    Path logitsFile = folder.resolve("logits.npy");
    SavedArray.save(logitsFile, "<f4", new double[rows * 2], rows, 2);
    Path labelsFile = SavedArray.save(folder.resolve("y.npy"), "|u1", new double[rows], rows);
    try (Arena arena = Arena.ofShared();
        ForkJoinPool pool = new ForkJoinPool(2)) {
      LogitsFile saved = new LogitsFile(NpyArray.map(logitsFile, arena), false);
      LabelsFile savedLabels = new LabelsFile(NpyArray.map(labelsFile, arena), saved);
      FileEvaluation evaluation = new FileEvaluation(saved, savedLabels, IGNORED, 1, pool);
      try (FileChannel channel = FileChannel.open(logitsFile, StandardOpenOption.WRITE)) {
        channel.truncate(1000);
      }
      Path out = folder.resolve("rows.npy");
      try (NpyWriter writer = NpyWriter.create(out, List.of((long) rows))) {
        InputException refusal = assertThrows(InputException.class, () -> evaluation.run(writer));
        assertEquals(logitsFile + ": was changed while it was read", refusal.getMessage());
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(Set.of(logitsFile, labelsFile), files.collect(Collectors.toSet()));
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
