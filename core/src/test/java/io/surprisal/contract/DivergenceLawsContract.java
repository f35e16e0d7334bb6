package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.Hessian;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.SoftmaxEntropy;
import io.surprisal.SoftmaxFocal;
import io.surprisal.contract.LogitArbitraries.Pair;
import io.surprisal.contract.LogitArbitraries.Row;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Divergences, and what the members of the family are to each other. */
public abstract class DivergenceLawsContract extends KernelContract {
  private static final double RELATIVE = 4e-6;

  /** What divergences of logits within ±60 and 70 classes are the difference of. */
  private static final double LARGEST_SURPRISAL = 130;

  @Provide
  Arbitrary<Pair> pairs() {
    return LogitArbitraries.pairs();
  }

  @Provide
  Arbitrary<Row> rows() {
    return LogitArbitraries.rows();
  }

  private Distillation.Builder builder() {
    return Distillation.builder().divisor(Divisor.ONE).execution(execution());
  }

  private List<Distillation> divergences() {
    return List.of(
        builder().forward().build(),
        builder().reverse().build(),
        builder().jensenShannon(0.5).build());
  }

  private static Matrix row(float... values) {
    return Matrix.of(values, values.length);
  }

  private static float loss(Distillation loss, float[] student, float[] teacher) {
    return LossResults.of(loss, Batch.of(row(student), row(teacher))).losses()[0];
  }

  /** Half of Σ |p − q|. */
  private double variation(Pair pair) {
    Matrix p = Matrix.zeros(1, pair.one().length);
    Matrix q = Matrix.zeros(1, pair.one().length);
    softmax().forward(row(pair.one()), p);
    softmax().forward(row(pair.other()), q);
    double sum = 0;
    for (int c = 0; c < p.classes(); c++) {
      sum += Math.abs((double) p.get(0, c) - q.get(0, c));
    }
    return sum / 2;
  }

