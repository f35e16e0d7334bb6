package io.surprisal.internal;

/** What a kernel's results must be before it serves. */
final class Requirement {
  private Requirement() {}

  /**
   * Refuses a result further away than allowed; one that is not finite must be just as expected.
   */
  static void check(String kernel, String what, double actual, double expected, double allowed) {
    boolean right =
        Double.isFinite(expected)
            ? Math.abs(actual - expected) <= allowed
            : Double.compare(actual, expected) == 0;
    if (!right) {
      throw new IllegalStateException(
          "kernel '"
              + kernel
              + "' fails its self-test and will not serve: "
              + what
              + " is "
              + actual
              + ", expected "
              + expected);
    }
  }
}
