package io.surprisal;

/** The arguments of a labelled loss: checked before anything is written. */
final class LabelledArguments {
  private LabelledArguments() {}

  static void check(
      Batch batch, int classes, Outputs outputs, int ignoreIndex, float[] classWeights) {
    if (classWeights != null) {
      Checks.length("classWeights", classWeights.length, "classes", classes);
    }
    if (batch.sampleWeights() != null) {
      Checks.weights("sampleWeights", batch.sampleWeights());
    }
    if (batch.labels() != null) {
      checkLabels(batch, classes, ignoreIndex);
    }
    if (batch.sparseTargets() != null) {
      batch.sparseTargets().check(classes, batch.ignoredRows());
      checkSparse(batch.sparseTargets(), outputs);
    }
    if (outputs.losses() != null) {
      checkLosses(batch, outputs.losses().length, outputs.losses());
    }
    if (outputs.doubleLosses() != null) {
      checkLosses(batch, outputs.doubleLosses().length, outputs.doubleLosses());
    }
    if (outputs.rowOutputs() != null) {
      RowArguments.check(batch, outputs);
    }
    if (outputs.gradient() != null) {
      checkGradient(batch, outputs);
    }
  }

  /** Sparse targets are read as long as results are written. */
  private static void checkSparse(SparseTargets sparse, Outputs outputs) {
    RowArguments.refuseSame(
        "losses", outputs.losses(), "the values of the targets", sparse.targets());
    if (outputs.gradient() != null) {
      Object base = outputs.gradient().matrix().storage().base();
      RowArguments.refuseSame("gradient", base, "the values of the targets", sparse.targets());
      RowArguments.refuseSame("gradient", base, "the classes of the targets", sparse.classes());
    }
  }

  private static void checkLosses(Batch batch, int length, Object losses) {
    Matrix logits = batch.logits();
    Checks.capacity("losses", length, logits.rows());
    Checks.disjoint("losses", losses, logits.rows(), "logits", logits);
    if (batch.targets() != null) {
      Checks.disjoint("losses", losses, logits.rows(), "targets", batch.targets());
    }
  }

  private static void checkLabels(Batch batch, int classes, int ignoreIndex) {
    Labels labels = batch.labels();
    if (anyOutside(labels, classes, ignoreIndex)) {
      refuseFirstOutside(labels, classes, ignoreIndex, batch.ignoredRows());
    }
  }

  /** Whether a label is neither a class nor the ignore index: sign bits alone, to be vectorised. */
  private static boolean anyOutside(Labels labels, int classes, int ignoreIndex) {
    int[] data = labels.data();
    if (data == null) {
      // Not known before one has looked.
      return true;
    }
    int found = 0;
    for (int i = labels.offset(); i < labels.offset() + labels.rows(); i++) {
      int label = data[i];
      int outside = label | (classes - 1 - label);
      int other = (label ^ ignoreIndex) | -(label ^ ignoreIndex);
      found |= outside & other;
    }
    return found < 0;
  }

  private static void refuseFirstOutside(
      Labels labels, int classes, int ignoreIndex, boolean[] ignored) {
    for (int row = 0; row < labels.rows(); row++) {
      long label = labels.value(row);
      boolean outside = label < 0 || label >= classes;
      if (outside && label != ignoreIndex && (ignored == null || !ignored[row])) {
        throw new IndexOutOfBoundsException(
            "labels["
                + row
                + "] = "
                + label
                + " is outside [0, "
                + classes
                + ") and not the ignoreIndex "
                + ignoreIndex);
      }
    }
  }

  private static void checkGradient(Batch batch, Outputs outputs) {
    Matrix logits = batch.logits();
    Gradient gradient = outputs.gradient();
    Matrix matrix = gradient.matrix();
    Checks.shape("gradient", matrix, logits);
    if (gradient.added()) {
      // The logits themselves are not allowed either: adding would have to keep both.
      Checks.disjoint("gradient", matrix, "logits", logits);
    } else {
      Checks.overlap("gradient", matrix, "logits", logits);
    }
    if (batch.labels() != null && batch.labels().meet(matrix)) {
      throw new IllegalArgumentException(
          Overlap.range("gradient", matrix) + " overlaps labels of the same memory");
    }
    if (batch.targets() != null) {
      Checks.disjoint("gradient", matrix, "targets", batch.targets());
    }
    if (gradient.upstreamRows() != null) {
      Checks.length("upstream", gradient.upstreamRows().length, "rows", logits.rows());
      Checks.disjoint("upstream", gradient.upstreamRows(), logits.rows(), "gradient", matrix);
    }
    if (batch.sampleWeights() != null) {
      Checks.disjoint("sampleWeights", batch.sampleWeights(), logits.rows(), "gradient", matrix);
    }
    if (outputs.losses() != null) {
      Checks.disjoint("losses", outputs.losses(), logits.rows(), "gradient", matrix);
    }
    if (outputs.doubleLosses() != null) {
      Checks.disjoint("losses", outputs.doubleLosses(), logits.rows(), "gradient", matrix);
    }
  }
}
