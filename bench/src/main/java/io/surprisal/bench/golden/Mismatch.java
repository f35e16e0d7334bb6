package io.surprisal.bench.golden;

import io.surprisal.Matrix;
import io.surprisal.diagnosis.LogitScan;
import java.util.Locale;

/**
 * A result that is not what it should be.
 *
 * @param problem the case
 * @param source the kernel, or the file where it contradicts the documentation
 * @param element which number
 * @param finding what is wrong with it
 */
record Mismatch(GoldenCase problem, String source, String element, String finding) {
  static Mismatch of(
      GoldenCase problem,
      String source,
      String element,
      Expectation expected,
      int i,
      double actual) {
    return new Mismatch(
        problem,
        source,
        element,
        String.format(
            Locale.ROOT,
            "expected %s, actual %s (%.3g ulp)",
            expected.value(i),
            actual,
            expected.ulps(i, actual)));
  }

  @Override
  public String toString() {
    return "case "
        + problem.number()
        + " "
        + problem.op()
        + " ("
        + problem.kind()
        + "), "
        + source
        + ", "
        + element
        + ": "
        + finding
        + nonFinite();
  }

  /** Where the input is not finite, which most wrong results come from. */
  private String nonFinite() {
    Matrix input = Matrix.of(problem.input(), problem.rows(), problem.classes());
    return LogitScan.of(input).first().map(fault -> "; input: " + fault).orElse("");
  }
}
