package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.Evaluation;
import io.surprisal.Execution;
import io.surprisal.GeneralizedCrossEntropy;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.PolyCrossEntropy;
import io.surprisal.Softmax;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One batch in arrays of the caller's, and a call of every operation on it: each option alone and
 * all together, results apart, in place and added, rows with a gap between them, logits that need
 * an origin.
 */
final class AllocationCalls {
  private final Execution execution;
  private final int rows;
  private final int classes;
  private final Matrix logits;
  private final Matrix gradient;
  private final Matrix upstream;
  private final float[] losses;
  private final float[] rowFactors;
  private final float[] classWeights;
  private final Labels labels;
  private final Batch batch;
  private final Map<String, Runnable> calls = new LinkedHashMap<>();

  private AllocationCalls(Execution execution, int rows, int classes) {
    this.execution = execution;
    this.rows = rows;
    this.classes = classes;
    logits = filled(1);
    gradient = filled(1);
    upstream = filled(1);
    losses = new float[rows];
    rowFactors = new float[rows];
    classWeights = new float[classes];
    int[] numbers = new int[rows];
    for (int row = 0; row < rows; row++) {
      numbers[row] = row % 5 == 4 ? -100 : row * 7 % classes;
      rowFactors[row] = 1 + row % 3;
    }
    for (int i = 0; i < classes; i++) {
      classWeights[i] = i % 4;
    }
    labels = Labels.of(numbers);
    batch = Batch.of(logits, labels);
  }

  private Matrix filled(float factor) {
    Matrix matrix = Matrix.zeros(rows, classes);
    for (int i = 0; i < matrix.data().length; i++) {
      matrix.data()[i] = factor * (i * 37 % 64) / 16f;
    }
    return matrix;
  }

  /** The calls by name. */
  static Map<String, Runnable> of(Execution execution, int rows, int classes) {
    AllocationCalls all = new AllocationCalls(execution, rows, classes);
    all.addOutputs();
    all.addRowOutputs();
    all.addOptions();
    all.addLayouts();
    all.addTargets();
    all.addLikelihoodLosses();
    all.addSquaredError();
    all.addDistillation();
    all.addLikelihood();
    all.addUnlabelled();
    all.calls.putAll(StorageAllocationCalls.of(execution, rows, classes));
    all.calls.putAll(DoubleAllocationCalls.of(execution, rows, classes));
    all.calls.putAll(TargetAllocationCalls.of(execution, rows, classes));
    all.calls.putAll(ElementAllocationCalls.of(execution, rows, classes));
    return all.calls;
  }

  private CrossEntropy.Builder crossEntropy() {
    return CrossEntropy.builder().execution(execution);
  }

  private void put(String name, CrossEntropy loss, Batch of, Outputs outputs) {
    calls.put("crossEntropy " + name, () -> loss.compute(of, outputs));
  }

  private void addOutputs() {
    CrossEntropy loss = crossEntropy().build();
    Outputs totals = Outputs.none().withTotals(loss.newTotals());
    put("totals", loss, batch, totals);
    put("losses", loss, batch, Outputs.none().withLosses(losses));
    put("gradient", loss, batch, Outputs.none().withGradient(gradient));
    put("everything", loss, batch, totals.withLosses(losses).withGradient(gradient));
    put("in place", loss, batch, totals.withGradient(logits));
    Gradient added = Gradient.addedTo(gradient);
    put("added", loss, batch, totals.withGradient(added));
    put("upstream", loss, batch, totals.withGradient(added.withUpstream(rowFactors)));
    put("factor", loss, batch, totals.withGradient(Gradient.into(gradient).withUpstream(0.5)));
  }

