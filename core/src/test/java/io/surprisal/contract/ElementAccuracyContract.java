package io.surprisal.contract;

import io.surprisal.ElementOutputs;
import io.surprisal.Kernel;
import io.surprisal.Matrix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documented error bounds of losses of elements, on every kind of input. Where e^−|x| is below
 * 2^−125 it may count as 0, beside other terms and times 2 too: 2^−124 is forgiven.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ElementAccuracyContract extends KernelContract {
  private static final int[] SIZES = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 130, 2049};

  private final ErrorTable table = new ErrorTable();

  @AfterAll
  void printTable() {
    Kernel kernel = kernel();
    System.out.println("Kernel " + kernel.name() + ", " + kernel.description());
    System.out.println(table);
  }

  @ParameterizedTest
  @MethodSource("io.surprisal.contract.ElementCase#all")
  void lossesAndGradientsKeepTheirBound(ElementCase loss) {
    for (LogitKind kind : LogitKind.values()) {
      for (int classes : SIZES) {
        measure(loss, kind, loss.problem(kind, 1, classes));
      }
    }
    ElementCase.Bound bound = loss.bound();
    table.assertBound(loss.name(), bound.loss(), bound.lossMeanSquare());
    table.assertBound(loss + "'", bound.gradient(), bound.gradientMeanSquare());
  }

  private void measure(ElementCase loss, LogitKind kind, ElementProblem problem) {
    int classes = problem.inputs().classes();
    Matrix losses = Matrix.zeros(1, classes);
    Matrix gradient = Matrix.zeros(1, classes);
    loss.loss(execution())
        .compute(problem.batch(), ElementOutputs.none().withLosses(losses).withGradient(gradient));
    Errors lossErrors = table.errors(loss.name(), kind);
    Errors slopeErrors = table.errors(loss + "'", kind);
    for (int i = 0; i < classes; i++) {
      float input = problem.inputs().get(0, i);
      float target = problem.targets().get(0, i);
      if (Float.isInfinite(input)) {
        continue;
      }
      ExactElement exact = loss.oracle().of(input, target);
      String what = kind + ", input " + input + ", target " + target;
      if (lossErrors.add(losses.get(0, i), exact.loss(), exact.lossScale(), 4)) {
        lossErrors.describeWorst(what + ": " + losses.get(0, i) + ", exactly " + exact.loss());
      }
      if (slopeErrors.add(gradient.get(0, i), exact.slope(), exact.slopeScale(), 4)) {
        slopeErrors.describeWorst(what + ": " + gradient.get(0, i) + ", exactly " + exact.slope());
      }
    }
    lossErrors.endRow();
    slopeErrors.endRow();
  }
}
