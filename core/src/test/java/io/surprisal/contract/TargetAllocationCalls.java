package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SparseTargets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls of losses on masked logits and on other targets, in arrays of the caller's. */
final class TargetAllocationCalls {
  private final Execution execution;
  private final int rows;
  private final int classes;
  private final Map<String, Runnable> calls = new LinkedHashMap<>();

  private TargetAllocationCalls(Execution execution, int rows, int classes) {
    this.execution = execution;
    this.rows = rows;
    this.classes = classes;
  }

  /** The calls by name. */
  static Map<String, Runnable> of(Execution execution, int rows, int classes) {
    TargetAllocationCalls all = new TargetAllocationCalls(execution, rows, classes);
    all.addFiniteSmoothing();
    all.addEntropy();
    all.addTargetGradient();
    all.addSparseFocal();
    return all.calls;
  }

  private Matrix filled() {
    Matrix matrix = Matrix.zeros(rows, classes);
    for (int i = 0; i < matrix.data().length; i++) {
      matrix.data()[i] = i * 37 % 64 / 16f;
    }
    return matrix;
  }

  private void put(String name, LabelledLoss loss, Batch batch) {
    Outputs outputs = Outputs.none().withLosses(new float[rows]).withTotals(loss.newTotals());
    Outputs apart = outputs.withGradient(Matrix.zeros(rows, classes));
    Outputs added = outputs.withGradient(Gradient.addedTo(Matrix.zeros(rows, classes)));
    calls.put(name, () -> loss.compute(batch, apart));
    calls.put(name + ", added", () -> loss.compute(batch, added));
  }

  private void addEntropy() {
    SoftmaxEntropy loss = SoftmaxEntropy.builder().execution(execution).build();
    put("entropy", loss, Batch.of(filled()));
    put("entropy of labelled rows", loss, Batch.of(filled(), Labels.of(new int[rows])));
  }

  private void addTargetGradient() {
    CrossEntropy loss = CrossEntropy.builder().execution(execution).build();
    Gradient apart = Gradient.into(Matrix.zeros(rows, classes));
    Outputs alone = Outputs.none().withTargetGradient(apart);
    Batch batch = Batch.of(filled(), filled());
    calls.put("gradient of targets", () -> loss.compute(batch, alone));
    Outputs both = alone.withGradient(Matrix.zeros(rows, classes));
    calls.put("both gradients", () -> loss.compute(batch, both));
  }

  private void addSparseFocal() {
    SoftmaxFocal loss = SoftmaxFocal.builder().gamma(1.5).execution(execution).build();
    SparseTargets targets = SparseTargets.of(new int[rows], new float[rows], 1);
    put("focal with sparse targets", loss, Batch.of(filled(), targets));
    put("focal with a tail", loss, Batch.of(filled(), targets.withTail()));
  }

  private void addFiniteSmoothing() {
    CrossEntropy.Builder builder =
        CrossEntropy.builder().labelSmoothingOverFinite(0.1).execution(execution);
    Labels labels = Labels.of(new int[rows]);
    put("smoothing over finite classes", builder.build(), Batch.of(filled(), labels));
    Matrix masked = filled();
    Arrays.fill(masked.data(), 1, masked.data().length, Float.NEGATIVE_INFINITY);
    float[] weights = new float[classes];
    Arrays.fill(weights, 0.5f);
    put(
        "smoothing of masked rows",
        builder.classWeights(weights).build(),
        Batch.of(masked, labels));
  }
}
