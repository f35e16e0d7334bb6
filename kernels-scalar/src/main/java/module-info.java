/** The scalar reference kernel of Surprisal. */
module io.surprisal.kernels.scalar {
  requires transitive io.surprisal.core;

  provides io.surprisal.spi.KernelProvider with
      io.surprisal.kernels.scalar.ScalarKernelProvider;
}
