package io.surprisal.kernels.scalar;

import io.surprisal.spi.Availability;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.SoftmaxKernel;

/** Provides the scalar reference, which runs everywhere. */
public final class ScalarKernelProvider implements KernelProvider {
  /** Called by the service loader. */
  public ScalarKernelProvider() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Availability availability() {
    return Availability.usable("plain Java, double arithmetic");
  }

  @Override
  public SoftmaxKernel kernel() {
    return new ScalarSoftmaxKernel();
  }
}
