package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Distillation;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Distillation: bounds of every divergence, special values, what it is equal to. */
public abstract class DistillationContract extends KernelContract {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** 0 is the forward divergence, 1 the reverse, between them β of Jensen–Shannon. */
  private static final double[] BETAS = {0, 0.1, 0.5, 0.9, 1};

  private static final List<Problem> PROBLEMS =
      List.of(
          Problem.of(LogitKind.NORMAL_3, 9, 1),
          Problem.of(LogitKind.GAP, 60, 2),
          Problem.of(LogitKind.ONE_CONFIDENT, 60, 3),
          Problem.of(LogitKind.NORMAL_10, 60, 7),
          Problem.of(LogitKind.EQUAL_MAXIMA, 30, 16),
          Problem.of(LogitKind.GAP, 30, 70),
          Problem.of(LogitKind.OFFSET_1E6, 12, 100),
          Problem.of(LogitKind.UNIFORM_1E4, 12, 130),
          Problem.of(LogitKind.NORMAL_3, 12, 257),
          Problem.of(LogitKind.SMALL_TERMS, 6, 2049),
          Problem.of(LogitKind.NEAR_BLOCKS, 6, 4097),
          Problem.of(LogitKind.NORMAL_3, 3, 17_000));

  private Distillation.Builder builder(double beta) {
    Distillation.Builder builder =
        Distillation.builder().execution(execution()).divisor(Divisor.of(8));
    if (beta == 0) {
      return builder.forward();
    }
    return beta == 1 ? builder.reverse() : builder.jensenShannon(beta);
  }

  /** Rows near the student's, the same, of another row, in turn. */
  static Matrix teacher(Problem problem) {
    Matrix teacher = problem.copyOfLogits();
    float[] data = teacher.data();
    SplittableRandom random = new SplittableRandom(problem.classes());
    int classes = problem.classes();
    for (int row = 0; row < problem.rows(); row++) {
      int other = (row * 7 + 1) % problem.rows() * classes;
      for (int c = 0; c < classes; c++) {
        int i = row * classes + c;
        if (row % 4 == 0) {
          data[i] += (float) random.nextGaussian();
        } else if (row % 4 == 1) {
          data[i] = problem.logits().data()[other + c];
        } else if (row % 4 == 2) {
          data[i] += (float) (0.01 * random.nextGaussian());
        }
      }
    }
    return teacher;
  }

  private static ExactRow scaled(Matrix logits, int row, double temperature) {
    float[] scaled = new float[logits.classes()];
    for (int c = 0; c < scaled.length; c++) {
      scaled[c] = (float) (1 / temperature * logits.get(row, c));
    }
    return ExactRow.of(scaled, 0, scaled.length);
  }

  @Test
  void lossesAndGradientsKeepTheirBounds() {
    for (double beta : BETAS) {
      for (double temperature : new double[] {1, 3}) {
        ErrorTable table = new ErrorTable();
        for (Problem problem : PROBLEMS) {
          measure(table, problem, beta, temperature);
        }
        String name = "β = " + beta + ", T = " + temperature;
        System.out.println("Kernel " + kernel().name() + ", " + name + "\n" + table);
        table.assertBound("loss", 4, 0.7);
        table.assertBound("gradient", 4, 0.7);
      }
    }
  }

  private void measure(ErrorTable table, Problem problem, double beta, double temperature) {
    Matrix teacher = teacher(problem);
    float[] losses = new float[problem.rows()];
    Matrix out = Matrix.zeros(problem.rows(), problem.classes());
    builder(beta)
        .temperature(temperature)
        .build()
        .compute(
            Batch.of(problem.logits(), teacher),
            Outputs.none().withLosses(losses).withGradient(Gradient.into(out).withUpstream(-3)));
    Errors lossErrors = table.errors("loss", problem.kind());
    Errors errors = table.errors("gradient", problem.kind());
    double square = temperature * temperature;
    double factor = 3.0 / 8 * temperature;
    for (int row = 0; row < problem.rows(); row++) {
      ExactDistillation exact =
          new ExactDistillation(
              scaled(problem.logits(), row, temperature), scaled(teacher, row, temperature), beta);
      double lost = 2 + exact.factor() * problem.classes() * square;
      double loss = square * exact.loss();
      if (lossErrors.add(losses[row], loss, square * exact.lossScale(), lost)) {
        lossErrors.describeWorst(
            new Cell(problem, row, Cell.WHOLE_ROW).describe(losses[row], loss));
      }
      lossErrors.endRow();
      double[] gradient = exact.gradient();
      double[] scale = exact.gradientScale();
      for (int c = 0; c < gradient.length; c++) {
        double entry = -factor * gradient[c];
        if (errors.add(out.get(row, c), entry, factor * scale[c], lost)) {
          errors.describeWorst(new Cell(problem, row, c).describe(out.get(row, c), entry));
        }
      }
      errors.endRow();
    }
  }

