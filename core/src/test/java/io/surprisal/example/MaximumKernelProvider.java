package io.surprisal.example;

import io.surprisal.spi.Availability;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.SoftmaxKernel;

/** How the library finds the kernel: {@code META-INF/services} or a module names this class. */
public final class MaximumKernelProvider implements KernelProvider {
  @Override
  public String name() {
    return "maximum";
  }

  @Override
  public int rank() {
    return -1;
  }

  @Override
  public Availability availability() {
    return Availability.usable("an example");
  }

  @Override
  public SoftmaxKernel kernel() {
    return new MaximumKernel();
  }
}
