package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Hessian;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * All operations in one form, for laws that hold of each: from logits to a matrix and, where there
 * is one, a result a row. What else they take is fixed by the row's number.
 */
final class Operations {
  /** One operation on rows of a batch. */
  @FunctionalInterface
  interface Operation {
    /**
     * Runs it.
     *
     * @param logits the rows
     * @param first number of the first of them in the whole batch
     * @param out as large as the logits
     * @param results one a row; untouched by operations that have none
     */
    void run(Matrix logits, int first, Matrix out, float[] results);
  }

  private final Execution execution;
  private final int[] labels;
  private final float[] sampleWeights;
  private final float[] upstreamRows;
  private final float[] classWeights;
  private final Matrix upstream;
  private final SparseTargets sparse;

  private Operations(Execution execution, Problem problem, UnaryOperator<Matrix> layout) {
    this.execution = execution;
    SplittableRandom random = new SplittableRandom(problem.classes());
    labels = new int[problem.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = row % 7 == 6 ? -100 : problem.label(row);
    }
    sampleWeights = uniform(random, problem.rows());
    upstreamRows = uniform(random, problem.rows());
    classWeights = uniform(random, problem.classes());
    float[] numbers = uniform(random, problem.rows() * problem.classes());
    upstream = layout.apply(Matrix.of(numbers, problem.classes()));
    int[] classes = new int[2 * problem.rows()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i % 2 == 0 ? problem.label(i / 2) : -1;
    }
    float[] values = new float[classes.length];
    Arrays.fill(values, 0.75f);
    sparse = SparseTargets.of(classes, values, 2).withTail();
  }

