package io.surprisal;

import java.lang.foreign.MemorySegment;

/** Whether a call may use the memory of its arguments: asked before anything is written. */
final class Access {
  private Access() {}

  /** Refuses a matrix that cannot be read. */
  static void toRead(String argument, Matrix matrix) {
    if (matrix.elementType() == ElementType.DOUBLE) {
      throw new IllegalArgumentException(
          argument + ": " + matrix + " cannot be taken here; FLOAT, BFLOAT16 and FLOAT16 can");
    }
    check(argument, matrix);
  }

  /** Refuses a matrix, whatever its numbers, whose memory this thread must not look at. */
  static void check(String argument, Matrix matrix) {
    if (matrix.storage().memory() != null) {
      check(argument, matrix.storage().memory().segment());
    }
  }

  /** Refuses a matrix that cannot be written. */
  static void toWrite(String argument, Matrix matrix) {
    toRead(argument, matrix);
    notReadOnly(argument, matrix);
  }

  static void notReadOnly(String argument, Matrix matrix) {
    if (matrix.storage().isReadOnly()) {
      throw new IllegalArgumentException(argument + ": " + matrix + " is read-only");
    }
  }

  /** Refuses memory that has been closed, or that this thread must not look at. */
  static void check(String argument, MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(argument + ": its memory segment has been closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException(
          argument
              + ": its memory segment is confined to another thread than "
              + Thread.currentThread());
    }
  }

  /** Refuses labels that cannot be read; null where there are none. */
  static void toRead(Labels labels) {
    if (labels != null && labels.memory() != null) {
      check("labels", labels.memory().segment());
    }
  }

  /** What a loss on labels reads and writes. */
  static void check(Batch batch, Outputs outputs) {
    toRead("logits", batch.logits());
    if (batch.targets() != null) {
      toRead("targets", batch.targets());
    }
    toRead(batch.labels());
    if (outputs.gradient() != null) {
      toWrite("gradient", outputs.gradient().matrix());
    }
  }

  /** What a loss of single elements reads and writes. */
  static void check(ElementBatch batch, ElementOutputs outputs) {
    toRead("inputs", batch.inputs());
    toRead("targets", batch.targets());
    if (batch.weights() != null) {
      toRead("weights", batch.weights());
    }
    if (outputs.losses() != null) {
      toWrite("losses", outputs.losses());
    }
    Gradient gradient = outputs.gradient();
    if (gradient != null) {
      toWrite("gradient", gradient.matrix());
      if (gradient.upstreamElements() != null) {
        toRead("upstream", gradient.upstreamElements());
      }
    }
  }
}
