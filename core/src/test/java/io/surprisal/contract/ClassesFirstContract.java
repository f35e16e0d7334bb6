package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Batches {@code [batches × classes × positions]}: every operation gives the bits of the same rows
 * with their classes last, and touches nothing else.
 */
public abstract class ClassesFirstContract extends KernelContract {
  /** Batches, classes, positions: no multiple of lanes, of squares and of row tiles. */
  private static final List<Shape> SHAPES =
      Stream.of(
              "1 1 5, 3 2 1, 2 2 7, 1 3 4, 2 4 3, 1 5 700, 3 7 9, 2 8 8, 1 9 17, 5 16 33, 2 21 450",
              "3 31 15, 1 33 65, 2 100 101, 1 255 70, 2 256 3, 3 257 1, 1 300 59, 2 2049 5",
              "1 9000 3, 1 16385 2")
          .flatMap(line -> Stream.of(line.split(", ")))
          .map(Shape::parse)
          .toList();

  private record Shape(int batches, int classes, int positions) {
    static Shape parse(String sizes) {
      int[] numbers = Stream.of(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
      return new Shape(numbers[0], numbers[1], numbers[2]);
    }

    Problem problem(LogitKind kind) {
      return Problem.of(kind, batches * positions, classes);
    }
  }

  private static Matrix turned(Matrix rows, int positions) {
    return GuardedMatrix.copyClassesFirst(rows, 1, positions).matrix();
  }

  private interface Check {
    void run(Shape shape, Problem problem, String what, Operations.Operation operation);
  }

  private void forEachOperation(LogitKind kind, Check check) {
    for (Shape shape : SHAPES) {
      Problem problem = shape.problem(kind);
      Map<String, Operations.Operation> operations = Operations.of(execution(), problem);
      operations.forEach(
          (name, body) -> check.run(shape, problem, name + " of " + shape + " " + kind, body));
    }
  }

  /** Results of rows with their classes last. */
  private record Expected(Matrix out, float[] results) {
    static Expected of(Operations.Operation operation, Problem problem) {
      Matrix out = Matrix.zeros(problem.rows(), problem.classes());
      float[] results = new float[problem.rows()];
      operation.run(problem.logits(), 0, out, results);
      return new Expected(out, results);
    }
  }

  @Test
  void everyOperationGivesTheBitsOfClassesLast() {
    for (LogitKind kind : new LogitKind[] {LogitKind.NORMAL_3, LogitKind.LIMITS}) {
      forEachOperation(
          kind,
          (shape, problem, what, operation) -> {
            Expected expected = Expected.of(operation, problem);
            GuardedMatrix logits =
                GuardedMatrix.copyClassesFirst(problem.logits(), 3, shape.positions());
            GuardedMatrix out =
                GuardedMatrix.emptyClassesFirst(
                    problem.rows(), problem.classes(), 1, shape.positions());
            float[] results = new float[problem.rows()];
            operation.run(logits.matrix(), 0, out.matrix(), results);
            Bits.assertSame(expected.out, out.matrix(), what);
            Bits.assertSame(expected.results, results, what);
            Bits.assertSame(problem.logits(), logits.matrix(), "logits of " + what);
            out.assertGuardsUntouched(what);
          });
    }
  }

  @Test
  void inPlaceGivesTheBitsOfClassesLast() {
    forEachOperation(
        LogitKind.NORMAL_3,
        (shape, problem, what, operation) -> {
          Expected expected = Expected.of(operation, problem);
          GuardedMatrix logits =
              GuardedMatrix.copyClassesFirst(problem.logits(), 2, shape.positions());
          float[] results = new float[problem.rows()];
          operation.run(logits.matrix(), 0, logits.matrix(), results);
          Bits.assertSame(expected.out, logits.matrix(), what + " in place");
          Bits.assertSame(expected.results, results, what + " in place");
          logits.assertGuardsUntouched(what);
        });
  }

