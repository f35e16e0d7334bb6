package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.SoftmaxSquaredError;
import io.surprisal.SparseTargets;
import io.surprisal.contract.LogitArbitraries.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** What holds of every loss of logits, whatever it compares them with. */
public abstract class FamilyLawsContract extends KernelContract {
  /** 32 ulp of float, relative: twice a bound of up to 4 + 2γ ulp. */
  private static final double RELATIVE = 4e-6;

  /** More than the largest −log p of logits within ±60 and 70 classes. */
  private static final double LARGEST_SURPRISAL = 130;

  /** More than the entropy of 70 classes. */
  private static final double LARGEST_ENTROPY = 5;

  /**
   * A loss and what it is taken of.
   *
   * @param scale what its bounds count the ulp of, if more than the result: terms that cancel
   */
  private record Subject(
      String name, double scale, LabelledLoss loss, BiFunction<Row, Matrix, Batch> batch) {
    LossResults of(Row row) {
      Matrix logits = Matrix.of(row.logits.clone(), row.logits.length);
      return LossResults.of(loss, batch.apply(row, logits));
    }
  }

  /** Logits, other numbers of the same classes, and a class. */
  private record Row(float[] logits, float[] others, int label) {
    static Row of(Pair pair) {
      return new Row(pair.one(), pair.other(), pair.one().length / 3);
    }

    Row permuted(List<Integer> order) {
      float[] first = new float[logits.length];
      float[] second = new float[logits.length];
      for (int c = 0; c < first.length; c++) {
        first[c] = logits[order.get(c)];
        second[c] = others[order.get(c)];
      }
      return new Row(first, second, order.indexOf(label));
    }

    Labels labels() {
      return Labels.of(label);
    }

    /** Targets from 0 to 1, some of them 0. */
    Matrix targets() {
      float[] targets = new float[others.length];
      for (int c = 0; c < targets.length; c++) {
        targets[c] = Math.max(0, others[c]) / 64;
      }
      return Matrix.of(targets, targets.length);
    }

    Matrix teacher() {
      return Matrix.of(others, others.length);
    }

    SparseTargets few() {
      return SparseTargets.of(new int[] {label}, new float[] {0.75f}, 1).withTail();
    }
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return LogitArbitraries.pairs();
  }

  private List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>();
    SoftmaxFocal focal =
        SoftmaxFocal.builder().gamma(1.5).divisor(Divisor.ONE).execution(execution()).build();
    subjects.add(new Subject("focal", 0, focal, (row, x) -> Batch.of(x, row.labels())));
    subjects.add(new Subject("dense focal", 0, focal, (row, x) -> Batch.of(x, row.targets())));
    subjects.add(new Subject("sparse focal", 0, focal, (row, x) -> Batch.of(x, row.few())));
    SoftmaxSquaredError squared =
        SoftmaxSquaredError.builder().divisor(Divisor.ONE).execution(execution()).build();
    subjects.add(new Subject("squared", 1, squared, (row, x) -> Batch.of(x, row.labels())));
    subjects.add(new Subject("dense squared", 1, squared, (row, x) -> Batch.of(x, row.targets())));
    SoftmaxEntropy entropy =
        SoftmaxEntropy.builder().divisor(Divisor.ONE).execution(execution()).build();
    subjects.add(new Subject("entropy", LARGEST_ENTROPY, entropy, (row, x) -> Batch.of(x)));
    Distillation.Builder builder =
        Distillation.builder().temperature(2).divisor(Divisor.ONE).execution(execution());
    double scale = 4 * LARGEST_SURPRISAL;
    for (Distillation loss :
        List.of(
            builder.forward().build(),
            builder.reverse().build(),
            builder.jensenShannon(0.3).build(),
            builder.hardLoss(0.2).build())) {
      subjects.add(
          new Subject(
              loss.toString(),
              scale,
              loss,
              (row, x) -> Batch.of(x, row.teacher()).withLabels(row.labels())));
    }
    return subjects;
  }

  private static double tolerance(Subject subject, double size) {
    // What is below the normal range may be lost of each class.
    return RELATIVE * Math.max(size, subject.scale) + 1e-35;
  }

  /** Sum of the magnitudes of a gradient row. */
  private static double size(Matrix gradient) {
    double size = 0;
    for (int c = 0; c < gradient.classes(); c++) {
      size += Math.abs(gradient.get(0, c));
    }
    return size;
  }

  private static void assertAlike(
      Subject subject, LossResults expected, LossResults actual, List<Integer> order) {
    double loss = expected.losses()[0];
    assertEquals(loss, actual.losses()[0], tolerance(subject, loss), subject.name);
    double tolerance = tolerance(subject, size(expected.gradient()));
    for (int c = 0; c < order.size(); c++) {
      float entry = expected.gradient().get(0, order.get(c));
      assertEquals(entry, actual.gradient().get(0, c), tolerance, subject.name + ", class " + c);
    }
  }

  private static List<Integer> order(int classes) {
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      order.add(c);
    }
    return order;
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void commonOffsetChangesNothing(
      @ForAll("pairs") Pair pair, @ForAll @IntRange(min = -4000, max = 4000) int offset) {
    Row row = Row.of(pair);
    float[] shifted = row.logits.clone();
    for (int c = 0; c < shifted.length; c++) {
      shifted[c] += offset;
    }
    for (Subject subject : subjects()) {
      LossResults moved = subject.of(new Row(shifted, row.others, row.label));
      assertAlike(subject, subject.of(row), moved, order(shifted.length));
    }
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void permutedClassesGivePermutedGradients(@ForAll("pairs") Pair pair, @ForAll long seed) {
    Row row = Row.of(pair);
    List<Integer> order = order(row.logits.length);
    Collections.shuffle(order, new Random(seed));
    for (Subject subject : subjects()) {
      assertAlike(subject, subject.of(row), subject.of(row.permuted(order)), order);
    }
  }

  /** A common offset changes no loss, so that no gradient goes along it. */
  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void gradientSumsToZero(@ForAll("pairs") Pair pair) {
    Row row = Row.of(pair);
    for (Subject subject : subjects()) {
      Matrix gradient = subject.of(row).gradient();
      double sum = 0;
      for (int c = 0; c < row.logits.length; c++) {
        sum += gradient.get(0, c);
      }
      assertEquals(0, sum, tolerance(subject, size(gradient)), subject.name);
    }
  }

  /** All of them are 0 or more: sums of what is positive, and divergences. */
  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void lossesAreNotNegative(@ForAll("pairs") Pair pair) {
    for (Subject subject : subjects()) {
      float loss = subject.of(Row.of(pair)).losses()[0];
      assertTrue(loss >= 0 && loss < Float.POSITIVE_INFINITY, () -> subject.name + ": " + loss);
    }
  }
}
