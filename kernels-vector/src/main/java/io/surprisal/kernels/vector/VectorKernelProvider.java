package io.surprisal.kernels.vector;

import io.surprisal.spi.Availability;
import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.SoftmaxKernel;

/**
 * Provides the SIMD kernel where the JVM can run it.
 *
 * <p>This class must load where {@code jdk.incubator.vector} is absent, so it names nothing of it;
 * {@link VectorMachine} does, and is touched only after the module was seen.
 */
public final class VectorKernelProvider implements KernelProvider {
  /** Kill switch: {@code -Dsurprisal.vector.enabled=false}. */
  private static final String ENABLED = "surprisal.vector.enabled";

  private static final String MODULE = "jdk.incubator.vector";

  /** Called by the service loader. */
  public VectorKernelProvider() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int rank() {
    return 100;
  }

  @Override
  public Availability availability() {
    if ("false".equalsIgnoreCase(System.getProperty(ENABLED))) {
      return Availability.impossible("switched off by -D" + ENABLED + "=false");
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Availability.impossible(
          "the module "
              + MODULE
              + " is not there; start java with --add-modules "
              + MODULE
              + " for full speed");
    }
    return VectorMachine.availability();
  }

  @Override
  public SoftmaxKernel kernel() {
    return new VectorSoftmaxKernel();
  }

  @Override
  public DoubleKernel doubleKernel() {
    return new VectorDoubleKernel();
  }

  @Override
  public ElementKernel elementKernel() {
    return new VectorElementKernel();
  }
}
