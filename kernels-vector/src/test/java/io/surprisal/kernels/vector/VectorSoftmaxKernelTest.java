package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Kernel;
import io.surprisal.contract.SoftmaxKernelContract;

/** The whole contract, run by the SIMD kernel as users get it: by preference, not by name. */
class VectorSoftmaxKernelTest extends SoftmaxKernelContract {
  @Override
  protected Kernel kernel() {
    Kernel preferred = Kernel.preferred();
    assertEquals("vector", preferred.name(), "another kernel serves than the one under test");
    return preferred;
  }
}
