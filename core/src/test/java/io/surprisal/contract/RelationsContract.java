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
import io.surprisal.contract.LogitArbitraries.Pair;
import io.surprisal.contract.LogitArbitraries.Row;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** What holds between the operations: inequalities, and identities of information theory. */
public abstract class RelationsContract extends KernelContract {
  /** An ulp of float, relative; sums of results of 4 ulp each get some more. */
  private static final double ULP = 0x1p-23;

  @Provide
  Arbitrary<Row> rows() {
    return LogitArbitraries.rows();
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return LogitArbitraries.pairs();
  }

  private double logSumExp(float... logits) {
    float[] result = new float[1];
    logSumExp().forward(Matrix.of(logits, logits.length), result);
    return result[0];
  }

  private float[] softmax(float... logits) {
    Matrix out = Matrix.zeros(1, logits.length);
    softmax().forward(Matrix.of(logits, logits.length), out);
    return out.data();
  }

  private float[] logSoftmax(float... logits) {
    Matrix out = Matrix.zeros(1, logits.length);
    logSoftmax().forward(Matrix.of(logits, logits.length), out);
    return out.data();
  }

  /** The loss of one row under each label. */
  private float[] losses(float... logits) {
    int classes = logits.length;
    Matrix repeated = Matrix.zeros(classes, classes);
    int[] labels = new int[classes];
    for (int row = 0; row < classes; row++) {
      System.arraycopy(logits, 0, repeated.data(), row * classes, classes);
      labels[row] = row;
    }
    float[] losses = new float[classes];
    CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
    loss.compute(Batch.of(repeated, Labels.of(labels)), Outputs.none().withLosses(losses));
    return losses;
  }

  private static double product(float[] probabilities, float[] losses) {
    double sum = 0;
    for (int c = 0; c < losses.length; c++) {
      sum += probabilities[c] == 0 ? 0 : (double) probabilities[c] * losses[c];
    }
    return sum;
  }

  private static double maximum(float[] values) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      maximum = Math.max(maximum, value);
    }
    return maximum;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double tolerance(double ulps, double... sizes) {
    return ulps * ULP * Math.max(1, Arrays.stream(sizes).map(Math::abs).max().orElse(1));
  }

  private static void assertAtMost(double bound, double actual, double tolerance) {
    assertTrue(actual <= bound + tolerance, () -> actual + " is more than " + bound);
  }

  /** Jensen: the exponential of a mean is at most the mean of the exponentials. */
  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void logSumExpLiesBetweenTheMaximumAndTheMeanAndALogarithmAboveThem(@ForAll("rows") Row row) {
    double logSumExp = logSumExp(row.logits());
    double logarithm = Math.log(row.logits().length);
    double maximum = maximum(row.logits());
    double tolerance = tolerance(1, logSumExp);
    assertAtMost(logSumExp, maximum, tolerance);
    assertAtMost(logSumExp, mean(row.logits()) + logarithm, tolerance);
    assertAtMost(maximum + logarithm, logSumExp, tolerance);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void logSumExpIsConvex(@ForAll("pairs") Pair pair) {
    float[] middle = new float[pair.one().length];
    for (int c = 0; c < middle.length; c++) {
      // On a grid of 2^−10 below 2^6 the mean is exact.
      middle[c] = (pair.one()[c] + pair.other()[c]) / 2;
    }
    double one = logSumExp(pair.one());
    double other = logSumExp(pair.other());
    assertAtMost((one + other) / 2, logSumExp(middle), tolerance(2, one, other));
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void commonOffsetMovesLogSumExpAndLeavesProbabilities(
      @ForAll("rows") Row row, @ForAll @IntRange(min = -8000, max = 8000) int offset) {
    float[] shifted = row.logits().clone();
    for (int c = 0; c < shifted.length; c++) {
      shifted[c] += offset;
    }
    double moved = logSumExp(shifted);
    assertEquals(logSumExp(row.logits()) + offset, moved, tolerance(2, moved, offset));
    float[] expected = softmax(row.logits());
    float[] actual = softmax(shifted);
    float[] expectedLogs = logSoftmax(row.logits());
    float[] actualLogs = logSoftmax(shifted);
    for (int c = 0; c < expected.length; c++) {
      assertTrue(Errors.ulps(actual[c], expected[c]) <= 8, "probability of class " + c);
      assertEquals(expectedLogs[c], actualLogs[c], tolerance(3, expectedLogs[c]));
    }
  }

  /** H(P, Q) ≥ H(P), and the difference is the divergence, which is 0 of a row from itself. */
  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void crossEntropyIsEntropyAndDivergence(@ForAll("pairs") Pair pair) {
    float[] p = softmax(pair.one());
    double entropy = product(p, losses(pair.one()));
    double crossEntropy = product(p, losses(pair.other()));
    double divergence = 0;
    float[] logP = logSoftmax(pair.one());
    float[] logQ = logSoftmax(pair.other());
    for (int c = 0; c < p.length; c++) {
      divergence += p[c] * ((double) logP[c] - logQ[c]);
    }
    // Terms of 8 ulp each, weighted by probabilities that add up to 1.
    double tolerance = tolerance(16, maximum(losses(pair.one())), maximum(losses(pair.other())));
    assertEquals(crossEntropy, entropy + divergence, tolerance);
    assertAtMost(crossEntropy, entropy, tolerance);
    assertAtMost(divergence, 0, tolerance);
    assertAtMost(Math.log(p.length), entropy, tolerance);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void probabilitiesAddUpToOneAndAreTheExponentialsOfTheirLogarithms(@ForAll("rows") Row row) {
    float[] probabilities = softmax(row.logits());
    float[] logarithms = logSoftmax(row.logits());
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      sum += probabilities[c];
      double logarithm = Math.log(probabilities[c]);
      assertEquals(logarithm, logarithms[c], 4 * ULP + tolerance(1.5, logarithm), "class " + c);
    }
    assertEquals(1, sum, 4 * ULP);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void likelihoodOfLogProbabilitiesIsCrossEntropy(@ForAll("rows") Row row) {
    float[] logarithms = logSoftmax(row.logits());
    float[] likelihood = new float[1];
    NegativeLogLikelihood.standard()
        .compute(
            Batch.of(Matrix.of(logarithms, logarithms.length), Labels.of(row.label())),
            Outputs.none().withLosses(likelihood));
    double loss = losses(row.logits())[row.label()];
    // The logarithm keeps 1.5 ulp of max(1, loss), the loss 4 of its own.
    assertEquals(loss, likelihood[0], tolerance(1.5, loss) + 4 * ULP * loss);
  }
}
