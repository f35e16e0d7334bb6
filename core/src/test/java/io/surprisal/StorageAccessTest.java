package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Memory that a call may not use, is refused before anything is written. */
class StorageAccessTest {
  private static final int ROWS = 3;
  private static final int CLASSES = 4;

  private final Labels labels = Labels.of(1, 0, 3);
  private final float[] losses = {7, 7, 7};
  private final Matrix plain = Matrix.zeros(ROWS, CLASSES);

  /** A call with a matrix in each place in turn. */
  private void forEachPlace(Matrix matrix, BiConsumer<String, Executable> check) {
    CrossEntropy loss = CrossEntropy.standard();
    Outputs outputs = Outputs.none().withLosses(losses);
    check.accept("logits", () -> loss.compute(Batch.of(matrix, labels), outputs));
    check.accept("targets", () -> loss.compute(Batch.of(plain, matrix), outputs));
    check.accept(
        "gradient", () -> loss.compute(Batch.of(plain, labels), outputs.withGradient(matrix)));
    check.accept(
        "logits",
        () -> NegativeLogLikelihood.standard().compute(Batch.of(matrix, labels), outputs));
    check.accept("logits", () -> LogSumExp.standard().forward(matrix, losses));
    check.accept("logits", () -> LogSumExp.standard().summaries(matrix));
    check.accept("gradient", () -> LogSumExp.standard().backward(plain, losses, matrix));
    check.accept("logits", () -> Softmax.standard().forward(matrix, plain));
    check.accept("out", () -> LogSoftmax.standard().forward(plain, matrix));
    check.accept("upstream", () -> Softmax.standard().backward(plain, matrix, plain));
    check.accept("gradient", () -> Softmax.standard().backward(plain, plain, matrix));
    BinaryCrossEntropy binary = BinaryCrossEntropy.standard();
    ElementOutputs into = ElementOutputs.none().withGradient(plain);
    check.accept("inputs", () -> binary.compute(ElementBatch.of(matrix, zeros()), into));
    check.accept("targets", () -> binary.compute(ElementBatch.of(zeros(), matrix), into));
    ElementBatch batch = ElementBatch.of(zeros(), zeros());
    check.accept("weights", () -> binary.compute(batch.withWeights(matrix), into));
    check.accept("losses", () -> binary.compute(batch, into.withLosses(matrix)));
    check.accept("gradient", () -> binary.compute(batch, into.withGradient(matrix)));
    Gradient scaled = Gradient.into(plain).withUpstream(matrix);
    check.accept("upstream", () -> binary.compute(batch, into.withGradient(scaled)));
    assertArrayEquals(new float[] {7, 7, 7}, losses);
    assertArrayEquals(new float[ROWS * CLASSES], plain.data());
  }

  private static Matrix zeros() {
    return Matrix.zeros(ROWS, CLASSES);
  }

  private static Matrix in(Arena arena) {
    return Matrix.of(arena.allocate(4L * ROWS * CLASSES), ElementType.FLOAT, ROWS, CLASSES);
  }

  @Test
  void closedMemoryIsRefused() {
    Arena arena = Arena.ofShared();
    Matrix matrix = in(arena);
    Labels closed = Labels.of(arena.allocate(8L * ROWS), LabelType.INT64, ROWS);
    arena.close();
    forEachPlace(
        matrix,
        (name, call) ->
            Refusal.of(IllegalStateException.class, call, name + ": ", "has been closed"));
    Refusal.of(
        IllegalStateException.class,
        () -> CrossEntropy.standard().forward(plain, closed),
        "labels: ",
        "has been closed");
  }

