package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The gradient of cross-entropy with respect to dense targets, −(1−ε)·w_c·log p_c. */
public abstract class TargetGradientContract extends KernelContract {
  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.SOME_MASKED, 30, 20),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 12, 130),
          Problem.of(LogitKind.HUGE, 12, 257),
          Problem.of(LogitKind.SMALL_TERMS, 6, 2049),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000));

  private static float[] weights(int classes) {
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = c % 7 == 3 ? 0 : 0.1f + c % 5;
    }
    return weights;
  }

  private CrossEntropy.Builder builder(float[] weights) {
    CrossEntropy.Builder builder = crossEntropy().labelSmoothing(0.25).divisor(Divisor.of(8));
    return weights == null ? builder : builder.classWeights(weights);
  }

  private static Batch batch(Problem problem) {
    return Batch.of(problem.copyOfLogits(), DenseTargetsContract.targets(problem));
  }

  private static Matrix of(CrossEntropy loss, Batch batch) {
    Matrix out = Matrix.zeros(batch.logits().rows(), batch.logits().classes());
    loss.compute(batch, Outputs.none().withTargetGradient(Gradient.into(out)));
    return out;
  }

  @Test
  void entriesKeepTheirBounds() {
    ErrorTable table = new ErrorTable();
    for (Problem problem : PROBLEMS) {
      for (float[] weights : new float[][] {null, weights(problem.classes())}) {
        measure(table, problem, weights);
      }
    }
    System.out.println("Kernel " + kernel().name() + "\n" + table);
    table.assertBound("target gradient", 4, 0.5);
  }

  private void measure(ErrorTable table, Problem problem, float[] weights) {
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    float[] sample = new float[problem.rows()];
    float[] upstream = new float[problem.rows()];
    for (int row = 0; row < sample.length; row++) {
      sample[row] = row % 5;
      upstream[row] = row % 3 - 1.5f;
    }
    Gradient gradient = Gradient.into(out).withUpstream(-3).withUpstream(upstream);
    builder(weights)
        .build()
        .compute(
            batch(problem).withSampleWeights(sample), Outputs.none().withTargetGradient(gradient));
    Errors errors = table.errors("target gradient", problem.kind());
    for (int row = 0; row < problem.rows(); row++) {
      for (int c = 0; c < problem.classes(); c++) {
        double weight = weights == null ? 1 : weights[c];
        double factor = -3.0 * upstream[row] * sample[row] / 8 * 0.75 * weight;
        double surprisal = problem.exact(row).surprisal(c).value();
        // What has no weight is 0, however unlikely; a factor below 0 leaves −0.
        double exact = factor == 0 ? out.get(row, c) * 0.0 : factor * surprisal;
        if (errors.add(out.get(row, c), exact, exact, 2)) {
          errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), exact));
        }
      }
      errors.endRow();
    }
  }

  /** Without smoothing the loss is linear in the targets: it is their product with its gradient. */
  @Test
  void productWithTheTargetsIsTheLoss() {
    CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
    for (Problem problem : PROBLEMS) {
      Batch batch = batch(problem);
      float[] losses = new float[problem.rows()];
      Matrix out = Matrix.zeros(problem.rows(), problem.classes());
      Outputs outputs = Outputs.none().withLosses(losses);
      loss.compute(batch, outputs.withTargetGradient(Gradient.into(out)));
      for (int row = 0; row < problem.rows(); row++) {
        double sum = 0;
        double size = 0;
        for (int c = 0; c < problem.classes(); c++) {
          double target = batch.targets().get(row, c);
          sum += target == 0 ? 0 : target * out.get(row, c);
          size += target == 0 ? 0 : Math.abs(target * out.get(row, c));
        }
        if (Double.isFinite(size)) {
          double offset = Math.abs(problem.exact(row).logSumExp().value());
          double scale = size + (problem.kind() == LogitKind.OFFSET_1E6 ? offset : 0);
          assertEquals(sum, losses[row], 1e-6 * Math.max(scale, 1e-30), "row of " + problem);
        }
      }
    }
  }

  @Test
  void bothGradientsAreWhatEachIsAlone() {
    for (Problem problem : PROBLEMS) {
      CrossEntropy loss = builder(weights(problem.classes())).build();
      Batch batch = batch(problem);
      Matrix alone = of(loss, batch);
      LossResults expected = LossResults.of(loss, batch);
      Matrix out = Matrix.zeros(problem.rows(), problem.classes());
      float[] losses = new float[problem.rows()];
      // In place of the logits, which both need.
      loss.compute(
          batch,
          Outputs.none()
              .withLosses(losses)
              .withGradient(batch.logits())
              .withTargetGradient(Gradient.into(out)));
      Bits.assertSame(alone, out, "gradient of targets of " + problem);
      Bits.assertSame(expected.losses(), losses, "losses of " + problem);
      Bits.assertSame(expected.gradient(), batch.logits(), "gradient of " + problem);
    }
  }

  @Test
  void addedIsTheSumAndGuardsAreUntouched() {
    for (Problem problem : PROBLEMS) {
      CrossEntropy loss = builder(null).build();
      Matrix alone = of(loss, batch(problem));
      GuardedMatrix sum = GuardedMatrix.copyOf(problem.logits(), 3, 2);
      Gradient added = Gradient.addedTo(sum.matrix());
      loss.compute(batch(problem), Outputs.none().withTargetGradient(added));
      for (int i = 0; i < alone.data().length; i++) {
        alone.data()[i] += problem.logits().data()[i];
      }
      Bits.assertSame(alone, sum.matrix(), "added gradient of " + problem);
      sum.assertGuardsUntouched("added gradient");
    }
  }

  @Test
  void maskedClassIsInfiniteAndRowsThatDoNotCountAreZero() {
    float nan = Float.NaN;
    float mask = Float.NEGATIVE_INFINITY;
    Matrix logits = Matrix.of(new float[] {0, mask, 0, nan, 1, 2, mask, mask, mask, 1, 2, nan}, 3);
    boolean[] ignored = {false, false, false, true};
    Batch batch = Batch.of(logits, Matrix.zeros(4, 3)).withIgnoredRows(ignored);
    CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).build();
    Matrix out = of(loss, batch);
    assertEquals((float) Math.log(2), out.get(0, 0));
    assertEquals(Float.POSITIVE_INFINITY, out.get(0, 1));
    Bits.assertRowIs(nan, out, 1, "a row with NaN");
    Bits.assertRowIs(nan, out, 2, "a row of nothing but −∞");
    Bits.assertRowIs(0, out, 3, "an ignored row");
    Matrix smoothed = of(crossEntropy().labelSmoothing(1).build(), batch);
    Bits.assertRowIs(0, smoothed, 0, "targets that do not count");
  }

  @Test
  void logitScaleAndSoftCapMapTheLogitsAlone() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 5, 40);
    CrossEntropy mapped = crossEntropy().logitScale(0.5).divisor(Divisor.ONE).build();
    Matrix half = problem.copyOfLogits();
    for (int i = 0; i < half.data().length; i++) {
      half.data()[i] /= 2;
    }
    Batch batch = batch(problem);
    Matrix expected =
        of(crossEntropy().divisor(Divisor.ONE).build(), Batch.of(half, batch.targets()));
    Bits.assertSame(expected, of(mapped, batch), "gradient of targets");
  }

  @Test
  void anyNumberOfThreadsAndEitherLayoutGiveTheSameBits() {
    for (Problem problem :
        List.of(Problem.of(LogitKind.GAP, 3, 70_000), Problem.of(LogitKind.GAP, 900, 40))) {
      CrossEntropy.Builder builder = builder(weights(problem.classes()));
      Matrix expected = of(builder.build(), batch(problem));
      int count = problem.rows() * problem.classes();
      Matrix first = Matrix.classesFirst(new float[count], 1, problem.classes(), problem.rows());
      try (ForkJoinPool pool = new ForkJoinPool(3)) {
        CrossEntropy loss = builder.execution(Execution.on(pool).with(kernel())).build();
        Bits.assertSame(expected, of(loss, batch(problem)), "three threads");
        Outputs outputs = Outputs.none().withTargetGradient(Gradient.into(first));
        loss.compute(batch(problem), outputs);
      }
      Bits.assertSame(expected, first, "classes first");
    }
  }
}
