package io.surprisal.kernels.vector.fallback;

import io.surprisal.CrossEntropy;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Totals;
import java.util.Arrays;

/** A small program of a user's: prints which kernel serves it, and what it computes. */
final class KernelProbe {
  private KernelProbe() {}

  /** The losses and the gradient of a small batch, by the preferred kernel, in bits. */
  static String results() {
    Matrix logits = Matrix.zeros(3, 500);
    for (int i = 0; i < logits.data().length; i++) {
      logits.data()[i] = i * 37 % 257 / 16f - 8;
    }
    Matrix gradient = Matrix.zeros(3, 500);
    Totals totals =
        CrossEntropy.standard().forwardAndGradient(logits, Labels.of(0, 250, 499), gradient);
    int bits = Arrays.hashCode(gradient.data());
    return "mean " + Double.toHexString(totals.mean()) + ", gradient " + Integer.toHexString(bits);
  }

  public static void main(String[] arguments) {
    try {
      System.out.println("preferred " + Kernel.preferred());
      System.out.println("names " + Kernel.names());
      System.out.println("results " + results());
    } catch (IllegalStateException e) {
      System.out.println("refused " + e.getMessage());
    }
  }
}
