package io.surprisal.kernels.vector.fallback;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.diagnosis.BitDigest;

/** Prints the preferred kernel and the digest of its bits. */
final class DigestProbe {
  private DigestProbe() {}

  public static void main(String[] arguments) {
    System.out.println("kernel " + Kernel.preferred());
    BitDigest digest = BitDigest.valueOf(arguments[0]);
    System.out.println("digest " + digest.of(Execution.sequential()));
  }
}