  /** Rows from the middle of one batch to the middle of another. */
  @Test
  void sliceGivesTheBitsOfItsRows() {
    forEachOperation(
        LogitKind.NORMAL_3,
        (shape, problem, what, operation) -> {
          int first = problem.rows() / 3;
          int last = problem.rows() - problem.rows() / 4;
          Expected expected = Expected.of(operation, problem);
          Matrix logits = turned(problem.logits(), shape.positions());
          Matrix out = Matrix.zeros(problem.rows(), problem.classes());
          Matrix apart = turned(out, shape.positions());
          float[] results = new float[last - first];
          operation.run(logits.slice(first, last), first, apart.slice(first, last), results);
          for (int row = 0; row < problem.rows(); row++) {
            if (row >= first && row < last) {
              Bits.assertSameRow(expected.out, row, apart, row, "slice of " + what);
            } else {
              Bits.assertRowIs(0, apart, row, "beside slice of " + what);
            }
          }
        });
  }

  /** The logits as they come, results as the next layer wants them, and the other way round. */
  @Test
  void layoutsMayBeMixed() {
    forEachOperation(
        LogitKind.NORMAL,
        (shape, problem, what, operation) -> {
          Expected expected = Expected.of(operation, problem);
          int positions = shape.positions();
          Matrix logits = turned(problem.logits(), positions);
          Matrix rows = Matrix.zeros(problem.rows(), problem.classes());
          operation.run(logits, 0, rows, new float[problem.rows()]);
          Bits.assertSame(expected.out, rows, what + " into rows");
          operation.run(problem.logits(), 0, logits, new float[problem.rows()]);
          Bits.assertSame(expected.out, logits, what + " from rows");
        });
  }

  @Test
  void threadsDoNotShowInTheBits() {
    Problem problem = new Shape(5, 21, 700).problem(LogitKind.NORMAL_3);
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      Execution parallel = Execution.on(pool).with(kernel());
      Operations.of(parallel, problem)
          .forEach(
              (name, operation) -> {
                Expected expected =
                    Expected.of(Operations.of(execution(), problem).get(name), problem);
                Matrix logits = turned(problem.logits(), 700);
                float[] results = new float[problem.rows()];
                operation.run(logits, 0, logits, results);
                Bits.assertSame(expected.out, logits, name + " on three threads");
                Bits.assertSame(expected.results, results, name + " on three threads");
              });
    }
  }

  /** Labels to ignore stand alone, in pairs, in long runs and across the end of a batch. */
  private static int[] labels(Problem problem, int positions) {
    int[] labels = new int[problem.rows()];
    for (int row = 0; row < labels.length; row++) {
      boolean ignored = row % 11 == 3 || row % 23 < 2 || (row + 5) % positions < 9;
      labels[row] = ignored ? -100 : problem.label(row);
    }
    return labels;
  }

  @Test
  void addedGradientIsTheOldValuePlusTheGradient() {
    for (Shape shape : SHAPES) {
      Problem problem = shape.problem(LogitKind.NORMAL_3);
      Labels labels = Labels.of(labels(problem, shape.positions()));
      CrossEntropy loss =
          crossEntropy().divisor(Divisor.ONE).labelSmoothing(0.1).zLoss(0.01).build();
      Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
      SplittableRandom random = new SplittableRandom(problem.classes());
      for (int i = 0; i < expected.data().length; i++) {
        expected.data()[i] = i % 5 == 0 ? -0.0f : (float) random.nextDouble(-1, 1);
      }
      int positions = shape.positions();
      GuardedMatrix out = GuardedMatrix.copyClassesFirst(expected, 4, positions);
      Matrix logits = turned(problem.logits(), positions);
      Outputs added = Outputs.none().withGradient(Gradient.addedTo(expected));
      loss.compute(Batch.of(problem.logits(), labels), added);
      loss.compute(
          Batch.of(logits, labels), Outputs.none().withGradient(Gradient.addedTo(out.matrix())));
      Bits.assertSame(expected, out.matrix(), "added gradient of " + shape);
      out.assertGuardsUntouched("added gradient of " + shape);
    }
  }