  /** The oracle's own formulas: its gradient is that of its loss, by central differences. */
  @Test
  void gradientOfTheOracleIsTheSlopeOfItsLoss() {
    double h = 1e-5;
    ExactRow teacher = ExactRow.of(1, -0.5, 0.2, 0);
    for (double beta : BETAS) {
      double[] x = {0.3, 3, -0.4, 0.1};
      double[] gradient = new ExactDistillation(ExactRow.of(x), teacher, beta).gradient();
      for (int c = 0; c < x.length; c++) {
        double[] up = x.clone();
        double[] down = x.clone();
        up[c] += h;
        down[c] -= h;
        double difference =
            new ExactDistillation(ExactRow.of(up), teacher, beta).loss()
                - new ExactDistillation(ExactRow.of(down), teacher, beta).loss();
        assertEquals(difference / (2 * h), gradient[c], 1e-8, "class " + c + " at " + beta);
      }
    }
  }

  @Test
  void studentWithTheLogitsOfTheTeacherHasNoLoss() {
    for (double beta : BETAS) {
      for (Problem problem : PROBLEMS) {
        LossResults results =
            LossResults.of(
                builder(beta).temperature(2).build(),
                Batch.of(problem.logits(), problem.copyOfLogits()));
        for (int row = 0; row < problem.rows(); row++) {
          assertEquals(0f, results.losses()[row], "loss of " + problem);
        }
        for (float entry : results.gradient().data()) {
          assertTrue(entry == 0, "entry of " + problem);
        }
      }
    }
  }

  @Test
  void jensenShannonOfAHalfIsSymmetric() {
    for (Problem problem : PROBLEMS) {
      Matrix teacher = teacher(problem);
      Distillation loss = builder(0.5).build();
      LossResults one = LossResults.of(loss, Batch.of(problem.logits(), teacher));
      LossResults other = LossResults.of(loss, Batch.of(teacher, problem.logits()));
      for (int row = 0; row < problem.rows(); row++) {
        float expected = one.losses()[row];
        assertEquals(expected, other.losses()[row], 1e-6f * Math.max(expected, 1e-3f));
        assertTrue(expected >= 0 && expected <= 0.6931473f, "loss " + expected);
      }
    }
  }

  /** The forward divergence and the teacher's entropy are the cross-entropy with its softmax. */
  @Test
  void forwardDivergenceIsCrossEntropyLessTheEntropyOfTheTeacher() {
    Matrix student = Matrix.of(new float[] {2, 0.5f, 0.1f, 0.1f, 0.2f, 0.9f}, 3);
    Matrix teacher = Matrix.of(new float[] {1, 0.5f, -1, 0, 2, 0.3f}, 3);
    Matrix q = Matrix.zeros(2, 3);
    Softmax.on(execution()).forward(teacher, q);
    double entropy = 0;
    for (float share : q.data()) {
      entropy -= share * Math.log(share);
    }
    CrossEntropy cross = CrossEntropy.builder().execution(execution()).build();
    double expected = cross.forward(student, q).sum() - entropy;
    double found = builder(0).build().forward(student, teacher).sum();
    assertEquals(expected, found, 1e-6);
  }

