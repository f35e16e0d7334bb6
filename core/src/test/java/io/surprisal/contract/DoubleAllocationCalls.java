package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Calls of every operation that takes logits in double, on one batch in the caller's arrays. */
final class DoubleAllocationCalls {
  private static final long LARGE = 300_000;

  private DoubleAllocationCalls() {}

  /** The calls by name. */
  static Map<String, Runnable> of(Execution execution, int rows, int classes) {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    Matrix logits = filled(rows, classes, 1);
    Matrix far = filled(rows, classes, 1000);
    Matrix gradient = filled(rows, classes, 1);
    double[] losses = new double[rows];
    float[] upstream = new float[rows];
    float[] weights = new float[classes];
    int[] numbers = new int[rows];
    for (int row = 0; row < rows; row++) {
      numbers[row] = row % 5 == 4 ? -100 : row * 7 % classes;
      upstream[row] = 1 + row % 3;
    }
    for (int i = 0; i < classes; i++) {
      weights[i] = i % 4;
    }
    Labels labels = Labels.of(numbers);
    CrossEntropy plain = CrossEntropy.builder().execution(execution).build();
    CrossEntropy rich =
        CrossEntropy.builder()
            .execution(execution)
            .labelSmoothing(0.1)
            .zLoss(1e-4)
            .classWeights(weights)
            .build();
    Batch batch = Batch.of(logits, labels);
    Batch farBatch = Batch.of(far, labels).withSampleWeights(upstream);
    Outputs some = Outputs.none().withLosses(losses).withTotals(plain.newTotals());
    Outputs all = some.withGradient(gradient);
    Outputs added = all.withGradient(Gradient.addedTo(gradient).withUpstream(upstream));
    Outputs richly = Outputs.none().withTotals(rich.newTotals()).withGradient(gradient);
    calls.put("double forward", () -> plain.compute(batch, some));
    calls.put("double gradient", () -> plain.compute(batch, all));
    Outputs inPlace = some.withGradient(logits);
    calls.put("double in place", () -> plain.compute(batch, inPlace));
    calls.put("double added", () -> plain.compute(batch, added));
    calls.put("double far", () -> plain.compute(farBatch, all));
    calls.put("double options", () -> rich.compute(farBatch, richly));
    LogSumExp logSumExp = LogSumExp.on(execution);
    calls.put("double logSumExp", () -> logSumExp.forward(logits, losses));
    calls.put("double logSumExp backward", () -> logSumExp.backward(logits, upstream, gradient));
    Softmax softmax = Softmax.on(execution);
    calls.put("double softmax", () -> softmax.forward(far, gradient));
    calls.put("double softmax backward", () -> softmax.backward(logits, far, gradient));
    LogSoftmax logSoftmax = LogSoftmax.on(execution);
    calls.put("double logSoftmax backward", () -> logSoftmax.backward(logits, far, gradient));
    Matrix stored = DoubleStorageKind.BIG_ENDIAN.new Stored(logits, 1, 2).matrix;
    calls.put("double stored", () -> softmax.backward(stored, stored, stored));
    calls.put("double logSoftmax", () -> logSoftmax.forward(logits, gradient));
    if ((long) rows * classes > LARGE) {
      // The reference takes its time: one call stands for all that are shared out alike.
      calls.keySet().retainAll(Set.of("double gradient"));
    }
    return calls;
  }

  private static Matrix filled(int rows, int classes, double factor) {
    double[] data = new double[rows * classes];
    for (int i = 0; i < data.length; i++) {
      data[i] = factor * (i * 37 % 64) / 16;
    }
    return Matrix.of(data, rows, classes);
  }
}
