package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.contract.LogitArbitraries.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The laws of cross-entropy on one row, on rows that jqwik draws and shrinks. */
public abstract class LawsContract extends KernelContract {
  /** Two results within 4 ulp each of numbers that are equal. */
  private static final double TWICE_THE_BOUND = 8;

  @Provide
  Arbitrary<Row> rows() {
    return LogitArbitraries.rows();
  }

  @Provide
  Arbitrary<Row> hardRows() {
    return LogitArbitraries.hardRows();
  }

  /** Loss and gradient of one row. */
  private record Result(float loss, float[] gradient) {}

  private Result compute(Row row, double smoothing, double upstream) {
    CrossEntropy loss = crossEntropy().labelSmoothing(smoothing).divisor(Divisor.ONE).build();
    float[] losses = new float[1];
    int classes = row.logits().length;
    float[] gradient = new float[classes];
    Batch batch = Batch.of(Matrix.of(row.logits(), classes), Labels.of(row.label()));
    loss.compute(
        batch,
        Outputs.none()
            .withLosses(losses)
            .withGradient(Gradient.into(Matrix.of(gradient, classes)).withUpstream(upstream)));
    return new Result(losses[0], gradient);
  }

  private Result compute(Row row) {
    return compute(row, 0, 1);
  }

  private static void assertWithin(double bound, float actual, double expected, String what) {
    double error = Errors.ulps(actual, expected);
    assertTrue(
        error <= bound, () -> what + ": " + actual + " and " + expected + ", " + error + " ulp");
  }

  @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
  void rowsAgreeWithTheOracle(@ForAll("hardRows") Row row) {
    Result result = compute(row);
    ExactRow exact = ExactRow.of(row.logits(), 0, row.logits().length);
    assertWithin(4, result.loss, exact.surprisal(row.label()).value(), "loss");
    double[] gradient = ExactCrossEntropy.PLAIN.gradient(exact, row.label());
    for (int c = 0; c < gradient.length; c++) {
      assertWithin(4, result.gradient[c], gradient[c], "gradient of class " + c);
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void commonOffsetChangesNothing(
      @ForAll("rows") Row row, @ForAll @IntRange(min = -8000, max = 8000) int offset) {
    float[] shifted = row.logits().clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += offset;
    }
    assertEqualResults(compute(row), compute(row.withLogits(shifted)));
  }

  private static void assertEqualResults(Result expected, Result actual) {
    assertWithin(TWICE_THE_BOUND, actual.loss, expected.loss, "loss");
    for (int c = 0; c < expected.gradient.length; c++) {
      assertWithin(TWICE_THE_BOUND, actual.gradient[c], expected.gradient[c], "gradient " + c);
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void permutedClassesGivePermutedGradients(@ForAll("rows") Row row, @ForAll long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < row.logits().length; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    float[] permuted = new float[order.size()];
    for (int i = 0; i < permuted.length; i++) {
      permuted[i] = row.logits()[order.get(i)];
    }
    Result expected = compute(row);
    Result actual = compute(new Row(permuted, order.indexOf(row.label())));
    assertWithin(TWICE_THE_BOUND, actual.loss, expected.loss, "loss");
    for (int i = 0; i < permuted.length; i++) {
      float original = expected.gradient[order.get(i)];
      assertWithin(TWICE_THE_BOUND, actual.gradient[i], original, "gradient " + i);
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void gradientSumsToZero(
      @ForAll("rows") Row row, @ForAll @DoubleRange(min = 0, max = 1) double smoothing) {
    double sum = 0;
    float largest = (float) smoothing;
    for (float entry : compute(row, smoothing, 1).gradient) {
      sum += entry;
      largest = Math.max(largest, Math.abs(entry));
    }
    double bound = 4 * Math.ulp(largest) + row.logits().length * 0x1p-126;
    assertEquals(0, sum, bound);
  }

  @Property(tries = 50, shrinking = ShrinkingMode.OFF)
  void gradientIsTheSlopeOfTheExactLoss(
      @ForAll("rows") Row row, @ForAll @DoubleRange(min = 0, max = 1) double smoothing) {
    float[] gradient = compute(row, smoothing, 1).gradient;
    ExactCrossEntropy exact = new ExactCrossEntropy(smoothing, 0, null);
    double[] logits = new double[gradient.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = row.logits()[i];
    }
    for (int c = 0; c < gradient.length; c += 1 + gradient.length / 8) {
      assertEquals(slope(exact, logits, row.label(), c), gradient[c], 1e-6, "class " + c);
    }
  }

  /** Central difference; in double-double its step can be small without losing digits. */
  private static double slope(ExactCrossEntropy loss, double[] logits, int label, int column) {
    double step = 0x1p-20;
    double[] moved = logits.clone();
    moved[column] = logits[column] + step;
    DoubleDouble above = loss.loss(ExactRow.of(moved), label);
    moved[column] = logits[column] - step;
    DoubleDouble below = loss.loss(ExactRow.of(moved), label);
    return above.minus(below).value() / (2 * step);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void raisingTheLabelsLogitNeverRaisesTheLoss(
      @ForAll("rows") Row row, @ForAll @DoubleRange(min = 0.01, max = 50) double rise) {
    float[] raised = row.logits().clone();
    raised[row.label()] += (float) rise;
    float before = compute(row).loss;
    float after = compute(row.withLogits(raised)).loss;
    float tolerance = (float) TWICE_THE_BOUND * Math.ulp(before) + Float.MIN_NORMAL;
    assertTrue(after <= before + tolerance, () -> before + " rose to " + after);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void upstreamScalesTheGradientAlone(
      @ForAll("rows") Row row, @ForAll @DoubleRange(min = -100, max = 100) double upstream) {
    Result plain = compute(row);
    Result scaled = compute(row, 0, upstream);
    assertTrue(Bits.same(plain.loss, scaled.loss), "the loss has no upstream");
    for (int c = 0; c < plain.gradient.length; c++) {
      double expected = upstream * plain.gradient[c];
      double error = Errors.ulps(scaled.gradient[c], expected, expected, Math.abs(upstream));
      assertTrue(error <= TWICE_THE_BOUND, () -> error + " ulp from " + expected);
    }
  }
}
