package io.surprisal;

/** Where a gradient with respect to the targets goes: checked before anything is written. */
final class TargetGradientArguments {
  private static final String NAME = "targetGradient";

  private TargetGradientArguments() {}

  static void check(Batch batch, Outputs outputs) {
    Gradient gradient = outputs.targetGradient();
    Matrix matrix = gradient.matrix();
    Matrix logits = batch.logits();
    Checks.shape(NAME, matrix, logits);
    Access.toRead("logits", logits);
    Access.toWrite(NAME, matrix);
    // It is written first: the pass over the logits reads all of these after it.
    Checks.disjoint(NAME, matrix, "logits", logits);
    Checks.disjoint(NAME, matrix, "targets", batch.targets());
    if (batch.sampleWeights() != null) {
      disjoint("sampleWeights", batch.sampleWeights(), matrix);
    }
    if (gradient.upstreamRows() != null) {
      checkUpstream(gradient.upstreamRows(), logits, matrix);
    }
    if (outputs.losses() != null) {
      disjoint("losses", outputs.losses(), matrix);
    }
    if (outputs.doubleLosses() != null) {
      disjoint("losses", outputs.doubleLosses(), matrix);
    }
    Gradient other = outputs.gradient();
    if (other != null) {
      Checks.disjoint(NAME, matrix, "gradient", other.matrix());
      if (other.upstreamRows() != null) {
        disjoint("upstream", other.upstreamRows(), matrix);
      }
    }
  }

  private static void checkUpstream(float[] upstream, Matrix logits, Matrix matrix) {
    Checks.length("upstream", upstream.length, "rows", logits.rows());
    disjoint("upstream", upstream, matrix);
  }

  private static void disjoint(String name, Object array, Matrix matrix) {
    Checks.disjoint(name, array, matrix.rows(), NAME, matrix);
  }
}