  @Test
  void memoryOfAnotherThreadIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      Matrix matrix = in(arena);
      Labels confined = Labels.of(arena.allocate(8L * ROWS), LabelType.INT64, ROWS);
      CompletableFuture.runAsync(
              () -> {
                forEachPlace(
                    matrix,
                    (name, call) ->
                        Refusal.of(WrongThreadException.class, call, name + ": ", "confined"));
                Refusal.of(
                    WrongThreadException.class,
                    () -> CrossEntropy.standard().forward(plain, confined),
                    "labels: ");
              })
          .join();
    }
  }

  @Test
  void readOnlyMemoryIsReadAndNotWritten() {
    FloatBuffer buffer = FloatBuffer.wrap(new float[ROWS * CLASSES]).asReadOnlyBuffer();
    Matrix matrix = Matrix.of(buffer, ROWS, CLASSES);
    List<String> written = List.of("gradient", "out", "losses");
    float[] results = new float[ROWS];
    LogSumExp.standard().forward(matrix, results);
    assertEquals(Math.log(CLASSES), results[2], 1e-6);
    Outputs outputs = Outputs.none().withLosses(losses);
    Refusal.ofArgument(
        () ->
            CrossEntropy.standard().compute(Batch.of(plain, labels), outputs.withGradient(matrix)),
        written.get(0) + ": ",
        "read-only");
    Refusal.ofArgument(() -> Softmax.standard().forward(plain, matrix), "out: ", "read-only");
    ElementBatch batch = ElementBatch.of(plain, zeros());
    Refusal.ofArgument(
        () ->
            BinaryCrossEntropy.standard().compute(batch, ElementOutputs.none().withLosses(matrix)),
        "losses: ",
        "read-only");
    assertArrayEquals(new float[] {7, 7, 7}, losses);
  }

  @Test
  void confinedMemoryIsUsedByTheCallingThreadAlone() {
    int rows = 500;
    int classes = 1000;
    try (ForkJoinPool pool = new ForkJoinPool(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(2L * rows * classes);
      Matrix matrix = Matrix.of(segment, ElementType.BFLOAT16, rows, classes);
      float[] results = new float[rows];
      LogSumExp.on(Execution.on(pool)).forward(matrix, results);
      assertEquals(Math.log(classes), results[rows - 1], 1e-5);
      assertEquals(0, pool.getPoolSize(), "threads that were started");
    }
  }

  @Test
  void confinedTeacherIsUsedByTheCallingThreadAlone() {
    int rows = 500;
    int classes = 1000;
    try (ForkJoinPool pool = new ForkJoinPool(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(2L * rows * classes);
      Matrix teacher = Matrix.of(segment, ElementType.BFLOAT16, rows, classes);
      Matrix student = Matrix.zeros(rows, classes);
      Distillation loss = Distillation.builder().execution(Execution.on(pool)).build();
      assertEquals(0, loss.forward(student, teacher).mean());
      assertEquals(0, pool.getPoolSize(), "threads that were started");
    }
  }

  /**
   * Either a complete result or an exception, whenever it happens; totals have all of a call or
   * nothing.
   */
  @Test
  void closingMemoryInMidCallLeavesNoSilentHalf() {
    int rows = 300;
    int classes = 500;
    CrossEntropy loss = CrossEntropy.builder().execution(Execution.parallel()).build();
    Labels all = Labels.of(new int[rows]);
    for (int round = 0; round < 40; round++) {
      Arena arena = Arena.ofShared();
      MemorySegment segment = arena.allocate(2L * rows * classes);
      Matrix matrix = Matrix.of(segment, ElementType.FLOAT16, rows, classes);
      int pause = round * 20_000;
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                LockSupport.parkNanos(pause);
                arena.close();
              });
      float[] results = new float[rows];
      Totals totals = loss.newTotals();
      Outputs outputs = Outputs.none().withLosses(results).withTotals(totals);
      long complete = computeUntilClosed(loss, Batch.of(matrix, all), outputs);
      closing.join();
      assertEquals(complete * rows, totals.rows());
      assertEquals(complete * rows * Math.log(classes), totals.sum(), 1e-3 * complete);
    }
  }

  /** How many calls came to their end. */
  private static long computeUntilClosed(CrossEntropy loss, Batch batch, Outputs outputs) {
    for (long complete = 0; ; complete++) {
      try {
        loss.compute(batch, outputs);
      } catch (IllegalStateException e) {
        assertTrue(e.getMessage().contains("closed"), e.getMessage());
        return complete;
      }
    }
  }
}
