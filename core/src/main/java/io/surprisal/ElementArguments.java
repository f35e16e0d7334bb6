package io.surprisal;

/** The arguments of a loss of single elements: checked before anything is written. */
final class ElementArguments {
  private static final String INPUTS = "inputs";

  private ElementArguments() {}

  /** Shapes and overlap. */
  static void check(ElementBatch batch, ElementOutputs outputs) {
    if (outputs.losses() != null) {
      checkWritten("losses", outputs.losses(), batch);
      Checks.disjoint("losses", outputs.losses(), INPUTS, batch.inputs());
    }
    if (outputs.gradient() != null) {
      checkGradient(batch, outputs);
    }
  }

  private static void checkWritten(String name, Matrix written, ElementBatch batch) {
    Checks.shape(name, written, INPUTS, batch.inputs());
    Layout.requireClassesLast(name, written);
    Checks.disjoint(name, written, "targets", batch.targets());
    if (batch.weights() != null) {
      Checks.disjoint(name, written, "weights", batch.weights());
    }
  }

  private static void checkGradient(ElementBatch batch, ElementOutputs outputs) {
    Gradient gradient = outputs.gradient();
    Matrix matrix = gradient.matrix();
    checkWritten("gradient", matrix, batch);
    if (gradient.added()) {
      Checks.disjoint("gradient", matrix, INPUTS, batch.inputs());
    } else {
      Checks.overlap("gradient", matrix, INPUTS, batch.inputs());
    }
    if (outputs.losses() != null) {
      Checks.disjoint("losses", outputs.losses(), "gradient", matrix);
    }
    if (gradient.upstreamOfRows() != null) {
      Checks.length("upstream", gradient.upstreamOfRows().length, "rows", matrix.rows());
      Checks.disjoint("upstream", gradient.upstreamOfRows(), matrix.rows(), "gradient", matrix);
    }
    Matrix factors = gradient.upstreamElements();
    if (factors != null) {
      Checks.shape("upstream", factors, INPUTS, batch.inputs());
      Layout.requireClassesLast("upstream", factors);
      Checks.disjoint("gradient", matrix, "upstream", factors);
      if (outputs.losses() != null) {
        Checks.disjoint("losses", outputs.losses(), "upstream", factors);
      }
    }
  }
}