  /**
   * Pinsker: a divergence is 2·V² or more, that of Jensen–Shannon V²/2, so that it is 0 of equal
   * distributions alone.
   */
  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void divergencesAreAtLeastWhatTheVariationSays(@ForAll("pairs") Pair pair) {
    double square = variation(pair) * variation(pair);
    double tolerance = RELATIVE * LARGEST_SURPRISAL;
    double[] factors = {2, 2, 0.5};
    for (int i = 0; i < factors.length; i++) {
      Distillation loss = divergences().get(i);
      double least = factors[i] * square;
      float divergence = loss(loss, pair.one(), pair.other());
      assertTrue(divergence >= least - tolerance, () -> loss + ": " + divergence + " < " + least);
    }
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void divergenceFromOneselfIsZeroAndHasNoGradient(@ForAll("rows") Row row) {
    for (Distillation loss : divergences()) {
      Batch batch = Batch.of(row(row.logits()), row(row.logits().clone()));
      LossResults results = LossResults.of(loss, batch);
      assertEquals(0f, results.losses()[0], loss.toString());
      for (float entry : results.gradient().data()) {
        assertTrue(entry == 0, () -> loss + ": " + entry);
      }
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void jensenShannonIsSymmetricAtAHalfAndAtMostLogTwo(@ForAll("pairs") Pair pair) {
    Distillation half = builder().jensenShannon(0.5).build();
    float one = loss(half, pair.one(), pair.other());
    float other = loss(half, pair.other(), pair.one());
    // The entropy of the mixture is at most that of both, which is log 70, and log 2.
    assertEquals(one, other, RELATIVE * 5);
    assertTrue(one >= 0 && one <= Math.log(2) * (1 + RELATIVE), () -> "divergence " + one);
  }

  /** Of β of one and 1 − β of the other, whichever is the teacher. */
  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void jensenShannonTurnsRoundWithItsShares(@ForAll("pairs") Pair pair) {
    float one = loss(builder().jensenShannon(0.25).build(), pair.one(), pair.other());
    float other = loss(builder().jensenShannon(0.75).build(), pair.other(), pair.one());
    assertEquals(one, other, RELATIVE * 5);
  }

  /** KL(q‖p) of one way round is KL of the other with the names exchanged. */
  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void reverseDivergenceIsTheForwardOneOfExchangedRows(@ForAll("pairs") Pair pair) {
    float forward = loss(builder().forward().build(), pair.one(), pair.other());
    float reverse = loss(builder().reverse().build(), pair.other(), pair.one());
    assertEquals(forward, reverse, RELATIVE * LARGEST_SURPRISAL);
  }

  /** H(Q, P) = H(Q) + KL(Q‖P), each from a loss of its own. */
  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void crossEntropyIsEntropyAndForwardDivergence(@ForAll("pairs") Pair pair) {
    Matrix q = Matrix.zeros(1, pair.one().length);
    softmax().forward(row(pair.other()), q);
    CrossEntropy cross = crossEntropy().divisor(Divisor.ONE).build();
    double crossEntropy = LossResults.of(cross, Batch.of(row(pair.one()), q)).losses()[0];
    SoftmaxEntropy own = SoftmaxEntropy.builder().execution(execution()).build();
    double entropy = own.forward(row(pair.other())).sum();
    double divergence = loss(builder().forward().build(), pair.one(), pair.other());
    assertEquals(crossEntropy, entropy + divergence, RELATIVE * LARGEST_SURPRISAL);
  }

  @Property(tries = 50, shrinking = ShrinkingMode.BOUNDED)
  void focalLossWithoutFocusIsCrossEntropy(@ForAll("rows") Row row) {
    Matrix logits = row(row.logits());
    CrossEntropy cross = crossEntropy().divisor(Divisor.ONE).build();
    SoftmaxFocal focal =
        SoftmaxFocal.builder().gamma(0).divisor(Divisor.ONE).execution(execution()).build();
    Batch labelled = Batch.of(logits, Labels.of(row.label()));
    LossResults expected = LossResults.of(cross, labelled);
    LossResults actual = LossResults.of(focal, labelled);
    Bits.assertSame(expected.losses(), actual.losses(), "losses");
    Bits.assertSame(expected.gradient(), actual.gradient(), "gradient");
    Matrix target = Matrix.zeros(1, logits.classes());
    target.data()[row.label()] = 1;
    LossResults dense = LossResults.of(focal, Batch.of(logits, target));
    double loss = expected.losses()[0];
    assertEquals(loss, dense.losses()[0], RELATIVE * loss + 1e-35);
    for (int c = 0; c < logits.classes(); c++) {
      double entry = expected.gradient().get(0, c);
      double tolerance = RELATIVE * Math.abs(entry) + 1e-35;
      assertEquals(entry, dense.gradient().get(0, c), tolerance, "class " + c);
    }
  }

  /** The Hessian along a direction is how the exact gradient changes along it. */
  @Property(tries = 50, shrinking = ShrinkingMode.OFF)
  void hessianIsTheSlopeOfTheExactGradient(@ForAll("pairs") Pair pair) {
    int classes = pair.one().length;
    Hessian hessian = Hessian.of(crossEntropy().divisor(Divisor.ONE).build());
    Batch batch = Batch.of(row(pair.one()), Labels.of(classes / 2));
    Matrix product = Matrix.zeros(1, classes);
    Matrix diagonal = Matrix.zeros(1, classes);
    hessian.product(batch, row(pair.other()), product);
    hessian.diagonal(batch, diagonal);
    double step = 0x1p-20;
    double[] above = gradient(pair, step);
    double[] below = gradient(pair, -step);
    double sum = 0;
    ExactRow exact = ExactRow.of(pair.one(), 0, classes);
    for (int c = 0; c < classes; c++) {
      assertEquals((above[c] - below[c]) / (2 * step), product.get(0, c), 1e-5, "class " + c);
      double entry = exact.probability(c) * exact.complement(c);
      assertEquals(entry, diagonal.get(0, c), RELATIVE * entry + 1e-37, "diagonal " + c);
      sum += product.get(0, c);
    }
    assertEquals(0, sum, 60 * RELATIVE);
  }

  /** p − δ at logits that are moved along a direction. */
  private static double[] gradient(Pair pair, double step) {
    double[] moved = new double[pair.one().length];
    for (int c = 0; c < moved.length; c++) {
      moved[c] = pair.one()[c] + step * pair.other()[c];
    }
    return ExactCrossEntropy.PLAIN.gradient(ExactRow.of(moved), moved.length / 2);
  }
}
