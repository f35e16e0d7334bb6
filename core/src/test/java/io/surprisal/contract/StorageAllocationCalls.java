package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.BinaryCrossEntropy;
import io.surprisal.CrossEntropy;
import io.surprisal.ElementBatch;
import io.surprisal.ElementOutputs;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls on one batch in memory that is no {@code float[]}. */
final class StorageAllocationCalls {
  private StorageAllocationCalls() {}

  /** The calls by name. */
  static Map<String, Runnable> of(Execution execution, int rows, int classes) {
    Map<String, Runnable> calls = new LinkedHashMap<>();
    CrossEntropy loss = CrossEntropy.builder().execution(execution).build();
    BinaryCrossEntropy binary = BinaryCrossEntropy.builder().execution(execution).build();
    Labels labels = Labels.of(new long[rows]);
    Outputs outputs = Outputs.none().withLosses(new float[rows]).withTotals(loss.newTotals());
    for (StorageKind kind :
        new StorageKind[] {
          StorageKind.FLOATS_NATIVE, StorageKind.BFLOAT16_IN_SHORTS, StorageKind.FLOAT16_IN_BUFFER
        }) {
      Matrix zeros = Matrix.zeros(rows, classes);
      Matrix logits = kind.new Stored(zeros, 1, 2).matrix;
      Matrix out = kind.new Stored(zeros, 0, 0).matrix;
      Batch batch = Batch.of(logits, labels);
      Outputs written = outputs.withGradient(out);
      Outputs added = outputs.withGradient(Gradient.addedTo(out));
      Outputs inPlace = outputs.withGradient(logits);
      calls.put(kind + " apart", () -> loss.compute(batch, written));
      calls.put(kind + " added", () -> loss.compute(batch, added));
      calls.put(kind + " in place", () -> loss.compute(batch, inPlace));
      ElementBatch elements = ElementBatch.of(logits, zeros);
      ElementOutputs slopes = ElementOutputs.none().withGradient(out);
      calls.put(kind + " of elements", () -> binary.compute(elements, slopes));
    }
    return calls;
  }
}
