package io.surprisal;

import io.surprisal.contract.SoftmaxKernelContract;

/** The contract, run by plain loops: what of it breaks here is core's own fault. */
class PlainKernelTest extends SoftmaxKernelContract {
  @Override
  protected Kernel kernel() {
    return Kernel.named("plain");
  }
}
