/**
 * The losses of Surprisal, their options, and the contract of the kernels that compute them.
 *
 * <p>Depends on the JDK alone. Kernels are found through {@link java.util.ServiceLoader}.
 */
module io.surprisal.core {
  exports io.surprisal;
  exports io.surprisal.diagnosis;
  exports io.surprisal.spi;

  uses io.surprisal.spi.KernelProvider;
}
