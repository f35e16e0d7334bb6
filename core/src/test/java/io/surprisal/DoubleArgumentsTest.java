package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What logits in double are refused with, before anything is written. */
class DoubleArgumentsTest {
  private final double[] losses = {7, 7};
  private final double[] data = new double[6];
  private final Matrix doubles = Matrix.of(data, 2, 3);
  private final Matrix floats = Matrix.of(new float[6], 2, 3);
  private final Labels labels = Labels.of(0, 1);
  private final CrossEntropy loss = CrossEntropy.standard();
  private final Outputs outputs = Outputs.none().withLosses(losses);

  @AfterEach
  void nothingIsWritten() {
    assertArrayEquals(new double[] {7, 7}, losses);
    assertArrayEquals(new double[6], data);
    assertArrayEquals(new float[6], floats.data());
  }

  @Test
  void resultOfAnotherTypeIsRefused() {
    Batch batch = Batch.of(doubles, labels);
    Refusal.ofArgument(
        () -> loss.compute(batch, outputs.withGradient(floats)), "gradient: ", "doubles");
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(floats, labels), outputs.withGradient(doubles)),
        "gradient: ",
        "DOUBLE");
    Refusal.ofArgument(() -> Softmax.standard().forward(doubles, floats), "out: ", "doubles");
    Refusal.ofArgument(() -> LogSoftmax.standard().forward(floats, doubles), "out: ", "DOUBLE");
    LogSumExp logSumExp = LogSumExp.standard();
    Refusal.ofArgument(
        () -> logSumExp.backward(floats, new float[2], doubles), "gradient: ", "DOUBLE");
    Refusal.ofArgument(
        () -> logSumExp.backward(doubles, new float[2], floats), "gradient: ", "doubles");
    Matrix classesFirst = Matrix.classesFirst(new float[6], 1, 3, 2);
    Refusal.ofArgument(
        () -> loss.compute(batch, outputs.withGradient(classesFirst)),
        "gradient: ",
        "classStride",
        "doubles");
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(classesFirst, labels), outputs.withGradient(doubles)),
        "gradient: ",
        "DOUBLE");
    Matrix halves = Matrix.of(new short[6], ElementType.BFLOAT16, 2, 3);
    Refusal.ofArgument(
        () -> loss.compute(batch, outputs.withGradient(halves)), "gradient: ", "BFLOAT16");
  }

  /** A call with a matrix in each place in turn. */
  private void forEachPlace(Matrix matrix, BiConsumer<String, Executable> check) {
    Matrix out = Matrix.of(new double[6], 2, 3);
    Batch batch = Batch.of(matrix, labels);
    check.accept("logits", () -> loss.compute(batch, outputs));
    check.accept("logits", () -> NegativeLogLikelihood.standard().compute(batch, outputs));
    check.accept("logits", () -> Softmax.standard().forward(matrix, out));
    check.accept("logits", () -> LogSumExp.standard().forward(matrix, losses));
    forEachOutput(matrix, check);
  }

  private void forEachOutput(Matrix matrix, BiConsumer<String, Executable> check) {
    Batch batch = Batch.of(doubles, labels);
    check.accept("gradient", () -> loss.compute(batch, outputs.withGradient(matrix)));
    check.accept(
        "gradient",
        () -> NegativeLogLikelihood.standard().compute(batch, outputs.withGradient(matrix)));
    check.accept("out", () -> LogSoftmax.standard().forward(doubles, matrix));
    check.accept("gradient", () -> LogSumExp.standard().backward(doubles, new float[2], matrix));
  }

  @Test
  void readOnlyDoublesAreNotWritten() {
    MemorySegment readOnly = MemorySegment.ofArray(data.clone()).asReadOnly();
    forEachOutput(
        Matrix.of(readOnly, ElementType.DOUBLE, 2, 3),
        (argument, call) -> Refusal.ofArgument(call, argument + ": ", "read-only"));
  }

  @Test
  void doublesInClosedMemoryAreRefused() {
    Matrix matrix;
    try (Arena arena = Arena.ofConfined()) {
      matrix = Matrix.of(arena.allocate(48), ElementType.DOUBLE, 2, 3);
    }
    forEachPlace(
        matrix,
        (argument, call) ->
            Refusal.of(IllegalStateException.class, call, argument + ": ", "closed"));
  }

  @Test
  void doublesConfinedToAnotherThreadAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      Matrix matrix = Matrix.of(arena.allocate(48), ElementType.DOUBLE, 2, 3);
      CompletableFuture.runAsync(
              () ->
                  forEachPlace(
                      matrix,
                      (argument, call) ->
                          Refusal.of(WrongThreadException.class, call, argument + ": ")))
          .join();
    }
  }

  @Test
  void doublesThatOverlapInMemoryAreRefused() {
    MemorySegment segment = Arena.ofAuto().allocate(64);
    Matrix first = Matrix.of(segment, ElementType.DOUBLE, 2, 3);
    Matrix second = first.withOffset(1);
    Refusal.ofArgument(
        () -> Softmax.standard().forward(first, second), "out", "of the same memory");
  }

  @Test
  void optionsThatTakeFloatsAloneAreNamed() {
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(doubles, floats), outputs), "dense targets", "DOUBLE");
    Refusal.ofArgument(
        () -> loss.compute(Batch.of(floats, doubles), outputs), "targets: ", "DOUBLE");
    Batch sparse = Batch.of(doubles, SparseTargets.of(new int[2], new float[2], 1));
    Refusal.ofArgument(() -> loss.compute(sparse, outputs), "sparse targets", "DOUBLE");
    Outputs entropies = outputs.withEntropies(new float[2]);
    Batch batch = Batch.of(doubles, labels);
    Refusal.ofArgument(() -> loss.compute(batch, entropies), "entropies", "DOUBLE");
    CrossEntropy scaled = CrossEntropy.builder().logitScale(2).build();
    Refusal.ofArgument(() -> scaled.compute(batch, outputs), "logitScale", "DOUBLE");
    CrossEntropy capped = CrossEntropy.builder().softCap(2).build();
    Refusal.ofArgument(() -> capped.compute(batch, outputs), "softCap", "DOUBLE");
  }

  @Test
  void smoothingOverFiniteClassesTakesFloatsAlone() {
    CrossEntropy finite = CrossEntropy.builder().labelSmoothingOverFinite(0.1).build();
    Refusal.ofArgument(
        () -> finite.compute(Batch.of(doubles, labels), outputs),
        "labelSmoothingOverFinite",
        "DOUBLE");
  }

  @Test
  void operationsThatTakeFloatsAloneAreNamed() {
    Batch batch = Batch.of(doubles, labels);
    Refusal.ofArgument(
        () -> SoftmaxSquaredError.standard().compute(batch, outputs), "logits: ", "DOUBLE");
    Distillation distillation = Distillation.builder().build();
    Refusal.ofArgument(
        () -> distillation.compute(Batch.of(doubles, floats), outputs), "logits: ", "DOUBLE");
    Refusal.ofArgument(
        () -> distillation.compute(Batch.of(floats, doubles), outputs), "targets: ", "DOUBLE");
    Refusal.ofArgument(() -> LogSumExp.standard().summaries(doubles), "logits: ", "DOUBLE");
    Refusal.ofArgument(
        () -> Softmax.standard().backward(doubles, floats, doubles), "upstream: ", "doubles");
    Matrix out = Matrix.of(new double[6], 2, 3);
    Refusal.ofArgument(
        () -> Softmax.standard().backward(doubles, out, floats), "gradient: ", "doubles");
    Refusal.ofArgument(
        () -> LogSoftmax.standard().backward(floats, doubles, floats), "upstream: ", "DOUBLE");
    Refusal.of(UnsupportedOperationException.class, doubles::data, "no float[]", "DOUBLE");
  }

  @Test
  void secondDerivativesTakeFloatsAlone() {
    Hessian hessian = Hessian.of(loss);
    Matrix out = Matrix.of(new double[6], 2, 3);
    Batch batch = Batch.of(doubles, labels);
    Refusal.ofArgument(() -> hessian.diagonal(batch, floats), "logits: ", "DOUBLE");
    Refusal.ofArgument(() -> hessian.diagonal(batch, out), "logits: ", "DOUBLE");
    Refusal.ofArgument(() -> hessian.product(batch, floats, out), "logits: ", "DOUBLE");
    Refusal.ofArgument(
        () -> hessian.diagonal(Batch.of(floats, labels), out), "gradient: ", "DOUBLE");
    Refusal.ofArgument(
        () -> hessian.product(Batch.of(floats, labels), out, Matrix.zeros(2, 3)),
        "direction: ",
        "DOUBLE");
  }

  @Test
  void shardsTakeFloatsAlone() {
    ShardedCrossEntropy sharded = ShardedCrossEntropy.of(loss, 3);
    ShardSummary merged = sharded.summarize(Batch.of(floats, labels), 0);
    Batch batch = Batch.of(doubles, labels);
    Refusal.ofArgument(() -> sharded.summarize(batch, 0), "logits: ", "DOUBLE");
    Refusal.ofArgument(() -> sharded.compute(batch, 0, merged, outputs), "logits: ", "DOUBLE");
    Outputs gradient = outputs.withGradient(doubles);
    Refusal.ofArgument(
        () -> sharded.compute(Batch.of(floats, labels), 0, merged, gradient),
        "gradient: ",
        "DOUBLE");
  }

  @Test
  void resultsThatOverlapTheLogitsAreRefused() {
    Batch batch = Batch.of(doubles, labels);
    Outputs itself = Outputs.none().withLosses(data);
    Refusal.ofArgument(() -> loss.compute(batch, itself), "losses", "overlaps", "logits");
    LogSumExp logSumExp = LogSumExp.standard();
    Refusal.ofArgument(() -> logSumExp.forward(doubles, data), "results", "overlaps", "logits");
    Refusal.ofArgument(() -> logSumExp.forward(doubles, new double[1]), "results.length = 1");
    Refusal.ofArgument(
        () -> loss.compute(batch, outputs.withGradient(Gradient.addedTo(doubles))),
        "gradient",
        "logits");
    Matrix first = doubles.slice(0, 1);
    Matrix second = Matrix.of(data, 1, 3).withOffset(2);
    Refusal.ofArgument(() -> Softmax.standard().forward(first, second), "out", "of the same array");
  }
}
