package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.contract.LogitArbitraries.Pair;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** The gradients of the family beside differences of the exact losses. */
public abstract class FamilySlopesContract extends KernelContract {
  private static final double STEP = 0x1p-18;

  @Provide
  Arbitrary<Pair> pairs() {
    return LogitArbitraries.pairs();
  }

  private static ExactRow exact(float... logits) {
    return ExactRow.of(logits, 0, logits.length);
  }

  private static double[] targets(Pair pair) {
    double[] targets = new double[pair.other().length];
    for (int c = 0; c < targets.length; c++) {
      targets[c] = Math.max(0, pair.other()[c]) / 64;
    }
    return targets;
  }

  private static Matrix matrix(double... values) {
    float[] floats = new float[values.length];
    for (int c = 0; c < floats.length; c++) {
      floats[c] = (float) values[c];
    }
    return Matrix.of(floats, floats.length);
  }

  private static Matrix logits(Pair pair) {
    return Matrix.of(pair.one(), pair.one().length);
  }

  /** Compares each class's entry with a central difference of the loss of the row. */
  private static void assertSlopes(
      LabelledLoss loss, Batch batch, ToDoubleFunction<ExactRow> function) {
    Matrix gradient = LossResults.of(loss, batch).gradient();
    double[] moved = new double[gradient.classes()];
    Arrays.setAll(moved, c -> batch.logits().get(0, c));
    for (int c = 0; c < moved.length; c += 1 + moved.length / 8) {
      double logit = moved[c];
      moved[c] = logit + STEP;
      double above = function.applyAsDouble(ExactRow.of(moved));
      moved[c] = logit - STEP;
      double below = function.applyAsDouble(ExactRow.of(moved));
      moved[c] = logit;
      double slope = (above - below) / (2 * STEP);
      double tolerance = 2e-6 * Math.max(1, Math.abs(slope)) + 1e-10 * Math.abs(above);
      assertEquals(slope, gradient.get(0, c), tolerance, loss + ", class " + c);
    }
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void focalLossOfDenseTargets(@ForAll("pairs") Pair pair) {
    double[] targets = targets(pair);
    for (double gamma : new double[] {0.5, 2}) {
      SoftmaxFocal loss =
          SoftmaxFocal.builder().gamma(gamma).divisor(Divisor.ONE).execution(execution()).build();
      assertSlopes(
          loss,
          Batch.of(logits(pair), matrix(targets)),
          row -> new ExactFocal(row, targets, gamma).loss(false));
    }
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void squaredErrorOfLabelsAndTargets(@ForAll("pairs") Pair pair) {
    SoftmaxSquaredError loss =
        SoftmaxSquaredError.builder().divisor(Divisor.ONE).execution(execution()).build();
    double[] ones = new double[pair.one().length];
    Arrays.fill(ones, 1);
    double[] targets = targets(pair);
    assertSlopes(
        loss,
        Batch.of(logits(pair), matrix(targets)),
        row -> new ExactSquaredError(row, targets, ones).loss());
    double[] label = new double[ones.length];
    label[ones.length / 2] = 1;
    assertSlopes(
        loss,
        Batch.of(logits(pair), Labels.of(ones.length / 2)),
        row -> new ExactSquaredError(row, label, ones).loss());
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void entropy(@ForAll("pairs") Pair pair) {
    SoftmaxEntropy loss =
        SoftmaxEntropy.builder().divisor(Divisor.ONE).execution(execution()).build();
    assertSlopes(loss, Batch.of(logits(pair)), row -> new ExactEntropy(row).entropy());
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void everyDivergence(@ForAll("pairs") Pair pair) {
    ExactRow teacher = exact(pair.other());
    for (double beta : new double[] {0, 0.3, 1}) {
      Distillation.Builder builder =
          Distillation.builder().divisor(Divisor.ONE).execution(execution());
      if (beta == 0) {
        builder.forward();
      } else if (beta == 1) {
        builder.reverse();
      } else {
        builder.jensenShannon(beta);
      }
      assertSlopes(
          builder.build(),
          Batch.of(logits(pair), Matrix.of(pair.other(), pair.other().length)),
          row -> new ExactDistillation(row, teacher, beta).loss());
    }
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void smoothingOverFiniteClasses(@ForAll("pairs") Pair pair) {
    int classes = pair.one().length;
    Matrix logits = logits(pair);
    int label = classes - 1;
    boolean[] masked = new boolean[classes];
    int finite = classes;
    for (int c = 0; c < label; c++) {
      masked[c] = pair.other()[c] > 30;
      if (masked[c]) {
        logits.data()[c] = Float.NEGATIVE_INFINITY;
        finite--;
      }
    }
    double[] smoothed = new double[classes];
    for (int c = 0; c < classes; c++) {
      smoothed[c] = (masked[c] ? 0 : 0.2 / finite) + (c == label ? 0.8 : 0);
    }
    CrossEntropy loss = crossEntropy().labelSmoothingOverFinite(0.2).divisor(Divisor.ONE).build();
    assertSlopes(
        loss,
        Batch.of(logits, Labels.of(label)),
        row -> new ExactTargets(row, smoothed, 0).loss().value());
  }
}