  private void addRowOutputs() {
    CrossEntropy loss = crossEntropy().build();
    Outputs few =
        Outputs.none().withPredictions(new int[rows]).withEvaluation(Evaluation.standard());
    put("evaluation", loss, batch, few);
    Outputs all =
        few.withRanks(new int[rows])
            .withLogSumExps(new float[rows])
            .withLogProbabilities(new float[rows])
            .withEntropies(new float[rows])
            .withConfidences(new float[rows])
            .withBrierScores(new float[rows]);
    put("every result of rows", loss, batch, all);
    put("every result of rows and gradient", loss, batch, all.withGradient(gradient));
  }

  private void addOptions() {
    putOption("smoothing", crossEntropy().labelSmoothing(0.1), batch);
    putOption("z-loss", crossEntropy().zLoss(1e-4), batch);
    putOption("class weights", crossEntropy().classWeights(classWeights), batch);
    putOption("divisor", crossEntropy().divisor(Divisor.COUNT), batch);
    putOption("sample weights", crossEntropy(), batch.withSampleWeights(rowFactors));
    boolean[] ignored = new boolean[rows];
    ignored[rows / 2] = true;
    putOption("mask", crossEntropy(), batch.withIgnoredRows(ignored));
    putOption(
        "all options",
        crossEntropy().labelSmoothing(0.1).zLoss(1e-4).classWeights(classWeights),
        batch.withSampleWeights(rowFactors).withIgnoredRows(ignored));
  }

  /** Once into another matrix, once added. */
  private void putOption(String name, CrossEntropy.Builder builder, Batch of) {
    CrossEntropy loss = builder.build();
    Outputs outputs = Outputs.none().withLosses(losses).withTotals(loss.newTotals());
    put(name, loss, of, outputs.withGradient(gradient));
    put(name + ", added", loss, of, outputs.withGradient(Gradient.addedTo(gradient)));
  }

  private void addLayouts() {
    CrossEntropy loss = crossEntropy().build();
    int stride = classes + 3;
    Matrix wide = Matrix.strided(new float[rows * stride + 1], 1, rows, classes, stride);
    Matrix wideGradient = Matrix.strided(new float[rows * stride], 0, rows, classes, stride);
    put(
        "rows apart",
        loss,
        Batch.of(wide, labels),
        Outputs.none().withLosses(losses).withGradient(wideGradient));
    Matrix first = Matrix.classesFirst(filled(1).data(), 1, classes, rows);
    Matrix firstGradient = Matrix.classesFirst(filled(1).data(), 1, classes, rows);
    Batch classesFirst = Batch.of(first, labels);
    Outputs intoFirst = Outputs.none().withLosses(losses).withGradient(firstGradient);
    put("classes first", loss, classesFirst, intoFirst);
    Gradient added = Gradient.addedTo(firstGradient);
    put("classes first, added", loss, classesFirst, Outputs.none().withGradient(added));
    put("classes first, in place", loss, classesFirst, Outputs.none().withGradient(first));
    Matrix far = filled(100);
    far.data()[0] = Float.NEGATIVE_INFINITY;
    put(
        "far from zero",
        loss,
        Batch.of(far, labels),
        Outputs.none().withLosses(losses).withGradient(gradient));
  }

  private void addTargets() {
    CrossEntropy plain = crossEntropy().build();
    Outputs outputs = Outputs.none().withLosses(losses).withTotals(plain.newTotals());
    Batch dense = Batch.of(logits, upstream);
    put("with dense targets", plain, dense, outputs.withGradient(gradient));
    CrossEntropy rich =
        crossEntropy()
            .labelSmoothing(0.1)
            .classWeights(classWeights)
            .divisor(Divisor.WEIGHTS)
            .build();
    Outputs added =
        Outputs.none().withTotals(rich.newTotals()).withGradient(Gradient.addedTo(gradient));
    put("with dense targets, options", rich, dense.withIgnoredRows(new boolean[rows]), added);
    SparseTargets few = SparseTargets.of(new int[rows], rowFactors, 1);
    put("with sparse targets", rich, Batch.of(logits, few.withTail()), added);
  }

