package io.surprisal.kernels.scalar;

import io.surprisal.Kernel;
import io.surprisal.contract.SoftmaxKernelContract;

/** The whole contract, run by the reference. */
class ScalarSoftmaxKernelTest extends SoftmaxKernelContract {
  @Override
  protected Kernel kernel() {
    return Kernel.named("scalar");
  }
}
