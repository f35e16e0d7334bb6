package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Execution;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Accuracy and calibration are those of the row results, for any cut and any threads. */
public abstract class EvaluationContract extends KernelContract {
  private static final int TOP = 3;
  private static final int BINS = 7;

  private static final int[][] SHAPES = {
    {3000, 3}, {2100, 33}, {150, 1000}, {37, 4097}, {3, 40_000}, {33, 16_390}
  };

  private static Evaluation evaluation() {
    return Evaluation.builder().top(TOP).bins(BINS).build();
  }

  /** Every seventh label is ignored. */
  private static Labels labels(Problem problem, int first, int last) {
    int[] labels = new int[last - first];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (first + i) % 7 == 6 ? -100 : problem.label(first + i);
    }
    return Labels.of(labels);
  }

  private static void evaluate(
      CrossEntropy loss, Problem problem, int first, int last, Evaluation into) {
    Batch batch = Batch.of(problem.logits().slice(first, last), labels(problem, first, last));
    loss.compute(batch, Outputs.none().withEvaluation(into));
  }

  private static Evaluation whole(CrossEntropy loss, Problem problem) {
    Evaluation evaluation = evaluation();
    evaluate(loss, problem, 0, problem.rows(), evaluation);
    return evaluation;
  }

  private static void assertSame(Evaluation expected, Evaluation actual, String what) {
    assertEquals(expected.rows(), actual.rows(), what);
    assertEquals(expected.correctRows(), actual.correctRows(), what);
    assertEquals(expected.undefinedRows(), actual.undefinedRows(), what);
    for (int k = 1; k <= TOP; k++) {
      assertEquals(expected.topRows(k), actual.topRows(k), what);
    }
    for (int bin = 0; bin < BINS; bin++) {
      assertEquals(expected.binRows(bin), actual.binRows(bin), what);
      assertEquals(expected.binAccuracy(bin), actual.binAccuracy(bin), what);
      assertEquals(expected.binConfidence(bin), actual.binConfidence(bin), what);
    }
    double error = expected.expectedCalibrationError();
    assertEquals(error, actual.expectedCalibrationError(), what);
  }

  @Test
  void countsAreThoseOfTheRowResults() {
    for (int[] shape : SHAPES) {
      Problem problem = Problem.of(LogitKind.NORMAL_3, shape[0], shape[1]);
      int rows = problem.rows();
      float[] confidences = new float[rows];
      int[] predictions = new int[rows];
      int[] ranks = new int[rows];
      Evaluation evaluation = evaluation();
      Outputs outputs =
          Outputs.none()
              .withConfidences(confidences)
              .withPredictions(predictions)
              .withRanks(ranks)
              .withEvaluation(evaluation);
      Batch batch = Batch.of(problem.logits(), labels(problem, 0, rows));
      crossEntropy().build().compute(batch, outputs);
      long counted = 0;
      long correct = 0;
      long[] top = new long[TOP + 1];
      long[] binRows = new long[BINS];
      double[] binSums = new double[BINS];
      double[] differences = new double[BINS];
      for (int row = 0; row < rows; row++) {
        if (row % 7 == 6) {
          continue;
        }
        boolean hit = predictions[row] == problem.label(row);
        int bin = 0;
        while ((double) confidences[row] * BINS > bin + 1) {
          bin++;
        }
        counted++;
        correct += hit ? 1 : 0;
        for (int k = 1; k <= TOP; k++) {
          top[k] += ranks[row] < k ? 1 : 0;
        }
        binRows[bin]++;
        binSums[bin] += confidences[row];
        differences[bin] += (hit ? 1 : 0) - (double) confidences[row];
      }
      assertEquals(counted, evaluation.rows());
      assertEquals(correct, evaluation.correctRows());
      assertEquals((double) correct / counted, evaluation.accuracy());
      for (int k = 1; k <= TOP; k++) {
        assertEquals(top[k], evaluation.topRows(k), "top " + k);
      }
      double error = 0;
      for (int bin = 0; bin < BINS; bin++) {
        assertEquals(binRows[bin], evaluation.binRows(bin), "bin " + bin);
        assertEquals(binSums[bin] / binRows[bin], evaluation.binConfidence(bin), 1e-14);
        error += Math.abs(differences[bin]) / counted;
      }
      assertEquals(error, evaluation.expectedCalibrationError(), 1e-14);
    }
  }

  @Test
  void anyCutAndAnyOrderOfMergingCountTheSame() {
    for (int[] shape : SHAPES) {
      Problem problem = Problem.of(LogitKind.NORMAL_3, shape[0], shape[1]);
      CrossEntropy loss = crossEntropy().build();
      Evaluation whole = whole(loss, problem);
      Evaluation merged = evaluation();
      Evaluation added = evaluation();
      SplittableRandom random = new SplittableRandom(shape[0]);
      int last;
      for (int first = 0; first < problem.rows(); first = last) {
        last = Math.min(first + random.nextInt(1, problem.rows() / 3 + 1), problem.rows());
        Evaluation part = evaluation();
        evaluate(loss, problem, first, last, part);
        evaluate(loss, problem, first, last, added);
        part.merge(merged);
        merged = part;
      }
      assertSame(whole, merged, "merged pieces of " + problem);
      assertSame(whole, added, "calls on pieces of " + problem);
      added.clear();
      assertSame(evaluation(), added, "after clear");
    }
  }

  @Test
  void anyNumberOfThreadsCountsTheSame() {
    for (int threads : new int[] {2, 3, 8}) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Execution parallel = Execution.on(pool).with(kernel());
        for (int[] shape : SHAPES) {
          Problem problem = Problem.of(LogitKind.NEAR_BLOCKS, shape[0], shape[1]);
          Evaluation one = whole(crossEntropy().build(), problem);
          Evaluation many = whole(crossEntropy().execution(parallel).build(), problem);
          assertSame(one, many, problem + " on " + threads + " threads");
        }
      }
    }
  }

  /** Two of three rows at 0.75 are right, and neither of two at 0.5: 3/5·|2/3 − 3/4| + 2/5·½. */
  @Test
  void calibrationErrorOfAWorkedExample() {
    float sure = (float) Math.log(3);
    Matrix logits = Matrix.of(new float[] {0, sure, 0, sure, sure, 0, 0, 0, 0, 0}, 2);
    Evaluation evaluation = Evaluation.builder().top(1).bins(4).build();
    Batch batch = Batch.of(logits, Labels.of(1, 1, 1, 1, 1));
    crossEntropy().build().compute(batch, Outputs.none().withEvaluation(evaluation));
    assertEquals(5, evaluation.rows());
    assertEquals(0.4, evaluation.accuracy(), 1e-15);
    assertEquals(2, evaluation.binRows(1), "(¼, ½]");
    assertEquals(0, evaluation.binAccuracy(1));
    assertEquals(0.5, evaluation.binConfidence(1));
    assertEquals(3, evaluation.binRows(2), "(½, ¾]");
    assertEquals(0.75, evaluation.binConfidence(2), 1e-7);
    assertEquals(0.25, evaluation.expectedCalibrationError(), 1e-7);
    assertEquals(0.8, evaluation.topAccuracy(1), "of equal logits none is above the other");
  }

  @Test
  void rowsWithoutProbabilitiesAreInNoBin() {
    float nan = Float.NaN;
    Matrix logits = Matrix.of(new float[] {nan, nan, nan, 1, 2, 1}, 2);
    Evaluation evaluation = evaluation();
    Batch batch = Batch.of(logits, Labels.of(0, 1, 0));
    crossEntropy().build().compute(batch, Outputs.none().withEvaluation(evaluation));
    assertEquals(3, evaluation.rows());
    assertEquals(2, evaluation.undefinedRows());
    assertEquals(
        2, evaluation.correctRows(), "1 is predicted beside NaN, nothing where all is NaN");
    assertEquals(2, evaluation.topRows(TOP), "NaN has no rank");
    assertEquals(nan, evaluation.expectedCalibrationError());
  }
}