  private void addLikelihoodLosses() {
    List<LabelledLoss> losses =
        List.of(
            SoftmaxFocal.builder().softCap(20).execution(execution).build(),
            PolyCrossEntropy.builder().execution(execution).build(),
            GeneralizedCrossEntropy.builder().execution(execution).build(),
            SoftmaxSquaredError.builder().execution(execution).build());
    for (LabelledLoss loss : losses) {
      Outputs outputs = Outputs.none().withLosses(this.losses).withTotals(loss.newTotals());
      Outputs all = outputs.withGradient(gradient);
      calls.put(loss.toString(), () -> loss.compute(batch, all));
    }
  }

  private void addSquaredError() {
    SoftmaxSquaredError loss =
        SoftmaxSquaredError.builder().classWeights(classWeights).execution(execution).build();
    Batch dense = Batch.of(logits, upstream);
    Outputs forward = Outputs.none().withLosses(losses).withTotals(loss.newTotals());
    calls.put("squared error, forward", () -> loss.compute(dense, forward));
    Outputs added = forward.withGradient(Gradient.addedTo(gradient));
    calls.put("squared error, added", () -> loss.compute(dense, added));
    SoftmaxFocal focal = SoftmaxFocal.builder().gamma(1.5).execution(execution).build();
    calls.put("focal with dense targets", () -> focal.compute(dense, added));
    SoftmaxFocal focalOfTwo = SoftmaxFocal.builder().execution(execution).build();
    calls.put("focal of two with dense targets", () -> focalOfTwo.compute(dense, added));
  }

  private void addDistillation() {
    Batch dense = Batch.of(logits, upstream);
    Distillation.Builder distillation = Distillation.builder().execution(execution);
    Distillation plain = distillation.build();
    Outputs forward = Outputs.none().withLosses(losses).withTotals(plain.newTotals());
    calls.put("distillation", () -> plain.compute(dense, forward));
    Outputs added = forward.withGradient(Gradient.addedTo(gradient));
    Distillation reverse = distillation.reverse().build();
    calls.put("reverse distillation", () -> reverse.compute(dense, added));
    Batch labelled = dense.withLabels(labels);
    Distillation warm = distillation.forward().temperature(2).hardLoss(0.1).build();
    calls.put("warm distillation", () -> warm.compute(labelled, added));
    Distillation mixed = distillation.jensenShannon(0.3).build();
    calls.put("distillation, options", () -> mixed.compute(labelled, added));
  }

  private void addLikelihood() {
    NegativeLogLikelihood plain = NegativeLogLikelihood.standard();
    Outputs outputs = Outputs.none().withLosses(losses).withGradient(gradient);
    calls.put("likelihood", () -> plain.compute(batch, outputs));
    NegativeLogLikelihood weighted =
        NegativeLogLikelihood.builder().classWeights(classWeights).build();
    Outputs added =
        Outputs.none().withTotals(weighted.newTotals()).withGradient(Gradient.addedTo(gradient));
    calls.put("likelihood with weights, added", () -> weighted.compute(batch, added));
  }

  private void addUnlabelled() {
    LogSumExp logSumExp = LogSumExp.on(execution);
    calls.put("logSumExp", () -> logSumExp.forward(logits, losses));
    calls.put("logSumExp backward", () -> logSumExp.backward(logits, rowFactors, gradient));
    Softmax softmax = Softmax.on(execution);
    calls.put("softmax", () -> softmax.forward(logits, gradient));
    calls.put("softmax in place", () -> softmax.forward(logits, logits));
    calls.put("softmax backward", () -> softmax.backward(logits, upstream, gradient));
    LogSoftmax logSoftmax = LogSoftmax.on(execution);
    calls.put("logSoftmax", () -> logSoftmax.forward(logits, gradient));
    calls.put("logSoftmax in place", () -> logSoftmax.forward(logits, logits));
    calls.put("logSoftmax backward", () -> logSoftmax.backward(logits, upstream, gradient));
  }
}
