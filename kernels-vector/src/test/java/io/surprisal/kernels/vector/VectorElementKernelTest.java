package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Kernel;
import io.surprisal.contract.ElementKernelContract;

/** The whole contract of losses of elements, run by the SIMD kernel as users get it. */
class VectorElementKernelTest extends ElementKernelContract {
  @Override
  protected Kernel kernel() {
    Kernel preferred = Kernel.preferred();
    assertEquals("vector", preferred.name(), "another kernel serves than the one under test");
    return preferred;
  }
}
