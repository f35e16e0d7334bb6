package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a pass gives of each row beside its loss and gradient: bounds and special values. */
public abstract class RowOutputsContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** One column of the table that is printed. */
  private enum Kind {
    LOG_SUM_EXP(0, AccuracyContract.LOG_SUM_EXP_ULPS, 0.5),
    LOG_PROBABILITY(1, AccuracyContract.LOSS_ULPS, AccuracyContract.LOSS_RMS),
    ENTROPY(2, 4, 0.5),
    CONFIDENCE(3, 2, 0.5),
    BRIER_SCORE(4, 6, 0.7);

    private final int index;
    private final double bound;
    private final double meanBound;

    Kind(int index, double bound, double meanBound) {
      this.index = index;
      this.bound = bound;
      this.meanBound = meanBound;
    }
  }

  /** Every result of each row. */
  private static final class Results {
    final float[][] measures;
    final int[] predictions;
    final int[] ranks;

    Results(int rows) {
      measures = new float[Kind.values().length][rows];
      predictions = new int[rows];
      ranks = new int[rows];
    }

    Outputs all() {
      return Outputs.none()
          .withLogSumExps(measures[0])
          .withLogProbabilities(measures[1])
          .withEntropies(measures[2])
          .withConfidences(measures[3])
          .withBrierScores(measures[4])
          .withPredictions(predictions)
          .withRanks(ranks);
    }

    static Results of(LabelledLoss loss, Batch batch) {
      Results results = new Results(batch.logits().rows());
      loss.compute(batch, results.all());
      return results;
    }

    void assertRow(int row, float[] expected, int prediction, int rank, String what) {
      for (Kind kind : Kind.values()) {
        float actual = measures[kind.index][row];
        float value = expected[kind.index];
        assertTrue(Bits.same(value, actual), what + ": " + kind + " is " + actual);
      }
      assertEquals(prediction, predictions[row], what + ": prediction");
      assertEquals(rank, ranks[row], what + ": rank");
    }
  }

  @Test
  void resultsKeepTheirBounds() {
    assertBounds(crossEntropy().build());
  }

  /** There the largest logit stands apart, and the label may be another. */
  @Test
  void resultsOfALossThatWeighsKeepTheSameBounds() {
    assertBounds(SoftmaxSquaredError.builder().execution(execution()).build());
  }

  private void assertBounds(LabelledLoss loss) {
    Errors[] errors = new Errors[Kind.values().length];
    Arrays.setAll(errors, i -> new Errors());
    for (Problem problem : Problem.all()) {
      Results results = Results.of(loss, problem.batch());
      for (int row = 0; row < problem.rows(); row++) {
        measure(problem, row, results, errors);
      }
    }
    for (Kind kind : Kind.values()) {
      Errors found = errors[kind.index];
      String text = kind + " " + found.maximum() + "/" + found.rootMeanSquare();
      System.out.println("Kernel " + kernel().name() + ", row results: " + text);
      assertTrue(found.maximum() <= kind.bound, text + ", " + found.worst());
      assertTrue(found.rootMeanSquare() <= kind.meanBound, text);
    }
  }

  private static void measure(Problem problem, int row, Results results, Errors[] errors) {
    ExactRow exact = problem.exact(row);
    int label = problem.label(row);
    int peak = 0;
    int rank = 0;
    double entropy = 0;
    double squares = 0;
    for (int c = 0; c < problem.classes(); c++) {
      double p = exact.probability(c);
      peak = exact.logit(c) > exact.logit(peak) ? c : peak;
      rank += exact.logit(c) > exact.logit(label) ? 1 : 0;
      entropy += p == 0 ? 0 : p * exact.surprisal(c).value();
      squares += c == label ? Math.pow(exact.complement(c), 2) : p * p;
    }
    assertEquals(peak, results.predictions[row], () -> "prediction of " + problem);
    assertEquals(rank, results.ranks[row], () -> "rank of " + problem);
    double sum = exact.logSumExp().value();
    double[] expected = {
      sum, -exact.surprisal(label).value(), entropy, exact.probability(peak), squares
    };
    for (Kind kind : Kind.values()) {
      int i = kind.index;
      double scale = kind == Kind.LOG_SUM_EXP ? Math.max(1, Math.abs(sum)) : expected[i];
      double lost = kind == Kind.ENTROPY ? 0x1p7 * problem.classes() : 2;
      float actual = results.measures[i][row];
      if (errors[i].add(actual, expected[i], scale, lost)) {
        errors[i].describeWorst(
            new Cell(problem, row, Cell.WHOLE_ROW).describe(actual, expected[i]));
      }
      errors[i].endRow();
    }
  }

  /** Each with the others, alone, and beside a gradient in the place of the logits. */
  @Test
  void anySubsetGivesTheSameBits() {
    for (int classes : new int[] {1, 2, 3, 10, 33, 300, 2049, 4097, 16_400}) {
      Problem problem = Problem.of(LogitKind.LIMITS, 7, classes);
      CrossEntropy loss = crossEntropy().build();
      Results all = Results.of(loss, problem.batch());
      float[] losses = new float[7];
      loss.compute(problem.batch(), Outputs.none().withLosses(losses));
      for (Kind kind : Kind.values()) {
        float[] alone = new float[7];
        Matrix logits = problem.copyOfLogits();
        Outputs one = alone(kind, alone).withGradient(logits);
        loss.compute(Batch.of(logits, problem.labels()), one);
        Bits.assertSame(all.measures[kind.index], alone, kind + " of " + problem);
        Matrix gradient = Matrix.zeros(7, classes);
        loss.compute(problem.batch(), Outputs.none().withGradient(gradient));
        Bits.assertSame(gradient, logits, "gradient beside " + kind + " of " + problem);
        Matrix apart = Matrix.zeros(7, classes);
        float[] others = new float[7];
        loss.compute(problem.batch(), alone(kind, alone).withGradient(apart).withLosses(others));
        Bits.assertSame(gradient, apart, "gradient apart, beside " + kind + " of " + problem);
        Bits.assertSame(losses, others, "losses beside " + kind + " of " + problem);
      }
      int[] ranks = new int[7];
      int[] predictions = new int[7];
      loss.compute(problem.batch(), Outputs.none().withRanks(ranks));
      loss.compute(problem.batch(), Outputs.none().withPredictions(predictions));
      assertEquals(Arrays.toString(all.ranks), Arrays.toString(ranks));
      assertEquals(Arrays.toString(all.predictions), Arrays.toString(predictions));
    }
  }

  private static Outputs alone(Kind kind, float[] values) {
    Outputs none = Outputs.none();
    return switch (kind) {
      case LOG_SUM_EXP -> none.withLogSumExps(values);
      case LOG_PROBABILITY -> none.withLogProbabilities(values);
      case ENTROPY -> none.withEntropies(values);
      case CONFIDENCE -> none.withConfidences(values);
      case BRIER_SCORE -> none.withBrierScores(values);
    };
  }

  @Test
  void optionsOfTheLossLeaveResultsAlone() {
    Problem problem = Problem.of(LogitKind.NORMAL_10, 9, 67);
    float[] weights = new float[67];
    Arrays.fill(weights, 0.3f);
    CrossEntropy rich = crossEntropy().labelSmoothing(0.2).zLoss(0.1).classWeights(weights).build();
    float[] sample = new float[9];
    Results plain = Results.of(crossEntropy().build(), problem.batch());
    Results other = Results.of(rich, problem.batch().withSampleWeights(sample));
    for (Kind kind : Kind.values()) {
      Bits.assertSame(plain.measures[kind.index], other.measures[kind.index], "" + kind);
    }
    Results focal = new Results(9);
    SoftmaxFocal.builder().execution(execution()).build().compute(problem.batch(), focal.all());
    for (Kind kind : Kind.values()) {
      Bits.assertSame(plain.measures[kind.index], focal.measures[kind.index], "" + kind);
    }
  }

  @Test
  void resultsAreOfTheMappedLogits() {
    Problem problem = Problem.of(LogitKind.NORMAL_10, 5, 300);
    Matrix halves = problem.copyOfLogits();
    for (int i = 0; i < halves.data().length; i++) {
      halves.data()[i] *= 0.5f;
    }
    Results mapped = Results.of(crossEntropy().logitScale(0.5).build(), problem.batch());
    Batch batch = Batch.of(halves, problem.labels());
    Results expected = Results.of(crossEntropy().build(), batch);
    for (Kind kind : Kind.values()) {
      Bits.assertSame(expected.measures[kind.index], mapped.measures[kind.index], "" + kind);
    }
  }

  @Test
  void ignoredRowsAreZeroOrMinusOneWhateverTheirLogits() {
    for (int classes : new int[] {3, 70, 16_400}) {
      Matrix logits = Problem.of(LogitKind.NORMAL, 3, classes).copyOfLogits();
      Arrays.fill(logits.data(), classes, 2 * classes, Float.NaN);
      Results results = Results.of(crossEntropy().build(), Batch.of(logits, Labels.of(1, -100, 2)));
      results.assertRow(1, new float[5], -1, -1, "an ignored row");
      assertTrue(results.predictions[0] >= 0 && results.ranks[2] >= 0);
    }
  }

  @Test
  void largestOfEqualLogitsIsTheFirstAndNoneIsGreater() {
    for (int classes : new int[] {2, 5, 64, 300, 5000, 40_000}) {
      Matrix logits = Matrix.zeros(1, classes);
      logits.data()[0] = -1;
      Results results =
          Results.of(crossEntropy().build(), Batch.of(logits, Labels.of(classes - 1)));
      assertEquals(1, results.predictions[0], "prediction of " + classes);
      assertEquals(0, results.ranks[0], "rank of " + classes);
      results = Results.of(crossEntropy().build(), Batch.of(logits, Labels.of(0)));
      assertEquals(classes - 1, results.ranks[0], "rank of the least of " + classes);
    }
  }

  @Test
  void rowsWithoutProbabilitiesAreDefined() {
    float nan = Float.NaN;
    for (int classes : new int[] {2, 5, 64, 300, 5000, 40_000}) {
      int last = classes - 1;
      assertSpecial(classes, 0, nan, 1, new float[] {nan, nan, nan, nan, nan}, 1, 0);
      assertSpecial(classes, 0, nan, 0, new float[] {nan, nan, nan, nan, nan}, 1, -1);
      float[] infinite = {INFINITY, nan, nan, nan, nan};
      assertSpecial(classes, last, INFINITY, 0, infinite, last, 1);
      assertSpecial(classes, last, INFINITY, last, infinite, last, 0);
      Matrix masked = Matrix.zeros(1, classes);
      Arrays.fill(masked.data(), -INFINITY);
      float[] empty = {-INFINITY, nan, nan, nan, nan};
      Results.of(crossEntropy().build(), Batch.of(masked, Labels.of(last)))
          .assertRow(0, empty, 0, 0, "all −∞ of " + classes);
      Arrays.fill(masked.data(), nan);
      Results.of(crossEntropy().build(), Batch.of(masked, Labels.of(last)))
          .assertRow(0, new float[] {nan, nan, nan, nan, nan}, -1, -1, "all NaN of " + classes);
    }
  }

  private void assertSpecial(
      int classes, int column, float value, int label, float[] expected, int prediction, int rank) {
    Matrix logits = Matrix.zeros(1, classes);
    logits.data()[column] = value;
    Results.of(crossEntropy().build(), Batch.of(logits, Labels.of(label)))
        .assertRow(0, expected, prediction, rank, value + " among " + classes);
  }

  @Test
  void maskedLabelHasNoProbability() {
    for (int classes : new int[] {2, 5, 64, 300, 5000, 40_000}) {
      Matrix logits = Matrix.zeros(1, classes);
      Arrays.fill(logits.data(), -INFINITY);
      logits.data()[classes - 1] = 3;
      Results results = Results.of(crossEntropy().build(), Batch.of(logits, Labels.of(0)));
      float[] expected = {3, -INFINITY, 0, 1, 2};
      results.assertRow(0, expected, classes - 1, 1, "label −∞ of " + classes);
      results = Results.of(crossEntropy().build(), Batch.of(logits, Labels.of(classes - 1)));
      results.assertRow(0, new float[] {3, 0, 0, 1, 0}, classes - 1, 0, "alone of " + classes);
    }
  }
}
