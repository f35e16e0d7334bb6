package io.surprisal.bench.golden;

import io.surprisal.Execution;
import java.util.Map;

/** An operation of the golden files that the library has. */
interface GoldenOperation {
  /**
   * What the documentation says of a case.
   *
   * @param out of the output
   * @param grad of the gradient with respect to the input
   */
  record Documented(Expectation out, Expectation grad) {}

  /**
   * What the library computes.
   *
   * @param out the output
   * @param grad the gradient with respect to the input
   */
  record Computed(double[] out, double[] grad) {
    static double[] widened(float[] values) {
      double[] wide = new double[values.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = values[i];
      }
      return wide;
    }
  }

  /** The rule, in double arithmetic. */
  Documented document(GoldenCase problem);

  /** The library's results, by one kernel. */
  Computed compute(GoldenCase problem, Execution execution);

  /** The operations by PyTorch's names. */
  static Map<String, GoldenOperation> all() {
    return Map.of(
        "binary_cross_entropy_with_logits", new GoldenBinary(),
        "binary_cross_entropy", new GoldenProbabilities(),
        "kl_div", new GoldenDivergence(),
        "cross_entropy", new GoldenCrossEntropy(),
        "nll_loss", new GoldenLikelihood(),
        "log_softmax", new GoldenLogSoftmax(),
        "softmax", new GoldenSoftmax(),
        "logsumexp", new GoldenLogSumExp());
  }
}
