package io.surprisal.diagnosis;

/** A sum that is as good for ten million terms as for ten: each rounding error is added apart. */
final class CompensatedSum {
  private double sum;
  private double errors;

  void add(double term) {
    // TwoSum (Knuth): sum + term = next + what is lost, exactly.
    double next = sum + term;
    double shadow = next - sum;
    errors += (sum - (next - shadow)) + (term - shadow);
    sum = next;
  }

  double value() {
    return Double.isFinite(sum) ? sum + errors : sum;
  }
}
