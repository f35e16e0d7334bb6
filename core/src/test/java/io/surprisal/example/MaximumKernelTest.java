package io.surprisal.example;

import io.surprisal.Kernel;
import io.surprisal.contract.SoftmaxKernelContract;

/** The whole suite on the example kernel. */
class MaximumKernelTest extends SoftmaxKernelContract {
  @Override
  protected Kernel kernel() {
    return Kernel.named("maximum");
  }
}
