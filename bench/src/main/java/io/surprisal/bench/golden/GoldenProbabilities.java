package io.surprisal.bench.golden;

import io.surprisal.BinaryCrossEntropyOnProbabilities;
import io.surprisal.Execution;

/**
 * Binary cross-entropy of probabilities with element weights, logarithms cut off at −100, and its
 * gradient.
 *
 * <p>Decided otherwise than PyTorch: the gradient is the derivative of the loss, cut-off and all;
 * PyTorch divides by max(p·(1 − p), 1e-12) instead.
 */
final class GoldenProbabilities implements GoldenOperation {
  private static final double PYTORCH_LEAST = 1e-12;

  @Override
  public Documented document(GoldenCase problem) {
    return new ElementwiseCase(problem)
        .document(i -> element(problem.input()[i], problem.elements().targets()[i]));
  }

  private static ElementwiseCase.Element element(double p, double y) {
    double low = Math.max(Math.log(p), -100);
    double high = Math.max(Math.log1p(-p), -100);
    double loss = LabelledCase.times(y, -low) + LabelledCase.times(1 - y, -high);
    double first = p == 1 ? 0 : (1 - y) / (1 - p);
    double second = low == -100 ? 0 : y / p;
    boolean decided = p * (1 - p) < PYTORCH_LEAST;
    double size = Math.max(Math.max(first, second), 100);
    return new ElementwiseCase.Element(
        loss, loss, first - second, Math.max(first, second), size, decided);
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    ElementwiseCase elementwise = new ElementwiseCase(problem);
    return elementwise.compute(
        BinaryCrossEntropyOnProbabilities.builder()
            .execution(execution)
            .divisor(elementwise.divisorOption())
            .build());
  }
}
