package io.surprisal.contract;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.BinaryCrossEntropyOnProbabilities;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.KullbackLeibler;
import io.surprisal.Matrix;
import io.surprisal.SigmoidFocal;
import io.surprisal.SigmoidSquaredError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls of the losses of elements on one batch in arrays of the caller's. */
final class ElementAllocationCalls {
  private ElementAllocationCalls() {}

  /** The calls by name. */
  static Map<String, Runnable> of(Execution execution, int rows, int classes) {
    Matrix logits = filled(rows, classes, 64);
    Matrix targets = filled(rows, classes, 3);
    ElementBatch batch = ElementBatch.of(logits, targets);
    BinaryCrossEntropy binary = BinaryCrossEntropy.builder().execution(execution).build();
    ElementOutputs all =
        ElementOutputs.none()
            .withLosses(Matrix.zeros(rows, classes))
            .withGradient(Matrix.zeros(rows, classes))
            .withTotals(binary.newTotals());
    Map<String, ElementLoss> losses = new LinkedHashMap<>();
    losses.put("binary", binary);
    losses.put("sigmoid focal", SigmoidFocal.builder().execution(execution).build());
    losses.put("squared error", SigmoidSquaredError.builder().execution(execution).build());
    losses.put("divergence", KullbackLeibler.builder().execution(execution).build());
    Map<String, Runnable> calls = new LinkedHashMap<>();
    losses.forEach((name, loss) -> calls.put(name, () -> loss.compute(batch, all)));
    BinaryCrossEntropyOnProbabilities given =
        BinaryCrossEntropyOnProbabilities.builder().execution(execution).build();
    ElementBatch probabilities = ElementBatch.of(targets, targets);
    calls.put("on probabilities", () -> given.compute(probabilities, all));
    float[] positives = new float[classes];
    Arrays.fill(positives, 3);
    BinaryCrossEntropy rich =
        BinaryCrossEntropy.builder()
            .labelSmoothing(0.1)
            .positiveWeights(positives)
            .ignoredTarget(0.5f)
            .execution(execution)
            .build();
    ElementBatch weighted = batch.withWeights(targets);
    Gradient added = Gradient.addedTo(Matrix.zeros(rows, classes)).withUpstream(new float[rows]);
    ElementOutputs addedOutputs = all.withGradient(added);
    calls.put("binary with options", () -> rich.compute(weighted, addedOutputs));
    return calls;
  }

  /** Halves, from 0 to a number of them. */
  private static Matrix filled(int rows, int classes, int values) {
    Matrix matrix = Matrix.zeros(rows, classes);
    for (int i = 0; i < matrix.data().length; i++) {
      matrix.data()[i] = i * 37 % values / 2f;
    }
    return matrix;
  }
}
