package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Execution;
import io.surprisal.Matrix;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same element gives the same bits: wherever it lies, whoever computes it. */
public abstract class ElementBitsContract extends KernelContract {
  private static final int[][] SHAPES = {
    {40_000, 1}, {12_000, 3}, {50, 1000}, {5, 4097}, {2, 40_000}
  };

  private static Matrix[] run(ElementLoss loss, ElementProblem problem, ElementTotals totals) {
    int rows = problem.inputs().rows();
    int classes = problem.inputs().classes();
    Matrix[] results = {Matrix.zeros(rows, classes), Matrix.zeros(rows, classes)};
    loss.compute(
        problem.batch(),
        ElementOutputs.none().withLosses(results[0]).withGradient(results[1]).withTotals(totals));
    return results;
  }

  private static int rowsPerTile(int classes) {
    return Math.max(1, 16_384 / classes);
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void placeOfAnElementDoesNotShowInItsBits(ElementCase operation) {
    ElementLoss loss = operation.loss(execution());
    ElementProblem together = operation.problem(LogitKind.LIMITS, 1, 101);
    Matrix[] expected = run(loss, together, loss.newTotals());
    for (int i = 0; i < 101; i++) {
      float[] input = {together.inputs().get(0, i)};
      float[] target = {together.targets().get(0, i)};
      ElementProblem alone = new ElementProblem(Matrix.of(input, 1), Matrix.of(target, 1));
      Matrix[] actual = run(loss, alone, loss.newTotals());
      for (int k = 0; k < 2; k++) {
        float[] one = {expected[k].get(0, i)};
        Bits.assertSame(one, actual[k].data(), operation + " of element " + i + " alone");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void whatElseIsAskedForDoesNotShowInTheBits(ElementCase operation) {
    ElementLoss loss = operation.loss(execution());
    ElementProblem problem = operation.problem(LogitKind.NORMAL_3, 3, 2_500);
    ElementTotals totals = loss.newTotals();
    Matrix[] expected = run(loss, problem, totals);
    Matrix losses = Matrix.zeros(3, 2_500);
    loss.compute(problem.batch(), ElementOutputs.none().withLosses(losses));
    Bits.assertSame(expected[0], losses, operation + ": losses alone");
    Matrix gradient = Matrix.zeros(3, 2_500);
    loss.compute(problem.batch(), ElementOutputs.none().withGradient(gradient));
    Bits.assertSame(expected[1], gradient, operation + ": gradient alone");
    ElementTotals forward = loss.forward(problem.inputs(), problem.targets());
    assertEquals(totals.sum(), forward.sum(), operation + ": totals alone");
    Matrix both = Matrix.zeros(3, 2_500);
    ElementTotals withGradient = loss.forwardAndGradient(problem.inputs(), problem.targets(), both);
    assertEquals(totals.sum(), withGradient.sum(), operation + ": totals with the gradient");
    Bits.assertSame(expected[1], both, operation + ": gradient with the totals");
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void infiniteNeighbourDoesNotShowInTheBitsOfWeightedElements(ElementCase operation) {
    ElementLoss loss = operation.loss(execution());
    ElementProblem problem = operation.problem(LogitKind.NORMAL_3, 1, 101);
    Matrix weights = Matrix.zeros(1, 101);
    Arrays.fill(weights.data(), 0.3f);
    Matrix expected = Matrix.zeros(1, 101);
    loss.compute(problem.batch().withWeights(weights), ElementOutputs.none().withLosses(expected));
    boolean probability = operation.domain() == ElementDomain.PROBABILITIES;
    problem.inputs().data()[50] = probability ? 0 : Float.NEGATIVE_INFINITY;
    Matrix losses = Matrix.zeros(1, 101);
    loss.compute(problem.batch().withWeights(weights), ElementOutputs.none().withLosses(losses));
    expected.data()[50] = losses.get(0, 50);
    Bits.assertSame(expected, losses, operation + " beside −∞");
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void threadsAndCutsBetweenTilesDoNotShowInTheBits(ElementCase operation) {
    ElementLoss loss = operation.loss(execution());
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      ElementLoss parallel = operation.loss(Execution.on(pool).with(kernel()));
      for (int[] shape : SHAPES) {
        ElementProblem problem = operation.problem(LogitKind.NORMAL_3, shape[0], shape[1]);
        ElementTotals totals = loss.newTotals();
        Matrix[] expected = run(loss, problem, totals);
        ElementTotals parallelTotals = loss.newTotals();
        Matrix[] actual = run(parallel, problem, parallelTotals);
        String what = operation + " of [" + shape[0] + " × " + shape[1] + "]";
        Bits.assertSame(expected[0], actual[0], what + " on threads");
        Bits.assertSame(expected[1], actual[1], what + " on threads");
        assertEquals(totals.sum(), parallelTotals.sum(), what + " on threads");
        assertEquals(totals.sum(), sumOfTiles(loss, problem), what + " in tiles");
      }
    }
  }

  /** Last tile first, each by a call of its own, merged. */
  private static double sumOfTiles(ElementLoss loss, ElementProblem problem) {
    int rows = problem.inputs().rows();
    int tile = rowsPerTile(problem.inputs().classes());
    ElementTotals merged = loss.newTotals();
    for (int first = (rows - 1) / tile * tile; first >= 0; first -= tile) {
      ElementProblem part = problem.slice(first, Math.min(first + tile, rows));
      merged.merge(loss.forward(part.inputs(), part.targets()));
    }
    assertEquals((long) rows * problem.inputs().classes(), merged.elements());
    assertEquals(rows, merged.rows());
    return merged.sum();
  }
}
