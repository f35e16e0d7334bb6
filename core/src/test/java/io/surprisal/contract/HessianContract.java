package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Hessian;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Second derivatives of cross-entropy: bounds, special values, a Newton step. */
public abstract class HessianContract extends KernelContract {
  private static final double SMOOTHING = 0.1;

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.SOME_MASKED, 30, 33),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.HUGE, 12, 257),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000));

  private CrossEntropy loss(float[] weights) {
    return crossEntropy()
        .labelSmoothing(SMOOTHING)
        .classWeights(weights)
        .divisor(Divisor.of(8))
        .build();
  }

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = 0.1f + c % 5;
    }
    return weights;
  }

  @Test
  void diagonalsAndProductsKeepTheirBounds() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : PROBLEMS) {
      measure(table, problem, problem.batch(), SquaredErrorContract.oneHot(problem));
      Matrix targets = DenseTargetsContract.targets(problem);
      measure(table, problem, Batch.of(problem.logits(), targets), targets);
    }
    System.out.println("Kernel " + kernel().name() + ", Hessian\n" + table);
    for (String quantity : table.quantities()) {
      table.assertBound(quantity, 4, 0.7);
    }
  }

  private void measure(ErrorTable table, Problem problem, Batch batch, Matrix targets) {
    int classes = problem.classes();
    float[] weights = weights(classes);
    Hessian hessian = Hessian.of(loss(weights));
    Matrix diagonal = Matrix.zeros(problem.rows(), classes);
    Matrix product = Matrix.zeros(problem.rows(), classes);
    Matrix direction = direction(problem);
    hessian.diagonal(batch, diagonal);
    hessian.product(batch, direction, product);
    for (int row = 0; row < problem.rows(); row++) {
      double share = 0;
      double total = 0;
      for (int c = 0; c < classes; c++) {
        share += (double) weights[c] * targets.get(row, c);
        total += weights[c];
      }
      double factor = ((1 - SMOOTHING) * share + SMOOTHING / classes * total) / 8;
      measure(table.errors("diagonal", problem.kind()), problem, row, diagonal, factor, null);
      measure(table.errors("product", problem.kind()), problem, row, product, factor, direction);
    }
  }

  private static Matrix direction(Problem problem) {
    Matrix direction = Matrix.zeros(problem.rows(), problem.classes());
    for (int i = 0; i < direction.data().length; i++) {
      direction.data()[i] = (i * 37 % 64 - 30) / 16f;
    }
    return direction;
  }

  private static void measure(
      Errors errors, Problem problem, int row, Matrix out, double factor, Matrix direction) {
    ExactRow exact = problem.exact(row);
    int classes = problem.classes();
    int peak = 0;
    double all = 0;
    double magnitude = 0;
    for (int c = 0; c < classes; c++) {
      peak = exact.logit(c) > exact.logit(peak) ? c : peak;
      double v = direction == null ? 0 : direction.get(row, c);
      all += exact.probability(c) * v;
      magnitude += exact.probability(c) * Math.abs(v);
    }
    for (int c = 0; c < classes; c++) {
      double p = exact.probability(c);
      double entry = p * exact.complement(c);
      double scale = entry;
      if (direction != null) {
        double v = direction.get(row, c);
        double others = c == peak ? othersThan(exact, c, direction, row, false) : all - p * v;
        entry = p * (v * exact.complement(c) - others);
        scale =
            p
                * (c == peak
                    ? Math.max(
                        Math.abs(v) * exact.complement(c),
                        othersThan(exact, c, direction, row, true))
                    : Math.max(Math.abs(v), magnitude));
      }
      double lost = 2 + 4 * factor * classes;
      if (errors.add(out.get(row, c), factor * entry, factor * scale, lost)) {
        errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), factor * entry));
      }
    }
    errors.endRow();
  }

  private static double othersThan(
      ExactRow exact, int c, Matrix direction, int row, boolean magnitudes) {
    double sum = 0;
    for (int k = 0; k < exact.classes(); k++) {
      double v = direction.get(row, k);
      sum += k == c ? 0 : exact.probability(k) * (magnitudes ? Math.abs(v) : v);
    }
    return sum;
  }

  /** Along a direction, the gradient changes by the product. */
  @Test
  void productIsTheChangeOfTheGradient() {
    Problem problem = Problem.of(LogitKind.NORMAL, 5, 40);
    CrossEntropy loss = crossEntropy().labelSmoothing(0.2).logitScale(0.5).build();
    Matrix direction = direction(problem);
    Matrix product = Matrix.zeros(5, 40);
    Hessian.of(loss).product(problem.batch(), direction, product);
    Matrix[] gradients = new Matrix[2];
    float step = 0x1p-5f;
    for (int side = 0; side < 2; side++) {
      Matrix moved = problem.copyOfLogits();
      for (int i = 0; i < moved.data().length; i++) {
        moved.data()[i] += (side == 0 ? -step : step) * direction.data()[i];
      }
      gradients[side] = Matrix.zeros(5, 40);
      loss.forwardAndGradient(moved, problem.labels(), gradients[side]);
    }
    for (int i = 0; i < product.data().length; i++) {
      double change = (gradients[1].data()[i] - gradients[0].data()[i]) / (2 * step);
      assertEquals(change, product.data()[i], 2e-5, "entry " + i);
    }
  }

  /** The example of the documentation. */
  @Test
  void newtonStepsConvergeFasterThanGradientDescent() {
    Matrix targets = Matrix.of(new float[] {0.7f, 0.2f, 0.06f, 0.04f}, 4);
    CrossEntropy loss = crossEntropy().build();
    Hessian hessian = Hessian.of(loss);
    Matrix newton = Matrix.zeros(1, 4);
    Matrix descent = Matrix.zeros(1, 4);
    Matrix gradient = Matrix.zeros(1, 4);
    Matrix diagonal = Matrix.zeros(1, 4);
    for (int step = 0; step < 12; step++) {
      loss.forwardAndGradient(newton, targets, gradient);
      hessian.diagonal(Batch.of(newton, targets), diagonal);
      for (int c = 0; c < 4; c++) {
        newton.data()[c] -= gradient.data()[c] / (2 * diagonal.data()[c] + 1e-6f);
      }
      loss.forwardAndGradient(descent, targets, gradient);
      for (int c = 0; c < 4; c++) {
        descent.data()[c] -= gradient.data()[c];
      }
    }
    double entropy = 0;
    for (float q : targets.data()) {
      entropy -= q * Math.log(q);
    }
    double afterNewton = loss.forward(newton, targets).mean() - entropy;
    double afterDescent = loss.forward(descent, targets).mean() - entropy;
    assertTrue(afterNewton < 1e-5, "after Newton's steps " + afterNewton);
    assertTrue(afterDescent > 100 * afterNewton, "after descent " + afterDescent);
  }

  @Test
  void rowsWithoutProbabilitiesAreNanAndIgnoredOnesZero() {
    for (int classes : new int[] {3, 70, 2100, 16_400}) {
      Problem problem = Problem.of(LogitKind.NORMAL, 3, classes);
      Matrix logits = problem.copyOfLogits();
      logits.data()[classes + 1] = Float.NaN;
      Batch batch = Batch.of(logits, Labels.of(1, 2, -100));
      Matrix out = Matrix.zeros(3, classes);
      Arrays.fill(out.data(), 7);
      Hessian.of(crossEntropy().build()).diagonal(batch, out);
      Bits.assertRowIs(Float.NaN, out, 1, "diagonal");
      Bits.assertRowIs(0, out, 2, "diagonal of an ignored row");
      Matrix direction = direction(problem);
      direction.data()[0] = Float.NaN;
      Hessian.of(crossEntropy().build()).product(batch, direction, out);
      Bits.assertRowIs(Float.NaN, out, 0, "product with NaN");
      Bits.assertRowIs(0, out, 2, "product of an ignored row");
    }
  }

  /** The sum over the classes is infinite, which is no direction that the others could go in. */
  @Test
  void rowWithAnInfiniteDirectionOrTargetIsNan() {
    for (int classes : new int[] {3, 70, 2100, 16_400}) {
      Problem problem = Problem.of(LogitKind.NORMAL, 3, classes);
      Matrix out = Matrix.zeros(3, classes);
      Matrix direction = direction(problem);
      direction.data()[classes + 1] = Float.POSITIVE_INFINITY;
      Batch labelled = Batch.of(problem.logits(), Labels.of(1, 2, 0));
      Hessian.of(crossEntropy().build()).product(labelled, direction, out);
      Bits.assertRowIs(Float.NaN, out, 1, "product with infinity");
      Matrix targets = DenseTargetsContract.targets(problem);
      targets.data()[classes + 1] = Float.POSITIVE_INFINITY;
      Hessian.of(crossEntropy().build()).diagonal(Batch.of(problem.logits(), targets), out);
      Bits.assertRowIs(Float.NaN, out, 1, "diagonal with an infinite target");
    }
  }

  @Test
  void resultsInPlaceAreThoseApart() {
    for (Problem problem : PROBLEMS) {
      Hessian hessian = Hessian.of(loss(weights(problem.classes())));
      Matrix apart = Matrix.zeros(problem.rows(), problem.classes());
      Matrix logits = problem.copyOfLogits();
      hessian.diagonal(problem.batch(), apart);
      hessian.diagonal(Batch.of(logits, problem.labels()), logits);
      Bits.assertSame(apart, logits, "diagonal of " + problem);
      Matrix direction = direction(problem);
      hessian.product(problem.batch(), direction, apart);
      hessian.product(problem.batch(), direction, direction);
      Bits.assertSame(apart, direction, "product of " + problem);
    }
  }
}
