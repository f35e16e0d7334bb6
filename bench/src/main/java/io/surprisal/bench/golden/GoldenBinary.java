package io.surprisal.bench.golden;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.Execution;

/**
 * Binary cross-entropy of logits with element weights and weights of the positive class, and its
 * gradient.
 *
 * <p>Decided otherwise than PyTorch: at ±∞ the limit.
 */
final class GoldenBinary implements GoldenOperation {
  @Override
  public Documented document(GoldenCase problem) {
    return new ElementwiseCase(problem).document(i -> element(problem, i));
  }

  private static ElementwiseCase.Element element(GoldenCase problem, int i) {
    double x = problem.input()[i];
    double target = problem.elements().targets()[i];
    float[] weights = problem.elements().positiveWeights();
    double positive = weights == null ? 1 : weights[i % problem.classes()];
    double a = 1 - target;
    double b = positive * target;
    if (Double.isNaN(x)) {
      return new ElementwiseCase.Element(x, x, x, x, x, false);
    }
    double e = Math.exp(-Math.abs(x));
    double tail = e / (1 + e);
    double share = x > 0 ? a : b;
    double loss = LabelledCase.times(share, Math.abs(x)) + (a + b) * Math.log1p(e);
    double slope = x > 0 ? a - (a + b) * tail : (a + b) * tail - b;
    double scale = Math.max(share, (a + b) * tail);
    double size = (Math.abs(x) + 1) * Math.max(1, positive);
    return new ElementwiseCase.Element(loss, loss, slope, scale, size, Double.isInfinite(x));
  }

  @Override
  public Computed compute(GoldenCase problem, Execution execution) {
    ElementwiseCase elementwise = new ElementwiseCase(problem);
    BinaryCrossEntropy.Builder builder =
        BinaryCrossEntropy.builder().execution(execution).divisor(elementwise.divisorOption());
    if (problem.elements().positiveWeights() != null) {
      builder.positiveWeights(problem.elements().positiveWeights());
    }
    return elementwise.compute(builder.build());
  }
}