  @Test
  void hardLossIsCrossEntropyAtTemperatureOne() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 30, 70);
    Matrix teacher = teacher(problem);
    float[] weights = new float[70];
    for (int c = 0; c < 70; c++) {
      weights[c] = 0.5f + c % 3;
    }
    CrossEntropy cross =
        CrossEntropy.builder()
            .execution(execution())
            .classWeights(weights)
            .divisor(Divisor.of(8))
            .build();
    LossResults hard = LossResults.of(cross, problem.batch());
    for (double beta : BETAS) {
      for (double temperature : new double[] {1, 4}) {
        LossResults soft =
            LossResults.of(
                builder(beta).temperature(temperature).build(),
                Batch.of(problem.logits(), teacher));
        Distillation mixed =
            builder(beta).temperature(temperature).hardLoss(0.25).classWeights(weights).build();
        Batch batch = Batch.of(problem.logits(), teacher).withLabels(problem.labels());
        LossResults results = LossResults.of(mixed, batch);
        for (int row = 0; row < problem.rows(); row++) {
          double expected = 0.75 * soft.losses()[row] + 0.25 * hard.losses()[row];
          assertEquals(expected, results.losses()[row], 1e-6 * Math.max(1, expected));
          for (int c = 0; c < 70; c++) {
            double entry = 0.75 * soft.gradient().get(row, c) + 0.25 * hard.gradient().get(row, c);
            assertEquals(entry, results.gradient().get(row, c), 1e-6, "entry " + c);
          }
        }
        double likelihood = hard.totals().negativeLogLikelihood();
        double found = results.totals().negativeLogLikelihood();
        assertEquals(likelihood, found, 1e-6 * likelihood);
      }
    }
  }

  @Test
  void classesThatOneOfThemExcludes() {
    Matrix student = Matrix.of(new float[] {1, -INFINITY, 2, 1, 0, 2, 1, -INFINITY, 2}, 3);
    Matrix teacher = Matrix.of(new float[] {1, 0, 2, 1, -INFINITY, 2, 0, -INFINITY, 2}, 3);
    LossResults forward = LossResults.of(builder(0).build(), Batch.of(student, teacher));
    assertEquals(INFINITY, forward.losses()[0]);
    assertTrue(Float.isFinite(forward.gradient().get(0, 1)), "gradient of an excluded class");
    assertTrue(Float.isFinite(forward.losses()[1]) && forward.losses()[1] > 0);
    LossResults reverse = LossResults.of(builder(1).build(), Batch.of(student, teacher));
    assertTrue(Float.isFinite(reverse.losses()[0]) && reverse.losses()[0] > 0);
    assertEquals(INFINITY, reverse.losses()[1]);
    Bits.assertRowIs(Float.NaN, reverse.gradient(), 1, "gradient of a class the teacher excludes");
    LossResults half = LossResults.of(builder(0.5).build(), Batch.of(student, teacher));
    double p = Math.exp(0) / (Math.exp(0) + Math.exp(1) + Math.exp(2));
    // Both other classes have the same odds in both: JS of {p, 1 − p} and {0, 1}.
    double m = p / 2;
    double expected = 0.5 * -Math.log1p(-m);
    expected += 0.5 * (p * Math.log(2) + (1 - p) * (Math.log1p(-p) - Math.log1p(-m)));
    assertEquals(expected, half.losses()[0], 1e-7);
    assertEquals(expected, half.losses()[1], 1e-7);
    Matrix two = Matrix.of(new float[] {1, 2}, 2);
    Matrix other = Matrix.of(new float[] {0, 2}, 2);
    for (double beta : BETAS) {
      float without = LossResults.of(builder(beta).build(), Batch.of(two, other)).losses()[0];
      float with = LossResults.of(builder(beta).build(), Batch.of(student, teacher)).losses()[2];
      assertEquals(without, with, 1e-7f, "a class that both exclude");
    }
  }

  @Test
  void rowThatIsNotFiniteInEitherIsNanAndNoOther() {
    for (int classes : new int[] {3, 70, 2100, 16_400}) {
      Problem problem = Problem.of(LogitKind.NORMAL, 3, classes);
      for (float value : new float[] {Float.NaN, INFINITY, -INFINITY}) {
        for (boolean inStudent : new boolean[] {true, false}) {
          Matrix logits = problem.copyOfLogits();
          Matrix teacher = teacher(problem);
          Distillation loss = builder(0.3).temperature(2).build();
          LossResults before = LossResults.of(loss, Batch.of(logits, teacher));
          float[] data = (inStudent ? logits : teacher).data();
          Arrays.fill(data, classes, classes + (value < 0 ? classes : 1), value);
          LossResults results = LossResults.of(loss, Batch.of(logits, teacher));
          assertTrue(Bits.same(Float.NaN, results.losses()[1]), "loss of " + classes);
          Bits.assertRowIs(Float.NaN, results.gradient(), 1, "gradient of " + classes);
          assertTrue(Bits.same(before.losses()[2], results.losses()[2]));
          Bits.assertSameRow(before.gradient(), 2, results.gradient(), 2, "its neighbour");
        }
      }
    }
  }

  @Test
  void ignoredRowsAreZeroByBits() {
    float nan = Float.NaN;
    Matrix logits = Matrix.of(new float[] {1, 2, 3, nan, nan, nan, 3, 2, 1}, 3);
    Matrix teacher = Matrix.of(new float[] {1, 0, 0, nan, 1, 0, 0, 0, 1}, 3);
    Batch batch = Batch.of(logits, teacher).withLabels(Labels.of(0, -100, 2));
    LossResults results = LossResults.of(builder(0).temperature(2).hardLoss(0.5).build(), batch);
    assertTrue(Bits.same(0, results.losses()[1]));
    Bits.assertRowIs(0, results.gradient(), 1, "gradient of an ignored row");
    assertEquals(1, results.totals().ignoredRows());
  }

  @Test
  void gradientInPlaceAndAddedAreThatWrittenApart() {
    for (Problem problem : PROBLEMS) {
      for (double beta : BETAS) {
        for (double temperature : new double[] {1, 2}) {
          Distillation loss = builder(beta).temperature(temperature).hardLoss(0.5).build();
          Matrix logits = problem.copyOfLogits();
          Batch batch = Batch.of(logits, teacher(problem)).withLabels(problem.labels());
          LossResults.assertGradientPlaces(loss, batch, problem);
        }
      }
    }
  }

  @Test
  void teacherMayLieInRowsWithGaps() {
    Problem problem = Problem.of(LogitKind.NORMAL_3, 9, 40);
    Matrix teacher = teacher(problem);
    GuardedMatrix apart = GuardedMatrix.copyOf(teacher, 5, 3);
    Distillation loss = builder(0.5).temperature(2).build();
    LossResults expected = LossResults.of(loss, Batch.of(problem.logits(), teacher));
    LossResults found = LossResults.of(loss, Batch.of(problem.logits(), apart.matrix()));
    assertArrayEquals(expected.losses(), found.losses());
    Bits.assertSame(expected.gradient(), found.gradient(), "gradient");
  }
}
