package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.spi.ElementTile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Softplus and sigmoid by themselves: their errors over the floats. */
class VectorLogisticTest {
  /** Nearer to 0 both are what they are at 0 to within their rounding. */
  private static final int FIRST_BITS = Float.floatToIntBits(0x1p-26f);

  private static LogisticErrors every(int stride) {
    LogisticErrors errors = new LogisticErrors();
    int step = stride * ElementTile.BLOCK;
    for (int bits = FIRST_BITS; bits < LogisticErrors.LAST_BITS; bits += step) {
      errors.run(bits, stride);
    }
    System.out.println("logistic: " + errors);
    return errors;
  }

  private static void assertBounds(LogisticErrors errors) {
    assertTrue(errors.softplusMaximum() < 2.26, errors.toString());
    assertTrue(errors.softplusMeanSquare() < 0.48, errors.toString());
    assertTrue(errors.sigmoidMaximum() < 2.41, errors.toString());
    assertTrue(errors.sigmoidMeanSquare() < 0.43, errors.toString());
  }

  @Test
  void errorsOfASampleAreWithinTheirBounds() {
    assertBounds(every(97));
  }

  @Test
  @Tag("exhaustive")
  void errorsOfEveryFloatAreWithinTheirBounds() {
    assertBounds(every(1));
  }
}