  private static float[] uniform(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(2);
    }
    return values;
  }

  /** The operations by name, for the rows of a problem. */
  static Map<String, Operation> of(Execution execution, Problem problem) {
    return of(execution, problem, UnaryOperator.identity());
  }

  /** The operations by name, what they take beside the logits in a layout of its own. */
  static Map<String, Operation> of(
      Execution execution, Problem problem, UnaryOperator<Matrix> layout) {
    Operations all = new Operations(execution, problem, layout);
    Map<String, Operation> operations = new LinkedHashMap<>();
    operations.put("cross-entropy", all::crossEntropy);
    operations.put("cross-entropy with options", all::crossEntropyWithOptions);
    operations.put("cross-entropy with dense targets", all::denseTargets);
    operations.put("cross-entropy with sparse targets", all::sparseTargets);
    operations.put("focal", all::focal);
    operations.put("entropy", all::entropy);
    operations.put("Brier score", all::brierScore);
    operations.put("confidence", all::confidence);
    operations.put("prediction and rank", all::predictionAndRank);
    operations.put("squared error", all::squaredError);
    operations.put("squared error with dense targets", all::squaredErrorOfTargets);
    for (double gamma : new double[] {1.3, 1.5, 2}) {
      operations.put(
          "focal of " + gamma + " with dense targets",
          (logits, first, out, results) -> all.focalOfTargets(gamma, logits, first, out, results));
    }
    operations.put("distillation", all.distillation(options -> options));
    operations.put("warm distillation", all.distillation(options -> options.temperature(2)));
    operations.put("reverse distillation", all.distillation(Distillation.Builder::reverse));
    operations.put(
        "Jensen-Shannon", all.distillation(options -> options.jensenShannon(0.4).temperature(2)));
    operations.put("Hessian", all::hessian);
    operations.put("log-sum-exp", all::logSumExp);
    operations.put("softmax", (logits, first, out, results) -> all.softmax().forward(logits, out));
    operations.put(
        "log-softmax", (logits, first, out, results) -> all.logSoftmax().forward(logits, out));
    operations.put(
        "softmax product",
        (logits, first, out, results) ->
            all.softmax().backward(logits, all.upstream(first, logits), out));
    operations.put(
        "log-softmax product",
        (logits, first, out, results) ->
            all.logSoftmax().backward(logits, all.upstream(first, logits), out));
    return operations;
  }

  private Softmax softmax() {
    return Softmax.on(execution);
  }

  private LogSoftmax logSoftmax() {
    return LogSoftmax.on(execution);
  }

  private Matrix upstream(int first, Matrix logits) {
    return upstream.slice(first, first + logits.rows());
  }

  private static float[] slice(float[] values, int first, Matrix logits) {
    return Arrays.copyOfRange(values, first, first + logits.rows());
  }

  private Batch batch(Matrix logits, int first) {
    return Batch.of(logits, Labels.of(labels, first, logits.rows()));
  }

  private void crossEntropy(Matrix logits, int first, Matrix out, float[] results) {
    CrossEntropy.builder()
        .execution(execution)
        .divisor(Divisor.ONE)
        .build()
        .compute(batch(logits, first), Outputs.none().withLosses(results).withGradient(out));
  }

  private void crossEntropyWithOptions(Matrix logits, int first, Matrix out, float[] results) {
    Gradient gradient = Gradient.into(out).withUpstream(slice(upstreamRows, first, logits));
    CrossEntropy.builder()
        .execution(execution)
        .divisor(Divisor.of(3))
        .labelSmoothing(0.1)
        .zLoss(0.01)
        .classWeights(classWeights)
        .build()
        .compute(
            batch(logits, first).withSampleWeights(slice(sampleWeights, first, logits)),
            Outputs.none().withLosses(results).withGradient(gradient));
  }

  private void denseTargets(Matrix logits, int first, Matrix out, float[] results) {
    CrossEntropy.builder()
        .execution(execution)
        .divisor(Divisor.of(3))
        .labelSmoothing(0.1)
        .classWeights(classWeights)
        .build()
        .compute(
            Batch.of(logits, upstream(first, logits))
                .withSampleWeights(slice(sampleWeights, first, logits)),
            Outputs.none().withLosses(results).withGradient(out));
  }

  private void sparseTargets(Matrix logits, int first, Matrix out, float[] results) {
    CrossEntropy.builder()
        .execution(execution)
        .divisor(Divisor.of(3))
        .classWeights(classWeights)
        .build()
        .compute(
            Batch.of(logits, sparse.slice(first, first + logits.rows())),
            Outputs.none().withLosses(results).withGradient(out));
  }

  private void focal(Matrix logits, int first, Matrix out, float[] results) {
    SoftmaxFocal.builder()
        .execution(execution)
        .gamma(1.5)
        .logitScale(0.8)
        .softCap(30)
        .divisor(Divisor.ONE)
        .classWeights(classWeights)
        .build()
        .compute(batch(logits, first), Outputs.none().withLosses(results).withGradient(out));
  }

  private void compute(Matrix logits, int first, Matrix out, Outputs outputs) {
    CrossEntropy.builder()
        .execution(execution)
        .divisor(Divisor.ONE)
        .build()
        .compute(batch(logits, first), outputs.withGradient(out));
  }

  private void entropy(Matrix logits, int first, Matrix out, float[] results) {
    compute(logits, first, out, Outputs.none().withEntropies(results));
  }

  private void brierScore(Matrix logits, int first, Matrix out, float[] results) {
    compute(logits, first, out, Outputs.none().withBrierScores(results));
  }

  private void confidence(Matrix logits, int first, Matrix out, float[] results) {
    compute(logits, first, out, Outputs.none().withConfidences(results));
  }

  private void predictionAndRank(Matrix logits, int first, Matrix out, float[] results) {
    int[] predictions = new int[logits.rows()];
    int[] ranks = new int[logits.rows()];
    compute(logits, first, out, Outputs.none().withPredictions(predictions).withRanks(ranks));
    for (int i = 0; i < predictions.length; i++) {
      results[i] = predictions[i] % 1000 + 1000 * (ranks[i] % 1000);
    }
  }

  private void squaredError(Matrix logits, int first, Matrix out, float[] results) {
    SoftmaxSquaredError.builder()
        .execution(execution)
        .divisor(Divisor.ONE)
        .build()
        .compute(batch(logits, first), Outputs.none().withLosses(results).withGradient(out));
  }

  private void squaredErrorOfTargets(Matrix logits, int first, Matrix out, float[] results) {
    SoftmaxSquaredError.builder()
        .execution(execution)
        .divisor(Divisor.of(3))
        .logitScale(0.8)
        .classWeights(classWeights)
        .build()
        .compute(
            Batch.of(logits, upstream(first, logits))
                .withSampleWeights(slice(sampleWeights, first, logits)),
            Outputs.none().withLosses(results).withGradient(out));
  }

  private void focalOfTargets(double gamma, Matrix logits, int first, Matrix out, float[] results) {
    SoftmaxFocal.builder()
        .execution(execution)
        .gamma(gamma)
        .divisor(Divisor.of(3))
        .softCap(30)
        .classWeights(classWeights)
        .build()
        .compute(
            Batch.of(logits, upstream(first, logits))
                .withSampleWeights(slice(sampleWeights, first, logits)),
            Outputs.none().withLosses(results).withGradient(out));
  }

  private Operation distillation(UnaryOperator<Distillation.Builder> options) {
    Distillation.Builder builder = Distillation.builder().execution(execution).hardLoss(0.3);
    Distillation loss = options.apply(builder.divisor(Divisor.of(3))).build();
    return (logits, first, out, results) ->
        loss.compute(
            Batch.of(logits, upstream(first, logits))
                .withLabels(Labels.of(labels, first, logits.rows()))
                .withSampleWeights(slice(sampleWeights, first, logits)),
            Outputs.none().withLosses(results).withGradient(out));
  }

  private void hessian(Matrix logits, int first, Matrix out, float[] results) {
    CrossEntropy loss = CrossEntropy.builder().execution(execution).divisor(Divisor.of(3)).build();
    Hessian.of(loss).product(batch(logits, first), upstream(first, logits), out);
  }

  private void logSumExp(Matrix logits, int first, Matrix out, float[] results) {
    LogSumExp.on(execution).forward(logits, results);
    LogSumExp.on(execution).backward(logits, slice(upstreamRows, first, logits), out);
  }
}
