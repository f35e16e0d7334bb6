package io.surprisal;

/**
 * Logits in double, which are computed in double: what they ask of the other arguments, and what
 * they do not go with.
 */
final class DoubleArguments {
  private DoubleArguments() {}

  static boolean isDouble(Matrix matrix) {
    return matrix.elementType() == ElementType.DOUBLE;
  }

  /** Refuses a batch of logits in double with what only logits in float go with. */
  static void check(Batch batch, Outputs outputs, boolean mapsLogits) {
    Matrix logits = batch.logits();
    refuse(mapsLogits, "logitScale and softCap take", logits);
    refuse(batch.targets() != null, "dense targets take", logits);
    refuse(batch.sparseTargets() != null, "sparse targets take", logits);
    if (outputs.rowOutputs() != null) {
      // The text is made only where it is needed: a call allocates nothing.
      refuse(true, outputs + " takes", logits);
    }
    Access.check("logits", logits);
    Access.toRead(batch.labels());
    if (outputs.gradient() != null) {
      toWrite("gradient", outputs.gradient().matrix(), logits);
    }
  }

  /** Refuses what only logits in float go with, if it is there. */
  static void refuse(boolean present, String what, Matrix logits) {
    if (present) {
      throw new IllegalArgumentException(what + " logits in float, not " + logits);
    }
  }

  /** Refuses a matrix of anything else than doubles beside logits in double. */
  static void sameType(String argument, Matrix matrix, Matrix logits) {
    if (!isDouble(matrix)) {
      throw new IllegalArgumentException(
          argument + ": " + matrix + " is no matrix of doubles, but the logits are: " + logits);
    }
  }

  /** Refuses a matrix that cannot be written from such logits. */
  static void toWrite(String argument, Matrix written, Matrix logits) {
    if (!isDouble(logits)) {
      Access.toRead("logits", logits);
      Access.toWrite(argument, written);
      return;
    }
    sameType(argument, written, logits);
    Access.check("logits", logits);
    Access.check(argument, written);
    Access.notReadOnly(argument, written);
  }
}
