package io.surprisal.contract;

import io.surprisal.Kernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The documented error bounds on every kind of logits at the sizes of vocabularies, up to 131,072
 * classes: a minute, so run by {@code mvn -Pexhaustive}; the build has some kinds at each size.
 */
@Tag("exhaustive")
public abstract class WideAccuracyContract extends KernelContract {
  private static final int[] SIZES = {16_385, 50_257, 131_072};

  @Test
  void everyBoundHoldsForEveryKindOfLogitsAtEverySize() {
    Kernel kernel = kernel();
    ErrorTable table = AccuracyMeasurement.of(kernel, Problem.ofEveryKind(SIZES));
    System.out.println("Kernel " + kernel.name() + ", " + kernel.description() + ", wide rows");
    System.out.println(table);
    AccuracyContract.assertBounds(table);
  }
}