  @Test
  void targetsAndUpstreamRowsMayHaveTheirClassesFirst() {
    for (Shape shape : SHAPES) {
      Problem problem = shape.problem(LogitKind.NORMAL_3);
      Matrix targets = shape.problem(LogitKind.EQUAL_MAXIMA).logits();
      int positions = shape.positions();
      Matrix logits = turned(problem.logits(), positions);
      Matrix turned = turned(targets, positions);
      Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
      CrossEntropy loss = crossEntropy().divisor(Divisor.WEIGHTS).build();
      Totals totals = loss.newTotals();
      loss.compute(
          Batch.of(problem.logits(), targets),
          Outputs.none().withTotals(totals).withGradient(expected));
      Matrix out = turned(expected, positions);
      Totals turnedTotals = loss.newTotals();
      loss.compute(
          Batch.of(logits, turned), Outputs.none().withTotals(turnedTotals).withGradient(out));
      Bits.assertSame(expected, out, "gradient with targets of " + shape);
      assertEquals(totals.sum(), turnedTotals.sum(), "loss with targets of " + shape);
      assertEquals(totals.weight(), turnedTotals.weight(), "weight of targets of " + shape);
      softmax().backward(problem.logits(), targets, expected);
      softmax().backward(logits, turned, turned);
      Bits.assertSame(expected, turned, "product over upstream rows of " + shape);
    }
  }

  @Test
  void likelihoodOfGivenLogProbabilitiesHasTheBitsOfClassesLast() {
    for (Shape shape : SHAPES) {
      Problem problem = shape.problem(LogitKind.ALL_NEGATIVE);
      int positions = shape.positions();
      Labels labels = Labels.of(labels(problem, positions));
      Matrix inputs = turned(problem.logits(), positions);
      Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
      GuardedMatrix out =
          GuardedMatrix.emptyClassesFirst(problem.rows(), problem.classes(), 2, positions);
      NegativeLogLikelihood loss = NegativeLogLikelihood.standard();
      Totals totals = loss.forwardAndGradient(problem.logits(), labels, expected);
      Totals turned = loss.forwardAndGradient(inputs, labels, out.matrix());
      Bits.assertSame(expected, out.matrix(), "gradient of " + shape);
      assertEquals(totals.sum(), turned.sum(), "likelihood of " + shape);
      out.assertGuardsUntouched("likelihood of " + shape);
    }
  }

  @Test
  void anyShapeGivesTheBitsOfClassesLast() {
    SplittableRandom random = new SplittableRandom(20260401);
    for (LogitKind kind : LogitKind.values()) {
      int positions = 1 + random.nextInt(random.nextInt(4) == 0 ? 700 : 70);
      Shape shape = new Shape(1 + random.nextInt(4), 1 + random.nextInt(300), positions);
      Problem problem = shape.problem(kind);
      float[] classWeights = new float[shape.classes()];
      for (int c = 0; c < classWeights.length; c++) {
        classWeights[c] = (float) random.nextDouble(2);
      }
      CrossEntropy plain = crossEntropy().classWeights(classWeights).build();
      CrossEntropy rich = crossEntropy().labelSmoothing(0.1).zLoss(0.01).softCap(30).build();
      CrossEntropy loss = random.nextBoolean() ? plain : rich;
      Labels labels = Labels.of(labels(problem, positions));
      Matrix logits = turned(problem.logits(), positions);
      Matrix expected = Matrix.zeros(problem.rows(), problem.classes());
      Totals totals = loss.forwardAndGradient(problem.logits(), labels, expected);
      Totals turned = loss.forwardAndGradient(logits, labels, logits);
      Bits.assertSame(expected, logits, "gradient of " + shape);
      assertEquals(totals.sum(), turned.sum(), "loss of " + shape);
      assertEquals(totals.mean(), turned.mean(), "mean of " + shape);
    }
  }

  /** Two pixels of three classes, as PyTorch's cross_entropy takes them: [1, 3, 1, 2]. */
  @Test
  void twoPixelsOfThreeClasses() {
    float[] image = {2.0f, 0.1f, 0.5f, 1.0f, 0.3f, 0.2f};
    Matrix logits = Matrix.classesFirst(image, 1, 3, 2);
    Matrix gradient = Matrix.classesFirst(new float[6], 1, 3, 2);
    float[] losses = new float[2];
    CrossEntropy loss = crossEntropy().build();
    loss.compute(
        Batch.of(logits, Labels.of(0, 1)),
        Outputs.none().withLosses(losses).withGradient(gradient));
    assertEquals(0.3406162698, losses[0], 2e-7);
    assertEquals(0.6183690121, losses[1], 2e-7);
    // (softmax − one-hot)/2: pixel 1's class 1 lies at 1·2 + 1.
    assertEquals(-0.1443341, gradient.data()[0], 2e-7);
    assertEquals(-0.2305887, gradient.data()[3], 2e-7);
  }
}
