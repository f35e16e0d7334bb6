package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row losses in double, which every loss on labels gives; and where those of doubles run. */
class DoubleLossesTest {
  private static final double GUARD = 7;

  private final Matrix logits = Matrix.of(new float[] {-1, -2, -3, -3, -1, -2, 0, 5, 1}, 3);
  private final Labels labels = Labels.of(0, -100, 1);

  static List<LabelledLoss> losses() {
    return List.of(
        CrossEntropy.standard(),
        NegativeLogLikelihood.standard(),
        SoftmaxFocal.standard(),
        SoftmaxSquaredError.standard(),
        PolyCrossEntropy.standard(),
        GeneralizedCrossEntropy.standard());
  }

  private static void assertSame(float[] expected, double[] losses) {
    for (int row = 0; row < expected.length; row++) {
      assertEquals(expected[row], (float) losses[row], "row " + row);
    }
    assertEquals(0, losses[1], "a row that does not count");
    assertEquals(GUARD, losses[3]);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesInDoubleAreThoseInFloatBeforeTheyAreRounded(LabelledLoss loss) {
    float[] floats = new float[3];
    double[] doubles = {GUARD, GUARD, GUARD, GUARD};
    Batch batch = Batch.of(logits, labels);
    loss.compute(batch, Outputs.none().withLosses(floats));
    loss.compute(batch, Outputs.none().withLosses(doubles));
    assertSame(floats, doubles);
  }

  @Test
  void distillationGivesLossesInDouble() {
    Distillation loss = Distillation.builder().hardLoss(0.5).build();
    Matrix teacher = Matrix.of(new float[] {-1, 0, -3, -3, -1, 4, 0, 3, 1}, 3);
    Batch batch = Batch.of(logits, teacher).withLabels(labels);
    float[] floats = new float[3];
    double[] doubles = {GUARD, GUARD, GUARD, GUARD};
    loss.compute(batch, Outputs.none().withLosses(floats));
    loss.compute(batch, Outputs.none().withLosses(doubles));
    assertSame(floats, doubles);
  }

  @Test
  void shardsGiveLossesInDouble() {
    ShardedCrossEntropy loss = ShardedCrossEntropy.of(CrossEntropy.standard(), 3);
    Batch batch = Batch.of(logits, labels);
    ShardSummary merged = loss.summarize(batch, 0);
    float[] floats = new float[3];
    double[] doubles = {GUARD, GUARD, GUARD, GUARD};
    loss.compute(batch, 0, merged, Outputs.none().withLosses(floats));
    loss.compute(batch, 0, merged, Outputs.none().withLosses(doubles));
    assertSame(floats, doubles);
  }

  @Test
  void confinedLabelsOfDoublesAreReadByTheCallingThreadAlone() {
    int rows = 500;
    int classes = 1000;
    try (ForkJoinPool pool = new ForkJoinPool(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(8L * rows);
      CrossEntropy loss = CrossEntropy.builder().execution(Execution.on(pool)).build();
      Matrix doubles = Matrix.of(new double[rows * classes], rows, classes);
      Totals totals = loss.forward(doubles, Labels.of(segment, LabelType.INT64, rows));
      assertEquals(Math.log(classes), totals.mean(), 1e-14);
      assertEquals(0, pool.getPoolSize(), "threads that were started");
    }
  }

  @Test
  void confinedDoublesAreReadAndWrittenByTheCallingThreadAlone() {
    int rows = 500;
    int classes = 1000;
    try (ForkJoinPool pool = new ForkJoinPool(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(8L * rows * classes);
      Matrix confined = Matrix.of(segment, ElementType.DOUBLE, rows, classes);
      Matrix array = Matrix.of(new double[rows * classes], rows, classes);
      Softmax softmax = Softmax.on(Execution.on(pool));
      softmax.forward(confined, array);
      assertEquals(1.0 / classes, array.getDouble(rows - 1, 7), 1e-17);
      softmax.forward(array, confined);
      assertEquals(1.0 / classes, confined.getDouble(rows - 1, 7), 1e-17);
      softmax.backward(array, confined, array);
      assertEquals(0, array.getDouble(rows - 1, 7), 1e-17);
      assertEquals(0, pool.getPoolSize(), "threads that were started");
    }
  }

  @Test
  void doublesSeenThroughASegmentAreComputedWhereTheyLie() {
    double[] data = {9, 0.1, 0.2, 0.3, 9};
    Matrix row = Matrix.of(MemorySegment.ofArray(data).asSlice(8, 24), ElementType.DOUBLE, 1, 3);
    double[] results = new double[1];
    LogSumExp.standard().forward(row, results);
    assertEquals(Math.log(Math.exp(0.1) + Math.exp(0.2) + Math.exp(0.3)), results[0], 1e-15);
    Softmax.standard().forward(row, row);
    assertEquals(9, data[0]);
    assertEquals(1, data[1] + data[2] + data[3], 1e-15);
    assertEquals(9, data[4]);
  }
}
