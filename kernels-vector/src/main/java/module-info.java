/** The SIMD kernels of Surprisal; brings core and the scalar fallback with it. */
module io.surprisal.kernels.vector {
  requires transitive io.surprisal.core;
  requires jdk.incubator.vector;
  requires jdk.management;

  provides io.surprisal.spi.KernelProvider with
      io.surprisal.kernels.vector.VectorKernelProvider;
}
