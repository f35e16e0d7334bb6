package io.surprisal.kernels.vector;

import io.surprisal.Kernel;
import io.surprisal.contract.AllocationContract;

class AllocationTest extends AllocationContract {
  @Override
  protected Kernel kernel() {
    return Kernel.named("vector");
  }
}
