package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.contract.LogitArbitraries.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Gradients and products beside differences of exact functions; permutations with all options. */
public abstract class SlopesContract extends KernelContract {
  private static final double STEP = 0x1p-20;

  @Provide
  Arbitrary<Row> rows() {
    return LogitArbitraries.rows();
  }

  /** Some numbers of the scale of one, fixed by their place. */
  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (i * 37 + 11) % 29 / 16f;
    }
    return numbers;
  }

  /** Central difference of an exact function of a row by one logit. */
  private static double slope(Row row, int column, Function<ExactRow, DoubleDouble> function) {
    double[] moved = new double[row.logits().length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = row.logits()[i];
    }
    moved[column] = row.logits()[column] + STEP;
    DoubleDouble above = function.apply(ExactRow.of(moved));
    moved[column] = row.logits()[column] - STEP;
    DoubleDouble below = function.apply(ExactRow.of(moved));
    return above.minus(below).value() / (2 * STEP);
  }

  private static void assertSlopes(
      Row row, Matrix gradient, Function<ExactRow, DoubleDouble> function) {
    int classes = row.logits().length;
    for (int c = 0; c < classes; c += 1 + classes / 8) {
      assertEquals(slope(row, c, function), gradient.get(0, c), 4e-6, "class " + c);
    }
  }

  private static Matrix logits(Row row) {
    return Matrix.of(row.logits(), row.logits().length);
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void everyOptionsGradientIsTheSlopeOfTheExactLoss(@ForAll("rows") Row row) {
    float[] weights = numbers(row.logits().length);
    CrossEntropy loss =
        crossEntropy()
            .labelSmoothing(0.2)
            .zLoss(1e-3)
            .classWeights(weights)
            .divisor(Divisor.ONE)
            .build();
    Matrix gradient = Matrix.zeros(1, row.logits().length);
    loss.forwardAndGradient(logits(row), Labels.of(row.label()), gradient);
    ExactCrossEntropy exact = new ExactCrossEntropy(0.2, 1e-3, weights);
    assertSlopes(row, gradient, moved -> exact.loss(moved, row.label()));
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void logSumExpsGradientIsItsSlope(@ForAll("rows") Row row) {
    Matrix gradient = Matrix.zeros(1, row.logits().length);
    logSumExp().backward(logits(row), new float[] {1}, gradient);
    assertSlopes(row, gradient, ExactRow::logSumExp);
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void logSoftmaxProductIsTheSlopeOfTheUpstreamSum(@ForAll("rows") Row row) {
    float[] upstream = numbers(row.logits().length);
    Matrix product = Matrix.zeros(1, upstream.length);
    logSoftmax().backward(logits(row), Matrix.of(upstream, upstream.length), product);
    assertSlopes(
        row,
        product,
        moved -> {
          DoubleDouble sum = DoubleDouble.ZERO;
          for (int c = 0; c < upstream.length; c++) {
            sum = sum.minus(moved.surprisal(c).times(upstream[c]));
          }
          return sum;
        });
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void softmaxProductIsTheSlopeOfTheUpstreamSum(@ForAll("rows") Row row) {
    float[] upstream = numbers(row.logits().length);
    Matrix product = Matrix.zeros(1, upstream.length);
    softmax().backward(logits(row), Matrix.of(upstream, upstream.length), product);
    assertSlopes(
        row,
        product,
        moved -> {
          DoubleDouble sum = DoubleDouble.ZERO;
          for (int c = 0; c < upstream.length; c++) {
            sum = sum.plus(moved.surprisal(c).negated().exp().times(upstream[c]));
          }
          return sum;
        });
  }

  private static List<Integer> order(int classes, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      order.add(c);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  private static float[] permuted(float[] values, List<Integer> order) {
    float[] permuted = new float[values.length];
    for (int c = 0; c < permuted.length; c++) {
      permuted[c] = values[order.get(c)];
    }
    return permuted;
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void permutedClassesAndWeightsGivePermutedGradients(@ForAll("rows") Row row, @ForAll long seed) {
    int classes = row.logits().length;
    List<Integer> order = order(classes, seed);
    float[] weights = numbers(classes);
    Row other = new Row(permuted(row.logits(), order), order.indexOf(row.label()));
    ExactCrossEntropy exact = new ExactCrossEntropy(0.1, 1e-3, weights);
    double[] scale = exact.gradientScale(ExactRow.of(row.logits(), 0, classes), row.label());
    Matrix expected = gradient(row, weights);
    Matrix actual = gradient(other, permuted(weights, order));
    for (int c = 0; c < classes; c++) {
      int original = order.get(c);
      double error = Errors.ulps(actual.get(0, c), expected.get(0, original), scale[original], 4);
      assertTrue(error <= 8, "class " + c + " is off by " + error);
    }
  }

  private Matrix gradient(Row row, float[] weights) {
    CrossEntropy loss =
        crossEntropy()
            .labelSmoothing(0.1)
            .zLoss(1e-3)
            .classWeights(weights)
            .divisor(Divisor.ONE)
            .build();
    Matrix gradient = Matrix.zeros(1, weights.length);
    loss.forwardAndGradient(logits(row), Labels.of(row.label()), gradient);
    return gradient;
  }

  /**
   * The likelihood is linear: of half the numbers it is half, of others at other labels the same.
   */
  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void likelihoodReadsItsLabelAlone(@ForAll("rows") Row row, @ForAll long seed) {
    List<Integer> order = order(row.logits().length, seed);
    float[] half = permuted(row.logits(), order);
    for (int c = 0; c < half.length; c++) {
      half[c] /= 2;
    }
    Row other = new Row(half, order.indexOf(row.label()));
    assertTrue(Bits.same(likelihood(row) / 2, likelihood(other)));
    half[other.label()] += 1;
    assertEquals(likelihood(row) / 2 - 1, likelihood(other), 2 * Math.ulp(likelihood(row) + 1));
  }

  private static float likelihood(Row row) {
    float[] losses = new float[1];
    Matrix gradient = Matrix.zeros(1, row.logits().length);
    NegativeLogLikelihood.standard()
        .compute(
            Batch.of(logits(row), Labels.of(row.label())),
            Outputs.none().withLosses(losses).withGradient(gradient));
    for (int c = 0; c < row.logits().length; c++) {
      assertEquals(c == row.label() ? -1 : 0, gradient.get(0, c));
    }
    return losses[0];
  }
}
