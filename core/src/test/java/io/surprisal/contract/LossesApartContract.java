package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.ElementType;
import io.surprisal.GeneralizedCrossEntropy;
import io.surprisal.Gradient;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.PolyCrossEntropy;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
import io.surprisal.Totals;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Losses and totals are the same whatever the gradient beside them is multiplied by, which it is
 * exactly.
 */
public abstract class LossesApartContract extends KernelContract {
  private static final int ROWS = 4;
  private static final int[] SIZES = {1, 2, 3, 64, 2100, 16_400};
  private static final int[] POWERS = {40, 99, 100, 101, 127, 128, 129, 150, 260, 900};
  private static final float[] UPSTREAM = {
    1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  /** Of each row, and of all. */
  private record Losses(double[] rows, double sum, double negativeLogLikelihood) {}

  private static Matrix logits(int classes) {
    Matrix logits = Matrix.zeros(ROWS, classes);
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] = i * 37 % 101 / 16f;
    }
    return logits;
  }

  private static Matrix doubles(int classes) {
    double[] logits = new double[ROWS * classes];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = i * 37 % 101 / 16.0;
    }
    return Matrix.of(logits, ROWS, classes);
  }

  private static Labels labels(int classes) {
    return Labels.of(0, classes - 1, classes / 2, 0);
  }

  private static Batch dense(int classes) {
    Matrix targets = Matrix.zeros(ROWS, classes);
    for (int i = 0; i < targets.data().length; i++) {
      targets.data()[i] = i * 29 % 31 / 16f;
    }
    return Batch.of(logits(classes), targets);
  }

  private static Batch sparse(int classes) {
    int[] listed = {0, classes - 1, classes / 2, 0};
    float[] values = {0.75f, 0.5f, 0.25f, 1};
    return Batch.of(logits(classes), SparseTargets.of(listed, values, 1).withTail());
  }

  private CrossEntropy optioned(Divisor divisor) {
    return crossEntropy().labelSmoothing(0.1).zLoss(0.01).divisor(divisor).build();
  }

  private List<LabelledLoss> ofLabels(Divisor divisor) {
    return List.of(
        crossEntropy().divisor(divisor).build(),
        optioned(divisor),
        SoftmaxFocal.builder().execution(execution()).divisor(divisor).build(),
        PolyCrossEntropy.builder().execution(execution()).divisor(divisor).build(),
        GeneralizedCrossEntropy.builder().execution(execution()).divisor(divisor).build());
  }

  private List<LabelledLoss> thatWeigh(Divisor divisor) {
    return List.of(
        SoftmaxSquaredError.builder().execution(execution()).divisor(divisor).build(),
        SoftmaxEntropy.builder().execution(execution()).divisor(divisor).build());
  }

  private List<LabelledLoss> ofTargets(Divisor divisor) {
    return List.of(
        optioned(divisor),
        SoftmaxFocal.builder().gamma(1.5).execution(execution()).divisor(divisor).build(),
        SoftmaxFocal.builder().gamma(2).execution(execution()).divisor(divisor).build(),
        SoftmaxSquaredError.builder().execution(execution()).divisor(divisor).build(),
        Distillation.builder().execution(execution()).divisor(divisor).build(),
        Distillation.builder().reverse().execution(execution()).divisor(divisor).build(),
        Distillation.builder()
            .jensenShannon(0.4)
            .temperature(2)
            .execution(execution())
            .divisor(divisor)
            .build());
  }

  private static Losses compute(LabelledLoss loss, Batch batch, Gradient gradient) {
    double[] rows = new double[ROWS];
    Totals totals = loss.newTotals();
    Outputs outputs = Outputs.none().withLosses(rows).withTotals(totals);
    loss.compute(batch, gradient == null ? outputs : outputs.withGradient(gradient));
    return new Losses(rows, totals.sum(), totals.negativeLogLikelihood());
  }

  /** Fails unless all that is said of the losses is what is said without a gradient. */
  private static void check(LabelledLoss loss, Batch batch, Gradient gradient) {
    String what = loss + " of " + batch.logits();
    Losses expected = compute(loss, batch, null);
    Losses actual = compute(loss, batch, gradient);
    assertArrayEquals(expected.rows, actual.rows, what);
    assertEquals(expected.sum, actual.sum, what);
    assertEquals(expected.negativeLogLikelihood, actual.negativeLogLikelihood, what);
  }

  /** The same, and rows of the gradient with an upstream number that is not finite are NaN. */
  private static void checkRows(LabelledLoss loss, Batch batch) {
    int classes = batch.logits().classes();
    boolean inDouble = batch.logits().elementType() == ElementType.DOUBLE;
    Matrix out =
        inDouble
            ? Matrix.of(new double[ROWS * classes], ROWS, classes)
            : Matrix.zeros(ROWS, classes);
    check(loss, batch, Gradient.into(out).withUpstream(UPSTREAM));
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < classes; c++) {
        assertEquals(row > 0, Double.isNaN(out.getDouble(row, c)), loss + ", row " + row);
      }
    }
  }

  @Test
  void lossesOfLabelsDoNotDependOnUpstreamNumbers() {
    for (int classes : SIZES) {
      Batch batch = Batch.of(logits(classes), labels(classes));
      Batch inDouble = Batch.of(doubles(classes), labels(classes));
      for (LabelledLoss loss : ofLabels(Divisor.ONE)) {
        checkRows(loss, batch);
        checkRows(loss, inDouble);
      }
      for (LabelledLoss loss : thatWeigh(Divisor.ONE)) {
        checkRows(loss, batch);
      }
    }
  }

  @Test
  void lossesOfTargetsDoNotDependOnUpstreamNumbers() {
    for (int classes : SIZES) {
      Batch batch = dense(classes);
      for (LabelledLoss loss : ofTargets(Divisor.ONE)) {
        checkRows(loss, batch);
      }
      checkRows(optioned(Divisor.ONE), sparse(classes));
    }
  }

  @Test
  void lossesDoNotDependOnAnUpstreamNumberBeyondTheRangeOfDouble() {
    Divisor tiny = Divisor.of(1e-300);
    for (int classes : SIZES) {
      Batch labelled = Batch.of(logits(classes), labels(classes));
      Batch targeted = dense(classes);
      Gradient huge = Gradient.into(Matrix.zeros(ROWS, classes)).withUpstream(1e300);
      ofLabels(tiny).forEach(loss -> check(loss, labelled, huge));
      thatWeigh(tiny).forEach(loss -> check(loss, labelled, huge));
      ofTargets(tiny).forEach(loss -> check(loss, targeted, huge));
    }
  }

  @Test
  void gradientsAreMultipliedByPowersOfTwoExactly() {
    for (int classes : SIZES) {
      Batch labelled = Batch.of(logits(classes), labels(classes));
      ofLabels(Divisor.ONE).forEach(loss -> checkPowers(loss, labelled));
      thatWeigh(Divisor.ONE).forEach(loss -> checkPowers(loss, labelled));
      CrossEntropy finite = crossEntropy().labelSmoothingOverFinite(0.1).build();
      ofTargets(Divisor.ONE).forEach(loss -> checkPowers(loss, dense(classes)));
      checkPowers(optioned(Divisor.ONE), sparse(classes));
      checkPowers(crossEntropy().divisor(Divisor.ONE).build(), sparse(classes));
      checkPowers(finite, masked(dense(classes)));
    }
  }

  /** Without the first class of each row, where there are others. */
  private static Batch masked(Batch batch) {
    Matrix logits = batch.logits();
    for (int row = 0; row < ROWS && logits.classes() > 1; row++) {
      logits.data()[row * logits.classes()] = Float.NEGATIVE_INFINITY;
    }
    return batch;
  }

  private static void checkPowers(LabelledLoss loss, Batch batch) {
    Matrix expected = gradient(loss, batch, 1.3);
    for (int power : POWERS) {
      Matrix scaled = gradient(loss, batch, Math.scalb(1.3, power));
      for (int i = 0; i < scaled.data().length; i++) {
        // A zero has no sign that says anything.
        float entry = (float) Math.scalb((double) expected.data()[i], power) + 0f;
        float actual = scaled.data()[i] + 0f;
        String what = loss + " of " + batch.logits() + ", 2^" + power + ", element " + i;
        assertEquals(entry, actual, what);
      }
    }
  }

  private static Matrix gradient(LabelledLoss loss, Batch batch, double upstream) {
    Matrix out = Matrix.zeros(ROWS, batch.logits().classes());
    loss.compute(batch, Outputs.none().withGradient(Gradient.into(out).withUpstream(upstream)));
    return out;
  }

  /** A label that may be nothing beside the others is so whatever their gradient is. */
  @Test
  void lossesOfFarLabelsDoNotDependOnUpstreamNumbers() {
    for (float gap : new float[] {599, 601, 3000, -599, -601, -3000}) {
      Matrix logits = Matrix.of(new float[] {gap, 0, gap, 0, gap, 0, gap, 0}, 2);
      for (LabelledLoss loss : ofLabels(Divisor.ONE)) {
        checkRows(loss, Batch.of(logits, Labels.of(0, 0, 1, 1)));
      }
    }
  }
}
