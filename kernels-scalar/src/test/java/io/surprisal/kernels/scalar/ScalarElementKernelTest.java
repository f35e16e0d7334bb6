package io.surprisal.kernels.scalar;

import io.surprisal.Kernel;
import io.surprisal.contract.ElementKernelContract;

/** The whole contract of losses of elements, run by the reference. */
class ScalarElementKernelTest extends ElementKernelContract {
  @Override
  protected Kernel kernel() {
    return Kernel.named("scalar");
  }
}
