package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.console.InputException;
import io.surprisal.diagnosis.BitDigest;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * The bits of a kernel on this machine beside those that it promises.
 *
 * @param kernel the kernel
 * @param actual the digest of its results here
 * @param promised the digest that it pins, if it promises its bits
 */
record BitCheck(Kernel kernel, String actual, Optional<String> promised) {
  /** Computes the digest of a kernel. */
  static BitCheck of(String kernelName) throws InputException {
    try {
      Kernel kernel = Kernel.named(kernelName);
      String actual = BitDigest.WHOLE.of(Execution.sequential().with(kernel));
      return new BitCheck(kernel, actual, BitDigest.WHOLE.pinned(kernel));
    } catch (IllegalArgumentException e) {
      throw new InputException("--kernel: " + e.getMessage(), e);
    }
  }

  /** Whether the bits are the promised ones, where any are. */
  boolean passed() {
    return promised.isEmpty() || promised.get().equals(actual);
  }

  /** Prints what was compared, and the digest alone on the last line. */
  void print(PrintWriter out) {
    out.println("kernel " + kernel.name() + ": " + kernel.description());
    out.println(
        String.join(
            ", ",
            "JVM: " + System.getProperty("java.vm.name") + " " + Runtime.version(),
            System.getProperty("java.vm.info"),
            System.getProperty("os.name") + " " + System.getProperty("os.arch")));
    out.println(verdict());
    out.println(actual);
  }

  private String verdict() {
    if (promised.isEmpty()) {
      return "the kernel promises no bits: its digest may differ between machines";
    }
    return passed()
        ? "the bits are those that the kernel promises on every machine"
        : "THE BITS DIFFER from the promised ones, whose digest is " + promised.get();
  }
}
