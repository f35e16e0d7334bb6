package io.surprisal.contract;

import io.surprisal.ElementBatch;
import io.surprisal.Matrix;
import java.util.SplittableRandom;

/**
 * A batch for losses of elements.
 *
 * @param inputs dense; not to be changed
 * @param targets dense; not to be changed
 */
public record ElementProblem(Matrix inputs, Matrix targets) {
  /**
   * What a batch is like.
   *
   * @param kind of the logits that inputs are made of
   * @param rows number of rows
   * @param classes number of classes
   */
  record Size(LogitKind kind, int rows, int classes) {}

  static ElementProblem of(ElementDomain domain, Size size, SplittableRandom random) {
    Matrix inputs = Matrix.zeros(size.rows, size.classes);
    Matrix targets = Matrix.zeros(size.rows, size.classes);
    float[] logits = new float[size.classes];
    for (int i = 0; i < inputs.data().length; i++) {
      if (i % size.classes == 0) {
        size.kind.fill(random, logits);
      }
      inputs.data()[i] = domain.input(logits[i % size.classes]);
      targets.data()[i] = domain.target(random);
    }
    return new ElementProblem(inputs, targets);
  }

  ElementBatch batch() {
    return ElementBatch.of(inputs, targets);
  }

  /** Some of the rows. */
  ElementProblem slice(int first, int last) {
    return new ElementProblem(inputs.slice(first, last), targets.slice(first, last));
  }
}
