package io.surprisal;

import io.surprisal.internal.Strided;

/** What logits in double ask of the other arguments, and what they do not go with yet. */
final class DoubleArguments {
  private DoubleArguments() {}

  static boolean isDouble(Matrix matrix) {
    return matrix.doubles() != null;
  }

  /** Points a part of a pass at a matrix of either type. */
  static void set(Strided place, Matrix matrix) {
    if (isDouble(matrix)) {
      place.set(matrix.doubles(), matrix.offset(), matrix.rowStride());
    } else {
      place.set(matrix.data(), matrix.offset(), matrix.rowStride());
    }
  }

  /** Refuses a batch of logits in double with what only logits in float go with. */
  static void check(Batch batch, Outputs outputs) {
    Matrix logits = batch.logits();
    if (batch.targets() != null) {
      refuse("dense targets", logits, batch.targets());
    }
    if (outputs.gradient() != null) {
      checkSame("gradient", outputs.gradient().matrix(), logits);
    }
    if (isDouble(logits) && batch.sparseTargets() != null) {
      refuse("sparse targets", logits);
    }
    if (isDouble(logits) && outputs.rowOutputs() != null) {
      refuse(outputs.toString(), logits);
    }
  }

  /** What is written has the type of the logits. */
  static void checkSame(String argument, Matrix matrix, Matrix logits) {
    if (isDouble(matrix) != isDouble(logits)) {
      throw new IllegalArgumentException(
          argument + " is of " + type(matrix) + " but the logits are of " + type(logits));
    }
  }

  /** Refuses doubles where an option or an operation takes floats alone. */
  static void refuse(String option, Matrix... matrices) {
    for (Matrix matrix : matrices) {
      if (isDouble(matrix)) {
        throw new IllegalArgumentException(option + " take float, not " + type(matrix));
      }
    }
  }

  private static String type(Matrix matrix) {
    return isDouble(matrix) ? "double" : "float";
  }
}
