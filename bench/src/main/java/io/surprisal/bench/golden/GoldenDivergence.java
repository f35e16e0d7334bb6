package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.KullbackLeibler;
import io.surprisal.KullbackLeibler.Targets;

/**
 * Kullback–Leibler divergence of given log-probabilities from probabilities or log-probabilities,
 * and its gradient.
 *
 * <p>Decided otherwise than PyTorch: a target of 0 contributes 0, whatever the log-probability.
 */
final class GoldenDivergence implements GoldenOperation {
  @Override
  public Documented document(GoldenCase problem) {
    boolean log = problem.elements().logTarget();
    return new ElementwiseCase(problem)
        .document(
            i -> {
              double target = problem.elements().targets()[i];
              double q = log ? Math.exp(target) : target;
              return element(problem.input()[i], q, log ? target : Math.log(target));
            });
  }

  private static ElementwiseCase.Element element(double r, double q, double logarithm) {
    double loss = q == 0 ? 0 : q * (logarithm - r);
    double magnitude = Double.isNaN(r) ? 0 : Math.abs(r);
    double larger = q == 0 ? 0 : q * Math.max(Math.abs(logarithm), magnitude);
    return new ElementwiseCase.Element(loss, larger, -q, q, larger + q, q == 0);
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    ElementwiseCase elementwise = new ElementwiseCase(problem);
    Targets targets =
        problem.elements().logTarget() ? Targets.LOG_PROBABILITIES : Targets.PROBABILITIES;
    return elementwise.compute(
        KullbackLeibler.builder()
            .execution(execution)
            .divisor(elementwise.divisorOption())
            .targets(targets)
            .build());
  }
}
