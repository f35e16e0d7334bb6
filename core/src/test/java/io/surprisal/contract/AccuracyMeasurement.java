package io.surprisal.contract;

import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;

/** The errors of a kernel against the oracle, on every kind of logits and every size. */
public final class AccuracyMeasurement {
  static final String LOSS = "loss";
  static final String GRADIENT = "gradient";
  static final String LOG_SUM_EXP = "logSumExp";
  static final String PROBABILITY = "probability";
  static final String LOG_PROBABILITY = "logSoftmax";

  private final ErrorTable table = new ErrorTable();
  private final Execution execution;
  private final Iterable<Problem> problems;

  AccuracyMeasurement(Kernel kernel, Iterable<Problem> problems) {
    execution = Execution.sequential().with(kernel);
    this.problems = problems;
  }

  /** All errors of a kernel. */
  public static ErrorTable of(Kernel kernel) {
    return of(kernel, Problem.all());
  }

  /** All errors of a kernel on some problems. */
  static ErrorTable of(Kernel kernel, Iterable<Problem> problems) {
    AccuracyMeasurement measurement = new AccuracyMeasurement(kernel, problems);
    measurement.lossesAndGradients(AccuracyContract::assertGradient);
    measurement.logSumExps();
    measurement.probabilities();
    measurement.logProbabilities();
    return measurement.table;
  }

  /** What was measured so far. */
  ErrorTable table() {
    return table;
  }

  /** What else is asserted of a row's gradient. */
  interface GradientCheck {
    void accept(Problem problem, int row, Matrix gradient);
  }

  void lossesAndGradients(GradientCheck check) {
    CrossEntropy loss = CrossEntropy.builder().divisor(Divisor.ONE).execution(execution).build();
    for (Problem problem : problems) {
      float[] losses = new float[problem.rows()];
      Matrix gradient = Matrix.zeros(problem.rows(), problem.classes());
      loss.compute(problem.batch(), Outputs.none().withLosses(losses).withGradient(gradient));
      for (int row = 0; row < problem.rows(); row++) {
        double exact = problem.exact(row).surprisal(problem.label(row)).value();
        record(LOSS, new Cell(problem, row, Cell.WHOLE_ROW), losses[row], exact, exact);
        table.errors(LOSS, problem.kind()).endRow();
        recordGradient(problem, row, gradient);
        check.accept(problem, row, gradient);
      }
    }
  }

  private void recordGradient(Problem problem, int row, Matrix gradient) {
    double[] expected = ExactCrossEntropy.PLAIN.gradient(problem.exact(row), problem.label(row));
    for (int c = 0; c < expected.length; c++) {
      float actual = gradient.get(row, c);
      record(GRADIENT, new Cell(problem, row, c), actual, expected[c], expected[c]);
    }
    table.errors(GRADIENT, problem.kind()).endRow();
  }

  void logSumExps() {
    for (Problem problem : problems) {
      float[] results = new float[problem.rows()];
      LogSumExp.on(execution).forward(problem.logits(), results);
      for (int row = 0; row < problem.rows(); row++) {
        double exact = problem.exact(row).logSumExp().value();
        Cell cell = new Cell(problem, row, Cell.WHOLE_ROW);
        record(LOG_SUM_EXP, cell, results[row], exact, Math.max(1, Math.abs(exact)));
        table.errors(LOG_SUM_EXP, problem.kind()).endRow();
      }
    }
  }

  void probabilities() {
    for (Problem problem : problems) {
      Matrix probabilities = Matrix.zeros(problem.rows(), problem.classes());
      Softmax.on(execution).forward(problem.logits(), probabilities);
      for (int row = 0; row < problem.rows(); row++) {
        for (int c = 0; c < problem.classes(); c++) {
          double exact = problem.exact(row).probability(c);
          record(PROBABILITY, new Cell(problem, row, c), probabilities.get(row, c), exact, exact);
        }
        table.errors(PROBABILITY, problem.kind()).endRow();
      }
    }
  }

  void logProbabilities() {
    for (Problem problem : problems) {
      Matrix results = Matrix.zeros(problem.rows(), problem.classes());
      LogSoftmax.on(execution).forward(problem.logits(), results);
      for (int row = 0; row < problem.rows(); row++) {
        for (int c = 0; c < problem.classes(); c++) {
          double exact = -problem.exact(row).surprisal(c).value();
          double scale = Math.max(1, Math.abs(exact));
          record(LOG_PROBABILITY, new Cell(problem, row, c), results.get(row, c), exact, scale);
        }
        table.errors(LOG_PROBABILITY, problem.kind()).endRow();
      }
    }
  }

  private void record(String quantity, Cell cell, float actual, double exact, double scale) {
    Errors errors = table.errors(quantity, cell.problem().kind());
    if (errors.add(actual, exact, scale, 0)) {
      errors.describeWorst(cell.describe(actual, exact));
    }
  }
}
