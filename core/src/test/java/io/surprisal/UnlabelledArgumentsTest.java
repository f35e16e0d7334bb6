package io.surprisal;

import static io.surprisal.GuardedOutputs.GUARD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bad arguments of log-sum-exp, softmax and log-softmax: named, and refused before any write. */
class UnlabelledArgumentsTest {
  private final Matrix logits = Matrix.of(new float[] {1, 2, 3, 3, 1, 2}, 3);
  private final Matrix out = Matrix.of(new float[] {GUARD, GUARD, GUARD, GUARD, GUARD, GUARD}, 3);
  private final float[] results = {GUARD, GUARD};
  private final Matrix other = Matrix.zeros(3, 3);
  private final Matrix wide = Matrix.zeros(2, 4);

  private final LogSumExp logSumExp = LogSumExp.standard();
  private final Softmax softmax = Softmax.standard();
  private final LogSoftmax logSoftmax = LogSoftmax.standard();

  @AfterEach
  void nothingIsWritten() {
    assertArrayEquals(new float[] {GUARD, GUARD, GUARD, GUARD, GUARD, GUARD}, out.data());
    assertArrayEquals(new float[] {GUARD, GUARD}, results);
    assertArrayEquals(new float[9], other.data());
    assertArrayEquals(new float[8], wide.data());
  }

  @Test
  void missingExecutionIsNamed() {
    Refusal.ofNull("execution", () -> LogSumExp.on(null));
    Refusal.ofNull("execution", () -> Softmax.on(null));
    Refusal.ofNull("execution", () -> LogSoftmax.on(null));
  }

  @Test
  void missingArgumentsOfLogSumExpAreNamed() {
    Refusal.ofNull("logits", () -> logSumExp.forward(null, results));
    Refusal.ofNull("results", () -> logSumExp.forward(logits, (float[]) null));
    Refusal.ofNull("logits", () -> logSumExp.backward(null, new float[2], out));
    Refusal.ofNull("upstream", () -> logSumExp.backward(logits, null, out));
    Refusal.ofNull("gradient", () -> logSumExp.backward(logits, new float[2], null));
  }

  @Test
  void missingArgumentsOfSoftmaxAreNamed() {
    Refusal.ofNull("logits", () -> softmax.forward(null, out));
    Refusal.ofNull("out", () -> softmax.forward(logits, null));
    Refusal.ofNull("logits", () -> softmax.backward(null, logits, out));
    Refusal.ofNull("upstream", () -> softmax.backward(logits, null, out));
    Refusal.ofNull("gradient", () -> softmax.backward(logits, logits, null));
  }

  @Test
  void missingArgumentsOfLogSoftmaxAreNamed() {
    Refusal.ofNull("logits", () -> logSoftmax.forward(null, out));
    Refusal.ofNull("out", () -> logSoftmax.forward(logits, null));
    Refusal.ofNull("logits", () -> logSoftmax.backward(null, logits, out));
    Refusal.ofNull("upstream", () -> logSoftmax.backward(logits, null, out));
    Refusal.ofNull("gradient", () -> logSoftmax.backward(logits, logits, null));
  }

  @Test
  void lengthsThatDoNotFitAreRefused() {
    Refusal.ofArgument(
        () -> logSumExp.forward(other, results),
        "results.length = 2 is less than the number of rows, 3");
    Refusal.ofArgument(
        () -> logSumExp.backward(logits, new float[3], out),
        "upstream.length = 3 is not the number of rows, 2");
    Refusal.ofArgument(
        () -> logSumExp.backward(logits, new float[1], out),
        "upstream.length = 1 is not the number of rows, 2");
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    String logitsShape = "the logits are [2 × 3]";
    float[] ones = {1, 1};
    Refusal.ofArgument(
        () -> logSumExp.backward(logits, ones, other), "gradient is [3 × 3]", logitsShape);
    Refusal.ofArgument(() -> softmax.forward(logits, other), "out is [3 × 3]", logitsShape);
    Refusal.ofArgument(() -> softmax.forward(logits, wide), "out is [2 × 4]", logitsShape);
    Refusal.ofArgument(
        () -> softmax.backward(logits, wide, out), "upstream is [2 × 4]", logitsShape);
    Refusal.ofArgument(
        () -> softmax.backward(logits, logits, other), "gradient is [3 × 3]", logitsShape);
    Refusal.ofArgument(() -> logSoftmax.forward(logits, wide), "out is [2 × 4]", logitsShape);
    Refusal.ofArgument(
        () -> logSoftmax.backward(logits, other, out), "upstream is [3 × 3]", logitsShape);
    Refusal.ofArgument(
        () -> logSoftmax.backward(logits, logits, wide), "gradient is [2 × 4]", logitsShape);
  }

  @Test
  void batchWithoutRowsWritesNothing() {
    Matrix none = Matrix.of(new float[0], 3);
    Matrix noneOut = Matrix.strided(out.data(), 6, 0, 3, 3);
    logSumExp.forward(none, results);
    logSumExp.backward(none, new float[0], noneOut);
    softmax.forward(none, noneOut);
    softmax.backward(none, none, noneOut);
    logSoftmax.forward(none, noneOut);
    logSoftmax.backward(none, none, noneOut);
  }

  @Test
  void operationsAreDescribedInWords() {
    String execution = "[Execution[sequential, kernel preferred]]";
    assertEquals("LogSumExp" + execution, logSumExp.toString());
    assertEquals("Softmax" + execution, softmax.toString());
    assertEquals("LogSoftmax" + execution, logSoftmax.toString());
  }
}
